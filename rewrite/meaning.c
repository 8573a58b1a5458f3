#include "meaning.h"

/* An instruction while it is taken apart. */
struct reader {
	const uint8_t *at, *end;
	uint8_t rex, opcode;
	bool is_short; /* 66 */
};

static const struct rt_meaning other = {.operation = RT_DO_OTHER};

static bool read_prefixes(struct reader *reader)
{
	for (; reader->at < reader->end && *reader->at == 0x66; reader->at++)
		reader->is_short = true;
	if (reader->at < reader->end && (*reader->at & 0xf0) == 0x40)
		reader->rex = *reader->at++;
	if (reader->at == reader->end)
		return false;
	reader->opcode = *reader->at++;
	return true;
}

/* Of an opcode whose lowest bit says that it is not about bytes. */
static uint8_t width(const struct reader *reader, bool is_wide)
{
	if (!is_wide)
		return 1;
	return reader->rex & 8 ? 8 : reader->is_short ? 2 : 4;
}

/* The two operands of the byte after the opcode. */
static uint8_t in_field(const struct reader *reader)
{
	return (uint8_t)((*reader->at >> 3 & 7) | (reader->rex & 4) << 1);
}

static uint8_t in_other(const struct reader *reader)
{
	if (*reader->at >> 6 != 3)
		return RT_OPERAND_MEMORY;
	return (uint8_t)((*reader->at & 7) | (reader->rex & 1) << 3);
}

static unsigned extension(const struct reader *reader)
{
	return *reader->at >> 3 & 7;
}

/* The last `bytes` of the instruction, with their sign. */
static int64_t immediate(const struct reader *reader, unsigned bytes)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)reader->end[(int)i - (int)bytes] << 8 * i;
	unsigned left = 64 - 8 * bytes;
	return (int64_t)(value << left) >> left;
}

static unsigned immediate_bytes(uint8_t bytes)
{
	return bytes < 4 ? bytes : 4;
}

static struct rt_meaning make(uint8_t operation, uint8_t bytes, uint8_t to, uint8_t from)
{
	return (struct rt_meaning){
		.operation = operation, .bytes = bytes, .from_bytes = bytes, .to = to, .from = from};
}

static struct rt_meaning make_immediate(
	const struct reader *reader, uint8_t operation, uint8_t bytes, uint8_t to, unsigned in)
{
	struct rt_meaning meaning = make(operation, bytes, to, RT_OPERAND_IMMEDIATE);
	meaning.immediate = immediate(reader, in);
	return meaning;
}

/* add, or, adc, sbb, and, sub, xor, cmp, by their number in opcodes. */
static const uint8_t arithmetic[8] = {
	RT_DO_ADD, RT_DO_OR, RT_DO_OTHER, RT_DO_OTHER, RT_DO_AND, RT_DO_SUBTRACT, RT_DO_XOR, RT_DO_COMPARE};

/* Opcodes 00 to 3d: which operation, and in the lowest bits between what. */
static struct rt_meaning read_arithmetic(const struct reader *reader)
{
	uint8_t operation = arithmetic[reader->opcode >> 3], bytes = width(reader, reader->opcode & 1);
	switch (reader->opcode & 7) {
	case 0:
	case 1:
		return make(operation, bytes, in_other(reader), in_field(reader));
	case 2:
	case 3:
		return make(operation, bytes, in_field(reader), in_other(reader));
	default:
		return make_immediate(reader, operation, bytes, RT_RAX, immediate_bytes(bytes));
	}
}

/* inc and dec; test with an immediate. */
static struct rt_meaning read_group(const struct reader *reader)
{
	uint8_t bytes = width(reader, reader->opcode & 1);
	unsigned which = extension(reader);
	if ((reader->opcode & 0xfe) == 0xf6)
		return which < 2 ? make_immediate(reader, RT_DO_TEST, bytes, in_other(reader),
					   immediate_bytes(bytes))
				 : other;
	if (which > 1)
		return other;
	struct rt_meaning meaning = make(RT_DO_ADD, bytes, in_other(reader), RT_OPERAND_IMMEDIATE);
	meaning.immediate = which ? -1 : 1;
	return meaning;
}

