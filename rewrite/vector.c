#include "vector_reader.h"

/* ---- a look at the opcode ---- */

static bool is_prefix(uint8_t code)
{
	return (code & 0xf0) == 0x40 || (code & 0xfc) == 0x64 || (code & 0xe7) == 0x26 || code == 0xf0 ||
	       code == 0xf2 || code == 0xf3;
}

/* Behind the prefixes. 0: it is one of general registers. Else the opcode in its lowest 8 bits, and MAP of it. */
static unsigned opcode_of(const uint8_t *code, unsigned bytes)
{
	enum { MAP_1 = 1 << 8, MAP_2 = 2 << 8, MAP_3 = 3 << 8 };
	unsigned at = 0;
	while (at < bytes && is_prefix(code[at]))
		at++;
	if (at + 3 > bytes)
		return 0;
	if (code[at] == 0xc5)
		return MAP_1 | code[at + 2];
	if (code[at] == 0xc4 && at + 4 <= bytes)
		return (code[at + 1] & 3u) << 8 | code[at + 3];
	if (code[at] == 0x62 || code[at] == 0x8f)
		return MAP_2;
	if (code[at] != 0x0f)
		return 0;
	if (code[at + 1] == 0x38 || code[at + 1] == 0x3a)
		return (code[at + 1] == 0x38 ? MAP_2 : MAP_3) | code[at + 2];
	return MAP_1 | code[at + 1];
}

bool rt_vector_may_be(const uint8_t *code, unsigned bytes)
{
	unsigned opcode = opcode_of(code, bytes), low = opcode & 0xff;
	if (opcode >> 8 != 1)
		return opcode;
	return (low >= 0x10 && low <= 0x17) || (low >= 0x28 && low <= 0x2f) || (low >= 0x50 && low <= 0x7f) ||
	       low == 0xae || low == 0xc2 || (low >= 0xc4 && low <= 0xc7) || low >= 0xd0;
}

bool rt_vector_may_drop(const uint8_t *code, unsigned bytes)
{
	unsigned opcode = opcode_of(code, bytes), low = opcode & 0xff;
	if (opcode >> 8 != 1)
		return opcode;
	return low == 0x12 || (low >= 0x14 && low <= 0x16) || low == 0x54 || low == 0x55 ||
	       (low >= 0x60 && low <= 0x63) || (low >= 0x67 && low <= 0x6d) || (low >= 0x70 && low <= 0x73) ||
	       (low >= 0xc4 && low <= 0xc6) || low == 0xdb || low == 0xdf;
}

/* ---- an instruction ---- */

static bool is_vector(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       rt_vector_number(operand->reg.value) != RT_NO_VECTOR;
}

uint8_t rt_vector_followed(const ZydisDecodedOperand *operand)
{
	unsigned number = is_vector(operand) ? rt_vector_number(operand->reg.value) : RT_NO_VECTOR;
	return number < RT_VECTORS ? (uint8_t)number : RT_VECTOR_NONE;
}

static bool has_vectors(const struct rt_decoded *decoded)
{
	for (unsigned i = 0; i < decoded->insn.operand_count; i++)
		if (is_vector(&decoded->operands[i]))
			return true;
	return false;
}

/* All registers are read, as a part of the processor's state. */
static bool reads_state(ZydisMnemonic mnemonic)
{
	static const ZydisMnemonic all[] = {ZYDIS_MNEMONIC_FXSAVE, ZYDIS_MNEMONIC_FXSAVE64,
		ZYDIS_MNEMONIC_XSAVE, ZYDIS_MNEMONIC_XSAVE64, ZYDIS_MNEMONIC_XSAVEC, ZYDIS_MNEMONIC_XSAVEC64,
		ZYDIS_MNEMONIC_XSAVEOPT, ZYDIS_MNEMONIC_XSAVEOPT64};
	for (unsigned i = 0; i < RT_COUNT(all); i++)
		if (all[i] == mnemonic)
			return true;
	return false;
}

/* False: it is none of those that rows are about. */
static bool begin(struct rt_vector_reader *reader, const struct rt_decoded *decoded)
{
	rt_bytes_zero(reader, sizeof(*reader));
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		if (operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
			reader->immediate = (uint8_t)operand->imm.value.u;
			reader->has_immediate = true;
		} else if (reader->count < RT_COUNT(reader->operands)) {
			reader->operands[reader->count++] = operand;
		}
		unsigned bytes = is_vector(operand) ? rt_vector_bytes(operand->reg.value) : 0;
		reader->bytes = bytes > reader->bytes ? bytes : reader->bytes;
	}
	bool is_known = decoded->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY ||
			decoded->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
	return is_known && reader->count && reader->bytes <= RT_VECTOR_BYTES;
}

static void read_by_row(struct rt_vector_reader *reader, const struct rt_decoded *decoded,
	struct rt_vector_row row, struct rt_vector *vector)
{
	bool merges = decoded->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY;
	vector->to = rt_vector_followed(reader->operands[0]);
	vector->always = !is_vector(reader->operands[0]);
	vector->written = merges ? (1u << RT_VECTOR_HALF) - 1 : RT_VECTOR_ALL;
	vector->lane = 1;
	reader->element = row.element;
	reader->variant = row.variant;
	reader->vector = vector;
	row.read(reader);
}

