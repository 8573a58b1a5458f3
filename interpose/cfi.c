#include "cfi.h"

#include "dwarf/eh_frame.h"
#include "shadow/vectors.h"

#include <dlfcn.h>

enum {
	CACHE_ENTRIES = 1 << 14,
	REMEMBER_DEPTH = 8,
	REG_BP = 6,
	REG_SP = 7,
	FIELD_BITS = 28,
	SP_IN_CONTEXT = 160, /* where a ucontext has rsp */
};

/* ---- the cache ---- */

/* Two words that vouch for each other: a torn read gives a pc that is not the one asked for. */
static struct {
	uint64_t key; /* pc ^ rule */
	uint64_t rule;
} cache[CACHE_ENTRIES] RT_SPARSE;

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

uint32_t rt_cfi_generation = 1;

void rt_cfi_forget(void)
{
	uint32_t next = rt_cfi_generation + 1;
	__atomic_store_n(&rt_cfi_generation, next ? next : 1, __ATOMIC_RELAXED);
	for (unsigned i = 0; i < CACHE_ENTRIES; i++)
		__atomic_store_n(&cache[i].key, 0, __ATOMIC_RELAXED);
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
	const struct rt_eh_cie *cie;
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

/* *(register + n): the expression that compilers write for a CFA around calls (rbp), when a function realigns its stack, and
 * that of a signal's frame (rsp). */
static void set_cfa_expression(struct machine *machine, struct rt_reader expression)
{
	enum { OP_BREG0 = 0x70, OP_DEREF = 0x06 };
	uint64_t number = rt_read_fixed(&expression, 1) - OP_BREG0;
	int64_t offset = rt_read_sleb(&expression);
	bool known = (number == REG_BP || (number == REG_SP && machine->cie->signal_frame)) &&
		     rt_read_fixed(&expression, 1) == OP_DEREF && expression.at == expression.end;
	machine->row.cfa_unknown = !known;
	machine->row.cfa_memory = known;
	machine->row.cfa_register = number;
	machine->row.cfa_offset = offset;
}

static void set_cfa(struct machine *machine, uint64_t number, int64_t offset)
{
	machine->row.cfa_register = number;
	machine->row.cfa_offset = offset;
	machine->row.cfa_memory = machine->row.cfa_unknown = false;
}

/* One instruction whose operands are not in its first byte. */
static void step_extended(struct machine *machine, struct rt_reader *reader, uint8_t op)
{
	const struct rt_eh_cie *cie = machine->cie;
	uint64_t number;
	switch (op) {
	case 0x01: /* set_loc */
		machine->location = rt_read_encoded(reader, cie->encoding);
		break;
	case 0x02: /* advance_loc1, 2, 4 */
	case 0x03:
	case 0x04:
		machine->location += rt_read_fixed(reader, 1u << (op - 2)) * cie->code_align;
		break;
	case 0x05: /* offset_extended */
		number = rt_read_uleb(reader);
		set_register(machine, number, (int64_t)rt_read_uleb(reader) * cie->data_align);
		break;
	case 0x11: /* offset_extended_sf */
		number = rt_read_uleb(reader);
		set_register(machine, number, rt_read_sleb(reader) * cie->data_align);
		break;
	case 0x06: /* restore_extended */
	case 0x08: /* same_value */
		number = rt_read_uleb(reader);
		if (number == REG_BP) {
			machine->row.bp_offset = op == 0x06 ? machine->initial.bp_offset : 0;
			machine->row.bp_unknown = false;
		}
		break;
	case 0x07: /* undefined */
		number = rt_read_uleb(reader);
		if (number == cie->return_register)
			machine->row.return_undefined = true;
		forget_register(machine, number);
		break;
	case 0x09: /* register */
	case 0x14: /* val_offset */
		number = rt_read_uleb(reader);
		rt_read_uleb(reader);
		forget_register(machine, number);
		break;
	case 0x15: /* val_offset_sf */
		number = rt_read_uleb(reader);
		rt_read_sleb(reader);
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
		number = rt_read_uleb(reader);
		set_cfa(machine, number, (int64_t)rt_read_uleb(reader));
		break;
	case 0x12: /* def_cfa_sf */
		number = rt_read_uleb(reader);
		set_cfa(machine, number, rt_read_sleb(reader) * cie->data_align);
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(machine, rt_read_uleb(reader), machine->row.cfa_offset);
		break;
	case 0x0e: /* def_cfa_offset */
		machine->row.cfa_offset = (int64_t)rt_read_uleb(reader);
		break;
	case 0x13: /* def_cfa_offset_sf */
		machine->row.cfa_offset = rt_read_sleb(reader) * cie->data_align;
		break;
	case 0x0f: /* def_cfa_expression */
		set_cfa_expression(machine, rt_read_block(reader));
		break;
	case 0x10: /* expression */
	case 0x16: /* val_expression */
		number = rt_read_uleb(reader);
		rt_read_block(reader);
		forget_register(machine, number);
		break;
	case 0x2e: /* GNU_args_size */
		rt_read_uleb(reader);
		break;
	default: /* nop, and what takes no operands */
		break;
	}
}

static void run(struct machine *machine, struct rt_reader program)
{
	while (program.at < program.end && machine->location <= machine->target) {
		struct row before = machine->row;
		uint8_t op = *program.at++;
		uint8_t low = op & 0x3f;
		if (op >> 6 == 1) /* advance_loc */
			machine->location += low * machine->cie->code_align;
		else if (op >> 6 == 2) /* offset */
			set_register(
				machine, low, (int64_t)rt_read_uleb(&program) * machine->cie->data_align);
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
	if (machine->cie->signal_frame) {
		bool known = row->cfa_memory && row->cfa_register == REG_SP;
		return (struct rt_frame_rule){
			RT_FRAME_SIGNAL, known ? (int32_t)row->cfa_offset - SP_IN_CONTEXT : 0, 0};
	}
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

struct search {
	uintptr_t pc;
	struct dl_find_object object; /* without tables: there is none */
};

static void find_module(void *argument)
{
	struct search *search = argument;
	if (_dl_find_object((void *)search->pc, &search->object))
		search->object.dlfo_eh_frame = NULL;
}

/* The frame description of a pc. */
static bool describe(uintptr_t pc, struct rt_eh_fde *fde)
{
	struct search search;
	struct rt_eh_header header;
	search.pc = pc;
	rt_vectors_kept(find_module, &search);
	const struct dl_find_object object = search.object;
	if (!object.dlfo_eh_frame)
		return false;
	struct rt_eh_memory memory = {(uintptr_t)object.dlfo_map_start, (uintptr_t)object.dlfo_map_end};
	fde->cie.at = 0;
	return rt_eh_read_header(memory, (uintptr_t)object.dlfo_eh_frame, &header) &&
	       rt_eh_read_fde(memory, rt_eh_find(&header, pc), fde) && pc - fde->start < fde->bytes;
}

static RT_COLD struct rt_frame_rule compute(uintptr_t pc)
{
	struct rt_eh_fde fde;
	struct machine machine;
	if (!describe(pc, &fde))
		return (struct rt_frame_rule){RT_FRAME_UNKNOWN, 0, 0};
	rt_bytes_zero(&machine, sizeof(machine));
	machine.cie = &fde.cie;
	machine.location = fde.start;
	machine.target = UINT64_MAX;
	run(&machine, fde.cie.program);
	machine.initial = machine.row;
	machine.location = fde.start;
	machine.target = pc;
	run(&machine, fde.program);
	return rule_of(&machine);
}

uintptr_t rt_cfi_function(uintptr_t pc)
{
	struct rt_eh_fde fde;
	return describe(pc, &fde) ? fde.start : 0;
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
