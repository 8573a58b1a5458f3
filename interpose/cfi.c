#include "cfi.h"

#include <dlfcn.h>

enum {
	CACHE_ENTRIES = 1 << 14,
	REMEMBER_DEPTH = 8,
	REG_BP = 6,
	REG_SP = 7,
	FIELD_BITS = 28,
	ENCODING_TABLE = 0x3b, /* relative to the header, signed, 4 bytes: what every linker writes */
	ENCODING_OMIT = 0xff,
};

/* ---- the cache ---- */

/* Two words that vouch for each other: a torn read gives a pc that is not the one asked for. */
static struct {
	uint64_t key; /* pc ^ rule */
	uint64_t rule;
} cache[CACHE_ENTRIES];

static uint64_t pack(struct rt_frame_rule rule)
{
	uint64_t field = (1u << FIELD_BITS) - 1;
	return (uint64_t)rule.kind << 60 | ((uint64_t)rule.cfa_offset & field) << FIELD_BITS |
	       ((uint64_t)rule.bp_offset & field);
}

static int32_t field_of(uint64_t packed, unsigned shift)
{
	return (int32_t)((uint32_t)(packed >> shift) << (32 - FIELD_BITS)) >> (32 - FIELD_BITS);
}

static struct rt_frame_rule unpack(uint64_t packed)
{
	return (struct rt_frame_rule){
		(enum rt_frame_kind)(packed >> 60), field_of(packed, FIELD_BITS), field_of(packed, 0)};
}

void rt_cfi_forget(void)
{
	for (unsigned i = 0; i < CACHE_ENTRIES; i++)
		__atomic_store_n(&cache[i].key, 0, __ATOMIC_RELAXED);
}

/* ---- reading .eh_frame ---- */

struct reader {
	const uint8_t *at, *end;
};

static uint64_t read_fixed(struct reader *reader, unsigned bytes)
{
	uint64_t value = 0;
	if ((size_t)(reader->end - reader->at) < bytes) {
		reader->at = reader->end;
		return 0;
	}
	rt_bytes_copy(&value, reader->at, bytes);
	reader->at += bytes;
	return value;
}

