/* The rows of vectors.def: which bytes of an instruction's sources each byte of its result comes from. */
#include "vector_reader.h"

typedef struct rt_vector_reader reader_t;

enum { HALF = RT_VECTOR_HALF, TO_LEFT = 0, TO_RIGHT, TO_RIGHT_SIGNED };

/* ---- sources ---- */

/* Of which nothing is needed yet. */
static unsigned add_source(reader_t *reader, const ZydisDecodedOperand *operand)
{
	struct rt_vector *vector = reader->vector;
	unsigned source = vector->count++;
	bool is_memory = operand->type == ZYDIS_OPERAND_TYPE_MEMORY;
	vector->from[source] = is_memory ? RT_VECTOR_MEMORY : rt_vector_followed(operand);
	vector->counts[source] = RT_VECTOR_ALL;
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++)
		vector->byte[source][i] = RT_VECTOR_NO_BYTE;
	return source;
}

/* The one that is read. */
static void add_last(reader_t *reader)
{
	add_source(reader, reader->operands[reader->count - 1]);
}

/* Both that are read: of two operands the result is one. */
static void add_two(reader_t *reader)
{
	add_source(reader, reader->operands[reader->count == 2 ? 0 : 1]);
	add_last(reader);
}

/* `count` bytes of the result come from as many of a source. */
static void take(reader_t *reader, unsigned to, unsigned source, unsigned from, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (to + i < RT_VECTOR_BYTES && from + i < RT_VECTOR_BYTES)
			reader->vector->byte[source][to + i] = (int8_t)(from + i);
}

static void take_none(reader_t *reader, unsigned to, unsigned source, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		reader->vector->byte[source][to + i] = RT_VECTOR_NO_BYTE;
}

static void take_sign(reader_t *reader, unsigned to, unsigned from)
{
	reader->vector->byte[0][to] = (int8_t)(RT_VECTOR_SIGN | from);
}

static void take_all(reader_t *reader)
{
	for (unsigned source = 0; source < reader->vector->count; source++)
		take(reader, 0, source, 0, reader->bytes);
}

/* ---- moves ---- */

static void read_move(reader_t *reader)
{
	add_last(reader);
	take_all(reader);
}

static void read_word(reader_t *reader)
{
	add_last(reader);
	take(reader, 0, 0, 0, reader->element);
}

/* Between registers the rest stays; a load makes it 0. */
static void read_merge(reader_t *reader)
{
	bool is_load = reader->operands[reader->count - 1]->type == ZYDIS_OPERAND_TYPE_MEMORY;
	if (is_load || reader->vector->always) {
		read_word(reader);
		return;
	}
	add_two(reader);
	take(reader, 0, 1, 0, reader->element);
	take(reader, reader->element, 0, reader->element, HALF - reader->element);
}

/* movlps, movhps: the variant is where in the register, what is in memory. */
static void read_half(reader_t *reader)
{
	unsigned at = reader->variant, other = 8 - at;
	if (reader->vector->always) {
		add_last(reader);
		take(reader, 0, 0, at, 8);
		return;
	}
	add_two(reader);
	take(reader, at, 1, 0, 8);
	take(reader, other, 0, other, 8);
}

/* Half of the second source into the other half of the first: the variant is whether it is the upper one. */
static void read_cross(reader_t *reader)
{
	unsigned from = reader->variant ? 8 : 0, to = 8 - from;
	add_two(reader);
	take(reader, to, 1, from, 8);
	take(reader, from, 0, from, 8);
}

/* Every other element twice: the variant is the first. */
static void read_repeat(reader_t *reader)
{
	unsigned element = reader->element;
	add_last(reader);
	for (unsigned at = 0; at < reader->bytes; at += element)
		take(reader, at, 0, (at & ~element) + reader->variant * element, element);
}

static void read_broadcast(reader_t *reader)
{
	add_last(reader);
	for (unsigned at = 0; at < reader->bytes; at += reader->element)
		take(reader, at, 0, 0, reader->element);
}

/* ---- element by element ---- */

static void mix_elements(reader_t *reader)
{
	reader->vector->lane = (uint8_t)reader->element;
}

static void read_each(reader_t *reader)
{
	read_move(reader);
	mix_elements(reader);
}

/* The variant: a byte depends on none that is higher in its element. */
static void read_lanes(reader_t *reader)
{
	add_two(reader);
	take_all(reader);
	mix_elements(reader);
	reader->vector->carries = reader->variant;
}

/* Likewise, but of a register and itself it makes a constant. */
static void read_self(reader_t *reader)
{
	read_lanes(reader);
	if (reader->vector->from[0] == reader->vector->from[1] && reader->vector->from[0] < RT_VECTORS)
		reader->vector->count = 0;
}