/* And setcc and cmovcc, which are behind 0f, too. */
static struct rt_meaning read_widening(struct reader *reader)
{
	struct rt_meaning meaning;
	if (reader->opcode == 0x63) {
		meaning = make(RT_DO_WIDEN, width(reader, true), in_field(reader), in_other(reader));
		meaning.from_bytes = 4;
		return meaning;
	}
	if (reader->at == reader->end)
		return other;
	reader->opcode = *reader->at++; /* after 0f */
	if (reader->at == reader->end)
		return other;
	if ((reader->opcode & 0xf0) == 0x90)
		return make(RT_DO_CONDITION, 1, in_other(reader), in_other(reader));
	if ((reader->opcode & 0xf0) == 0x40)
		return make(RT_DO_CHOOSE, width(reader, true), in_field(reader), in_other(reader));
	if ((reader->opcode & 0xf6) != 0xb6)
		return other;
	meaning = make(reader->opcode & 8 ? RT_DO_WIDEN : RT_DO_WIDEN_BY_0, width(reader, true),
		in_field(reader), in_other(reader));
	meaning.from_bytes = reader->opcode & 1 ? 2 : 1;
	return meaning;
}

static struct rt_meaning read_moves(const struct reader *reader)
{
	uint8_t opcode = reader->opcode, bytes = width(reader, opcode & 1);
	uint8_t named = (uint8_t)((opcode & 7) | (reader->rex & 1) << 3);
	if ((opcode & 0xfe) == 0x88)
		return make(RT_DO_MOVE, bytes, in_other(reader), in_field(reader));
	if ((opcode & 0xfe) == 0x8a)
		return make(RT_DO_MOVE, bytes, in_field(reader), in_other(reader));
	if ((opcode & 0xfe) == 0xc6)
		return extension(reader) ? other
					 : make_immediate(reader, RT_DO_MOVE, bytes, in_other(reader),
						   immediate_bytes(bytes));
	if ((opcode & 0xf8) == 0xb0)
		return make_immediate(reader, RT_DO_MOVE, 1, named, 1);
	bytes = width(reader, true);
	return make_immediate(reader, RT_DO_MOVE, bytes, named, bytes);
}

static struct rt_meaning read_opcode(struct reader *reader)
{
	uint8_t opcode = reader->opcode, bytes = width(reader, opcode & 1);
	bool has_operands = reader->at < reader->end;
	if (opcode == 0x98 && !has_operands) {
		struct rt_meaning meaning = make(RT_DO_WIDEN, width(reader, true), RT_RAX, RT_RAX);
		meaning.from_bytes = meaning.bytes / 2;
		return meaning;
	}
	if (!has_operands)
		return other;
	if (opcode < 0x40 && (opcode & 7) < 6)
		return read_arithmetic(reader);
	if (opcode == 0x80 || opcode == 0x81 || opcode == 0x83)
		return make_immediate(reader, arithmetic[extension(reader)], bytes, in_other(reader),
			opcode == 0x81 ? immediate_bytes(bytes) : 1);
	if ((opcode & 0xfe) == 0x84)
		return make(RT_DO_TEST, bytes, in_other(reader), in_field(reader));
	if ((opcode & 0xfe) == 0xa8)
		return make_immediate(reader, RT_DO_TEST, bytes, RT_RAX, immediate_bytes(bytes));
	if (opcode == 0x8d)
		return make(RT_DO_ADDRESS, bytes, in_field(reader), RT_OPERAND_MEMORY);
	if (opcode == 0x63 || opcode == 0x0f)
		return read_widening(reader);
	if ((opcode & 0xfe) == 0xf6 || (opcode & 0xfe) == 0xfe)
		return read_group(reader);
	bool moves = (opcode & 0xfc) == 0x88 || (opcode & 0xfe) == 0xc6 || (opcode & 0xf0) == 0xb0;
	return moves ? read_moves(reader) : other;
}

/* ah, ch, dh and bh have the numbers of spl, bpl, sil and dil where there is no REX. */
static bool is_high(const struct reader *reader, uint8_t operand, uint8_t bytes)
{
	return bytes == 1 && !reader->rex && operand >= 4 && operand < 8;
}

struct rt_meaning rt_meaning_of(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *code = body->module->text.code + insn->offset;
	struct reader reader = {.at = code, .end = code + insn->bytes};
	if (insn->is_locked || insn->flow != RT_FLOW_NEXT || !read_prefixes(&reader))
		return other;
	struct rt_meaning meaning = read_opcode(&reader);
	if (is_high(&reader, meaning.to, meaning.bytes) || is_high(&reader, meaning.from, meaning.from_bytes))
		return other;
	return meaning;
}

int64_t rt_meaning_compute(uint8_t operation, uint64_t one, uint64_t another, bool *known)
{
	*known = true;
	switch (operation) {
	case RT_DO_ADD:
		return (int64_t)(one + another);
	case RT_DO_SUBTRACT:
		return (int64_t)(one - another);
	case RT_DO_AND:
	case RT_DO_TEST:
		return (int64_t)(one & another);
	case RT_DO_OR:
		return (int64_t)(one | another);
	case RT_DO_XOR:
		return (int64_t)(one ^ another);
	default:
		*known = false;
		return 0;
	}
}