static uint64_t read_uleb(struct reader *reader)
{
	uint64_t value = 0;
	for (unsigned shift = 0; reader->at < reader->end; shift += 7) {
		uint8_t byte = *reader->at++;
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

static int64_t read_sleb(struct reader *reader)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte = 0;
	while (reader->at < reader->end) {
		byte = *reader->at++;
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
		if (!(byte & 0x80))
			break;
	}
	if (shift < 64 && (byte & 0x40))
		value |= ~0ull << shift;
	return (int64_t)value;
}

/* A pointer of an FDE; the encodings that occur: absolute or pc-relative, 4 or 8 bytes. */
static uint64_t read_encoded(struct reader *reader, uint8_t encoding)
{
	const uint8_t *base = reader->at;
	uint64_t value;
	switch (encoding & 0x0f) {
	case 0x03:
		value = read_fixed(reader, 4);
		break;
	case 0x0b:
		value = (uint64_t)(int64_t)(int32_t)read_fixed(reader, 4);
		break;
	default:
		value = read_fixed(reader, 8);
	}
	if ((encoding & 0x70) == 0x10)
		value += (uintptr_t)base;
	return value;
}

struct cie {
	uint64_t code_align;
	int64_t data_align;
	uint64_t return_register;
	uint8_t encoding; /* of the FDE's addresses */
	bool augmented, signal_frame;
	struct reader program;
};

static bool read_cie(const uint8_t *at, struct cie *cie)
{
	uint32_t bytes;
	rt_bytes_copy(&bytes, at, sizeof(bytes));
	if (!bytes || bytes == UINT32_MAX)
		return false;
	struct reader reader = {at + 4, at + 4 + bytes};
	rt_bytes_zero(cie, sizeof(*cie));
	read_fixed(&reader, 4);
	uint8_t version = (uint8_t)read_fixed(&reader, 1);
	const char *augmentation = (const char *)reader.at;
	while (read_fixed(&reader, 1))
		;
	cie->code_align = read_uleb(&reader);
	cie->data_align = read_sleb(&reader);
	cie->return_register = version == 1 ? read_fixed(&reader, 1) : read_uleb(&reader);
	cie->augmented = *augmentation == 'z';
	if (*augmentation && !cie->augmented)
		return false;
	if (cie->augmented) {
		uint64_t skip = read_uleb(&reader);
		struct reader data = reader;
		if (skip > (uint64_t)(reader.end - reader.at))
			return false;
		reader.at += skip;
		for (augmentation++; *augmentation; augmentation++) {
			if (*augmentation == 'R')
				cie->encoding = (uint8_t)read_fixed(&data, 1);
			else if (*augmentation == 'P')
				read_encoded(&data, (uint8_t)read_fixed(&data, 1) & 0x0f);
			else if (*augmentation == 'L')
				read_fixed(&data, 1);
			else if (*augmentation == 'S')
				cie->signal_frame = true;
		}
	}
	cie->program = reader;
	return true;
}

/* ---- executing a frame program ---- */

struct row {
	uint64_t cfa_register;
	int64_t cfa_offset;
	int64_t bp_offset;
	bool cfa_memory;  /* CFA = *(register + offset) */
	bool cfa_unknown; /* an expression of another kind */
	bool bp_unknown;
	bool return_undefined;
};

struct machine {
	const struct cie *cie;
	struct row row, initial, remembered[REMEMBER_DEPTH];
	unsigned depth;
	uint64_t location, target;
};

static void set_register(struct machine *machine, uint64_t number, int64_t offset)
{
	if (number == REG_BP) {
		machine->row.bp_offset = offset;
		machine->row.bp_unknown = false;
	}
}

static void forget_register(struct machine *machine, uint64_t number)
{
	if (number == REG_BP)
		machine->row.bp_unknown = true;
}

/* The one expression compilers write for a CFA around calls: *(rbp + n), when a function realigns its stack. */
static void set_cfa_expression(struct machine *machine, struct reader expression)
{
	enum { OP_BREG0 = 0x70, OP_DEREF = 0x06 };
	uint64_t op = read_fixed(&expression, 1);
	int64_t offset = read_sleb(&expression);
	bool known = op == OP_BREG0 + REG_BP && read_fixed(&expression, 1) == OP_DEREF &&
		     expression.at == expression.end;
	machine->row.cfa_unknown = !known;
	machine->row.cfa_memory = known;
	machine->row.cfa_register = REG_BP;
	machine->row.cfa_offset = offset;
}

static struct reader read_block(struct reader *reader)
{
	uint64_t bytes = read_uleb(reader);
	if (bytes > (uint64_t)(reader->end - reader->at))
		bytes = (uint64_t)(reader->end - reader->at);
	struct reader block = {reader->at, reader->at + bytes};
	reader->at += bytes;
	return block;
}

static void set_cfa(struct machine *machine, uint64_t number, int64_t offset)
{
	machine->row.cfa_register = number;
	machine->row.cfa_offset = offset;
	machine->row.cfa_memory = machine->row.cfa_unknown = false;
}

/* One instruction whose operands are not in its first byte. */
static void step_extended(struct machine *machine, struct reader *reader, uint8_t op)
{
	const struct cie *cie = machine->cie;
	uint64_t number;
	switch (op) {
	case 0x01: /* set_loc */
		machine->location = read_encoded(reader, cie->encoding);
		break;
	case 0x02: /* advance_loc1, 2, 4 */
	case 0x03:
	case 0x04:
		machine->location += read_fixed(reader, 1u << (op - 2)) * cie->code_align;
		break;
	case 0x05: /* offset_extended */
		number = read_uleb(reader);
		set_register(machine, number, (int64_t)read_uleb(reader) * cie->data_align);
		break;
	case 0x11: /* offset_extended_sf */
		number = read_uleb(reader);
		set_register(machine, number, read_sleb(reader) * cie->data_align);
		break;
	case 0x06: /* restore_extended */
	case 0x08: /* same_value */
		number = read_uleb(reader);
		if (number == REG_BP) {
			machine->row.bp_offset = op == 0x06 ? machine->initial.bp_offset : 0;
			machine->row.bp_unknown = false;
		}
		break;
	case 0x07: /* undefined */
		number = read_uleb(reader);
		if (number == cie->return_register)
			machine->row.return_undefined = true;
		forget_register(machine, number);
		break;
	case 0x09: /* register */
	case 0x14: /* val_offset */
		number = read_uleb(reader);
		read_uleb(reader);
		forget_register(machine, number);
		break;
	case 0x15: /* val_offset_sf */
		number = read_uleb(reader);
		read_sleb(reader);
		forget_register(machine, number);
		break;
	case 0x0a: /* remember_state */
		if (machine->depth < REMEMBER_DEPTH)
			machine->remembered[machine->depth] = machine->row;
		machine->depth++;
		break;
	case 0x0b: /* restore_state */
		if (machine->depth && --machine->depth < REMEMBER_DEPTH)
			machine->row = machine->remembered[machine->depth];
		break;
	case 0x0c: /* def_cfa */
		number = read_uleb(reader);
		set_cfa(machine, number, (int64_t)read_uleb(reader));
		break;
	case 0x12: /* def_cfa_sf */
		number = read_uleb(reader);
		set_cfa(machine, number, read_sleb(reader) * cie->data_align);
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(machine, read_uleb(reader), machine->row.cfa_offset);
		break;
	case 0x0e: /* def_cfa_offset */
		machine->row.cfa_offset = (int64_t)read_uleb(reader);
		break;
	case 0x13: /* def_cfa_offset_sf */
		machine->row.cfa_offset = read_sleb(reader) * cie->data_align;
		break;
	case 0x0f: /* def_cfa_expression */
		set_cfa_expression(machine, read_block(reader));
		break;
	case 0x10: /* expression */
	case 0x16: /* val_expression */
		number = read_uleb(reader);
		read_block(reader);
		forget_register(machine, number);
		break;
	case 0x2e: /* GNU_args_size */
		read_uleb(reader);
		break;
	default: /* nop, and what takes no operands */
		break;
	}
}

static void run(struct machine *machine, struct reader program)
{
	while (program.at < program.end && machine->location <= machine->target) {
		struct row before = machine->row;
		uint8_t op = *program.at++;
		uint8_t low = op & 0x3f;
		if (op >> 6 == 1) /* advance_loc */
			machine->location += low * machine->cie->code_align;
		else if (op >> 6 == 2) /* offset */
			set_register(machine, low, (int64_t)read_uleb(&program) * machine->cie->data_align);
		else if (op >> 6 == 3) /* restore */
			set_register(machine, low, machine->initial.bp_offset);
		else
			step_extended(machine, &program, op);
		if (machine->location > machine->target)
			machine->row = before;
	}
}

static struct rt_frame_rule rule_of(const struct machine *machine)
{
	const struct row *row = &machine->row;
	const int64_t limit = 1 << (FIELD_BITS - 1);
	struct rt_frame_rule unknown = {RT_FRAME_UNKNOWN, 0, 0};
	if (machine->cie->signal_frame)
		return (struct rt_frame_rule){RT_FRAME_SIGNAL, 0, 0};
	if (row->return_undefined)
		return (struct rt_frame_rule){RT_FRAME_END, 0, 0};
	if (row->cfa_unknown || row->bp_unknown || row->cfa_offset >= limit || row->cfa_offset < -limit ||
		row->bp_offset >= limit || row->bp_offset < -limit)
		return unknown;
	enum rt_frame_kind kind = row->cfa_register == REG_SP   ? RT_FRAME_SP
				  : row->cfa_register != REG_BP ? RT_FRAME_UNKNOWN
				  : row->cfa_memory             ? RT_FRAME_BP_MEMORY
								: RT_FRAME_BP;
	return (struct rt_frame_rule){kind, (int32_t)row->cfa_offset, (int32_t)row->bp_offset};
}

/* The FDE for a pc, by binary search in .eh_frame_hdr. NULL: none. */
static const uint8_t *find_fde(const uint8_t *header, uintptr_t pc)
{
	if (header[0] != 1 || header[3] != ENCODING_TABLE || header[2] == ENCODING_OMIT)
		return NULL;
	struct reader reader = {header + 4, header + 32};
	read_encoded(&reader, header[1]);
	uint64_t count = read_encoded(&reader, header[2]);
	const int32_t *table = (const int32_t *)reader.at; /* pairs: code, FDE; relative to the header */
	int64_t wanted = (int64_t)(pc - (uintptr_t)header);
	uint64_t low = 0, high = count;
	while (low < high) {
		uint64_t middle = (low + high) / 2;
		if (table[2 * middle] <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? header + table[2 * (low - 1) + 1] : NULL;
}

/* The frame description of a pc. */
struct description {
	struct cie cie;
	uint64_t start;
	struct reader program;
};

static bool describe(uintptr_t pc, struct description *description)
{
	struct dl_find_object object;
	if (_dl_find_object((void *)pc, &object) || !object.dlfo_eh_frame)
		return false;
	const uint8_t *fde = find_fde(object.dlfo_eh_frame, pc);
	if (!fde)
		return false;
	uint32_t bytes, cie_distance;
	rt_bytes_copy(&bytes, fde, sizeof(bytes));
	rt_bytes_copy(&cie_distance, fde + 4, sizeof(cie_distance));
	if (!bytes || bytes == UINT32_MAX || !cie_distance ||
		!read_cie(fde + 4 - cie_distance, &description->cie))
		return false;
	struct reader reader = {fde + 8, fde + 4 + bytes};
	description->start = read_encoded(&reader, description->cie.encoding);
	uint64_t size = read_encoded(&reader, description->cie.encoding & 0x0f);
	if (pc < description->start || pc >= description->start + size)
		return false;
	if (description->cie.augmented)
		read_block(&reader);
	description->program = reader;
	return true;
}

static RT_COLD struct rt_frame_rule compute(uintptr_t pc)
{
	struct description description;
	struct machine machine;
	if (!describe(pc, &description))
		return (struct rt_frame_rule){RT_FRAME_UNKNOWN, 0, 0};
	rt_bytes_zero(&machine, sizeof(machine));
	machine.cie = &description.cie;
	machine.location = description.start;
	machine.target = UINT64_MAX;
	run(&machine, description.cie.program);
	machine.initial = machine.row;
	machine.location = description.start;
	machine.target = pc;
	run(&machine, description.program);
	return rule_of(&machine);
}

uintptr_t rt_cfi_function(uintptr_t pc)
{
	struct description description;
	return describe(pc, &description) ? description.start : 0;
}

struct rt_frame_rule rt_cfi_rule(uintptr_t pc)
{
	unsigned index = (unsigned)(pc ^ (pc >> 14)) & (CACHE_ENTRIES - 1);
	uint64_t packed = __atomic_load_n(&cache[index].rule, __ATOMIC_RELAXED);
	if (RT_LIKELY((__atomic_load_n(&cache[index].key, __ATOMIC_RELAXED) ^ packed) == pc))
		return unpack(packed);
	struct rt_frame_rule rule = compute(pc);
	packed = pack(rule);
	__atomic_store_n(&cache[index].rule, packed, __ATOMIC_RELAXED);
	__atomic_store_n(&cache[index].key, pc ^ packed, __ATOMIC_RELAXED);
	return rule;
}