/* What is done is in the second source: it may be anything, within so many bytes. */
static void read_by_register(reader_t *reader, unsigned lane)
{
	add_two(reader);
	take_all(reader);
	reader->vector->lane = (uint8_t)lane;
}

/* By a constant more is known: the variant is its role. */
static void read_mask(reader_t *reader)
{
	unsigned role = reader->variant;
	read_by_register(reader, role == RT_VECTOR_PICK      ? HALF
				 : role == RT_VECTOR_PERMUTE ? RT_VECTOR_BYTES
							     : 1);
	reader->vector->role = (uint8_t)role;
}

static void read_blend_by(reader_t *reader)
{
	bool is_hidden = reader->count == 2; /* the mask is xmm0 */
	add_source(reader, reader->operands[is_hidden ? 0 : 1]);
	add_source(reader, reader->operands[is_hidden ? 1 : 2]);
	add_last(reader);
	if (is_hidden)
		reader->vector->from[2] = 0;
	take_all(reader);
	mix_elements(reader);
	reader->vector->role = RT_VECTOR_BLEND;
}

static void read_fused(reader_t *reader)
{
	for (unsigned i = 0; i < RT_VECTOR_SOURCES; i++)
		add_source(reader, reader->operands[i]);
	take_all(reader);
	mix_elements(reader);
}

static void read_low_halves(reader_t *reader)
{
	read_lanes(reader);
	for (unsigned source = 0; source < 2; source++)
		reader->vector->counts[source] = 0x0f0f0f0f;
}

/* The others as in the first source. */
static void read_lowest(reader_t *reader)
{
	add_two(reader);
	take(reader, 0, 0, 0, HALF);
	take(reader, 0, 1, 0, reader->element);
	mix_elements(reader);
}

/* What comes of it is in a general register or in flags. */
static void read_compared(reader_t *reader)
{
	for (unsigned i = 0; i < reader->count; i++)
		take(reader, 0, add_source(reader, reader->operands[i]), 0, reader->element);
	reader->vector->to = RT_VECTOR_NONE;
	reader->vector->always = true;
}

/* ---- shifts ---- */

/* By whole bytes it is known what comes from where; else what is in an element is mixed. */
static void read_shift(reader_t *reader)
{
	unsigned element = reader->element, by = reader->immediate / 8;
	bool is_right = reader->variant != TO_LEFT;
	if (!reader->has_immediate) {
		read_by_register(reader, RT_VECTOR_BYTES);
		return;
	}
	if (reader->immediate % 8) {
		read_each(reader);
		return;
	}
	add_last(reader);
	for (unsigned i = 0; i < reader->bytes; i++) {
		unsigned start = i & ~(element - 1), at = i - start;
		if (is_right && at + by < element)
			take(reader, i, 0, start + at + by, 1);
		else if (reader->variant == TO_RIGHT_SIGNED)
			take_sign(reader, i, start + element - 1);
		else if (!is_right && at >= by)
			take(reader, i, 0, start + at - by, 1);
	}
}

static void read_shift_bytes(reader_t *reader)
{
	unsigned by = reader->immediate < HALF ? reader->immediate : HALF;
	bool is_right = reader->variant == TO_RIGHT;
	add_last(reader);
	for (unsigned half = 0; half < reader->bytes; half += HALF)
		take(reader, half + (is_right ? 0 : by), 0, half + (is_right ? by : 0), HALF - by);
}

/* ---- shuffles ---- */

/* Four elements from the variant on are chosen by two bits each, in each half. */
static void read_choice(reader_t *reader)
{
	unsigned element = reader->element;
	if (!reader->has_immediate) {
		read_by_register(reader, HALF);
		return;
	}
	read_move(reader);
	for (unsigned start = reader->variant; start < reader->bytes; start += HALF)
		for (unsigned i = 0; i < 4; i++)
			take(reader, start + i * element, 0,
				start + (reader->immediate >> 2 * i & 3) * element, element);
}

/* vpermilpd */
static void read_choice_bits(reader_t *reader)
{
	if (!reader->has_immediate) {
		read_by_register(reader, HALF);
		return;
	}
	add_last(reader);
	for (unsigned at = 0; at < reader->bytes; at += 8)
		take(reader, at, 0, (at & ~15u) + (reader->immediate >> at / 8 & 1) * 8, 8);
}

/* Of all four, not of those in a half. */
static void read_choice_far(reader_t *reader)
{
	add_last(reader);
	for (unsigned i = 0; i < 4; i++)
		take(reader, 8 * i, 0, (reader->immediate >> 2 * i & 3) * 8, 8);
}

static void read_shuffle(reader_t *reader)
{
	unsigned element = reader->element;
	add_two(reader);
	for (unsigned at = 0; at < reader->bytes; at += element) {
		unsigned i = at / element, half = at & ~15u, source = at - half >= 8;
		unsigned chosen =
			element == 4 ? reader->immediate >> 2 * (i & 3) & 3 : reader->immediate >> i & 1;
		take(reader, at, source, half + chosen * element, element);
	}
}