/* All that is read counts. */
static void read_other(const struct rt_decoded *decoded, struct rt_vector *vector)
{
	vector->to = RT_VECTOR_NONE;
	vector->always = vector->is_other = true;
	vector->lane = RT_VECTOR_BYTES;
	for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		bool is_read = operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ;
		if (!is_read || rt_vector_followed(operand) == RT_VECTOR_NONE)
			continue;
		if (vector->count == RT_VECTOR_SOURCES) {
			vector->everything = true;
			return;
		}
		vector->from[vector->count] = rt_vector_followed(operand);
		vector->counts[vector->count] = RT_VECTOR_ALL;
		for (unsigned n = 0; n < RT_VECTOR_BYTES; n++)
			vector->byte[vector->count][n] = (int8_t)n;
		vector->count++;
	}
}

bool rt_vector_read(const uint8_t *code, unsigned bytes, struct rt_vector *vector)
{
	struct rt_decoded decoded;
	struct rt_vector_reader reader;
	rt_bytes_zero(vector, sizeof(*vector));
	if (!rt_describe_operands(code, bytes, &decoded))
		return false;
	struct rt_vector_row row = rt_vector_row(decoded.insn.mnemonic);
	bool zeroes = decoded.insn.mnemonic == ZYDIS_MNEMONIC_VZEROUPPER ||
		      decoded.insn.mnemonic == ZYDIS_MNEMONIC_VZEROALL;
	vector->to = RT_VECTOR_NONE;
	vector->everything = vector->is_other = reads_state(decoded.insn.mnemonic);
	if (vector->everything)
		return true;
	if (zeroes || !has_vectors(&decoded))
		return false;
	if (row.read && begin(&reader, &decoded))
		read_by_row(&reader, &decoded, row, vector);
	else
		read_other(&decoded, vector);
	return true;
}

/* ---- what it needs ---- */

static void learn_pick(struct rt_vector *vector, const uint8_t *known)
{
	vector->lane = 1;
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++)
		vector->byte[0][i] =
			known[i] & 0x80 ? RT_VECTOR_NO_BYTE : (int8_t)((i & ~15u) | (known[i] & 15));
}

static void learn_permute(struct rt_vector *vector, const uint8_t *known)
{
	vector->lane = 1;
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++)
		vector->byte[1][i] = (int8_t)((known[i & ~3u] & 7) * 4 + i % 4);
}

static void learn_blend(struct rt_vector *vector, const uint8_t *known)
{
	uint32_t second = 0;
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++)
		second |= (uint32_t)(known[i | (vector->lane - 1u)] >> 7) << i;
	vector->counts[0] &= ~second;
	vector->counts[1] &= second;
}

void rt_vector_learn(struct rt_vector *vector, unsigned source, const uint8_t known[RT_VECTOR_BYTES])
{
	uint32_t zero = 0, ones = 0;
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++) {
		zero |= (uint32_t)(known[i] == 0) << i;
		ones |= (uint32_t)(known[i] == 0xff) << i;
	}
	if (vector->role == RT_VECTOR_AND)
		vector->counts[!source] &= ~zero;
	else if (vector->role == RT_VECTOR_NOT)
		vector->counts[!source] &= source ? ~zero : ~ones;
	else if (vector->role == RT_VECTOR_PICK && source == 1)
		learn_pick(vector, known);
	else if (vector->role == RT_VECTOR_PERMUTE && source == 0)
		learn_permute(vector, known);
	else if (vector->role == RT_VECTOR_BLEND && source == 2)
		learn_blend(vector, known);
}

/* Whole groups of `lane` bytes, or up to the highest. */
static uint32_t close_over(const struct rt_vector *vector, uint32_t bytes)
{
	uint32_t closed = 0;
	for (unsigned at = 0; at < RT_VECTOR_BYTES; at += vector->lane) {
		uint32_t group =
			vector->lane < RT_VECTOR_BYTES ? ((1u << vector->lane) - 1) << at : RT_VECTOR_ALL;
		uint32_t in = bytes & group;
		if (in && vector->carries)
			group &= RT_VECTOR_ALL >> __builtin_clz(in);
		closed |= in ? group : 0;
	}
	return closed;
}

/* The bytes of a source that bytes of the result come from. */
static uint32_t taken_by(const struct rt_vector *vector, unsigned source, uint32_t wanted)
{
	uint32_t needed = 0;
	for (; wanted; wanted &= wanted - 1) {
		int byte = vector->byte[source][__builtin_ctz(wanted)];
		needed |= byte < 0 ? 0 : 1u << (byte & ~RT_VECTOR_SIGN);
	}
	return needed;
}

uint32_t rt_vector_needs(const struct rt_vector *vector, unsigned source, uint32_t wanted)
{
	if (!wanted)
		return 0;
	uint32_t needed = wanted == RT_VECTOR_ALL && vector->lane == RT_VECTOR_BYTES
				  ? RT_VECTOR_ALL
				  : close_over(vector, taken_by(vector, source, wanted));
	return needed & vector->counts[source];
}