/* Elements of both sources in turn, from the variant on. */
static void read_unpack(reader_t *reader)
{
	unsigned element = reader->element;
	add_two(reader);
	for (unsigned at = 0; at < reader->bytes; at += element) {
		unsigned half = at & ~15u, i = (at - half) / element;
		take(reader, at, i & 1, half + reader->variant + i / 2 * element, element);
	}
}

/* Each element as one of half the size, of the first source into the lower half. */
static void read_pack(reader_t *reader)
{
	unsigned small = reader->element / 2;
	add_two(reader);
	for (unsigned at = 0; at < reader->bytes; at += small) {
		unsigned half = at & ~15u, in = at - half;
		take(reader, at, in >= 8, half + in % 8 * 2, small);
	}
	mix_elements(reader);
}

static void read_align(reader_t *reader)
{
	add_two(reader);
	for (unsigned i = 0; i < reader->bytes; i++) {
		unsigned half = i & ~15u, from = i - half + reader->immediate;
		if (from < 2 * HALF)
			take(reader, i, from < HALF, half + from % HALF, 1);
	}
}

static void read_blend(reader_t *reader)
{
	add_two(reader);
	for (unsigned at = 0; at < reader->bytes; at += reader->element) {
		unsigned bit = at / reader->element % 8;
		take(reader, at, reader->immediate >> bit & 1, at, reader->element);
	}
}

static void read_halves(reader_t *reader)
{
	add_two(reader);
	for (unsigned i = 0; i < 2; i++) {
		unsigned chosen = reader->immediate >> 4 * i;
		if (!(chosen & 8))
			take(reader, i * HALF, chosen >> 1 & 1, (chosen & 1) * HALF, HALF);
	}
}

static void read_insert_half(reader_t *reader)
{
	unsigned at = (reader->immediate & 1) * HALF;
	add_two(reader);
	take(reader, 0, 0, 0, 2 * HALF);
	take_none(reader, at, 0, HALF);
	take(reader, at, 1, 0, HALF);
}

static void read_extract_half(reader_t *reader)
{
	add_last(reader);
	take(reader, 0, 0, (reader->immediate & 1) * HALF, HALF);
}

/* ---- other sizes ---- */

/* The variant is how much larger elements become. */
static void read_zeroes(reader_t *reader)
{
	unsigned element = reader->element, result = element * reader->variant;
	add_last(reader);
	for (unsigned at = 0; at < reader->bytes; at += result)
		take(reader, at, 0, at / reader->variant, element);
}

static void read_signs(reader_t *reader)
{
	unsigned element = reader->element, result = element * reader->variant;
	read_zeroes(reader);
	for (unsigned i = 0; i < reader->bytes; i++)
		if (i % result >= element)
			take_sign(reader, i, i / result * element + element - 1);
}

static void read_numbers(reader_t *reader)
{
	read_signs(reader);
	mix_elements(reader);
}

/* ---- single elements ---- */

static void read_extract(reader_t *reader)
{
	add_last(reader);
	take(reader, 0, 0, reader->immediate * reader->element % HALF, reader->element);
	reader->vector->to = RT_VECTOR_NONE;
	reader->vector->always = true;
}

static void read_insert(reader_t *reader)
{
	unsigned at = reader->immediate * reader->element % HALF;
	add_two(reader);
	take(reader, 0, 0, 0, HALF);
	take_none(reader, at, 0, reader->element);
	take(reader, at, 1, 0, reader->element);
}

/* insertps: the immediate says from where, where to, and what else becomes 0. */
static void read_insert_zeroes(reader_t *reader)
{
	bool is_load = reader->operands[reader->count - 1]->type == ZYDIS_OPERAND_TYPE_MEMORY;
	unsigned from = is_load ? 0 : reader->immediate >> 6, to = reader->immediate >> 4 & 3;
	add_two(reader);
	for (unsigned i = 0; i < 4; i++)
		if (!(reader->immediate >> i & 1))
			take(reader, 4 * i, i == to, i == to ? 4 * from : 4 * i, 4);
}

/* ---- the table ---- */

static const struct rt_vector_row rows[ZYDIS_MNEMONIC_MAX_VALUE + 1] = {
#define ONE(mnemonic, reads, element, variant) [ZYDIS_MNEMONIC_##mnemonic] = {read_##reads, element, variant},
#define BOTH(mnemonic, reads, element, variant)                                                              \
	ONE(mnemonic, reads, element, variant) ONE(V##mnemonic, reads, element, variant)
#include "vectors.def"
#undef BOTH
#undef ONE
};

struct rt_vector_row rt_vector_row(ZydisMnemonic mnemonic)
{
	return rows[mnemonic];
}
