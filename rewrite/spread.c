#include "spread.h"

#include "slots.h"

enum { FLAG_DF = 1 << 10 };

/* ---- searches ---- */

static uint64_t word_at(uintptr_t address, unsigned bytes)
{
	switch (bytes) {
	case 1:
		return *(const volatile uint8_t *)address;
	case 2:
		return *(const volatile uint16_t *)address;
	case 4:
		return *(const volatile uint32_t *)address;
	default:
		return *(const volatile uint64_t *)address;
	}
}

/* What cmps and scas compare with one of them. */
struct search {
	bool by_register; /* scas */
	bool while_equal; /* repe */
	unsigned bytes;
	uint64_t wanted;
};

static struct search search_of(const struct rt_spread_walk *walk)
{
	unsigned bytes = walk->what & RT_WHAT_BYTES;
	uint64_t mask = bytes == 8 ? ~(uint64_t)0 : ((uint64_t)1 << 8 * bytes) - 1;
	return (struct search){.by_register = walk->how->vector & RT_SEARCH_REGISTER,
		.while_equal = walk->how->vector & RT_SEARCH_EQUAL,
		.bytes = bytes,
		.wanted = walk->frame->reg[RT_RAX] & mask};
}

/* How many elements the instruction looks at, the last one included. */
static uint64_t search_length(const struct rt_spread_walk *walk)
{
	const uint64_t *reg = walk->frame->reg;
	struct search search = search_of(walk);
	intptr_t step = walk->frame->flags & FLAG_DF ? -(intptr_t)search.bytes : (intptr_t)search.bytes;
	uintptr_t from = reg[RT_RSI], to = reg[RT_RDI];
	for (uint64_t i = 0; i < reg[RT_RCX]; i++) {
		uint64_t other = search.by_register ? search.wanted : word_at(from, search.bytes);
		if ((word_at(to, search.bytes) == other) != search.while_equal)
			return i + 1;
		from += (uintptr_t)step;
		to += (uintptr_t)step;
	}
	return reg[RT_RCX];
}

static bool next_search(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	uint64_t length = walk->element++ ? 0 : search_length(walk);
	size_t one = walk->what & RT_WHAT_BYTES;
	*address = rt_slots.address;
	*bytes = length * one;
	if (length && walk->frame->flags & FLAG_DF)
		*address -= one * (length - 1);
	return length;
}

/* ---- elements ---- */

static unsigned element_bytes(const struct rt_spread_walk *walk)
{
	return 1u << (walk->how->elements & RT_ELEMENT_LOG);
}

static bool is_named(const struct rt_spread_walk *walk, unsigned element)
{
	if (walk->how->elements & RT_ELEMENT_BITS)
		return rt_slots.spread_bits >> element & 1;
	return rt_slots.spread_mask[(element + 1) * element_bytes(walk) - 1] >> 7;
}

static uintptr_t gathered(const struct rt_spread_walk *walk, unsigned element)
{
	int64_t index = walk->how->elements & RT_ELEMENT_QUAD
				? ((const int64_t *)(const void *)rt_slots.spread_index)[element]
				: ((const int32_t *)(const void *)rt_slots.spread_index)[element];
	return rt_slots.address + ((uintptr_t)index << (walk->how->elements >> RT_ELEMENT_SCALE & 3));
}

static bool next_gathered(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	while (walk->element < walk->count && !is_named(walk, walk->element))
		walk->element++;
	if (walk->element >= walk->count)
		return false;
	*address = gathered(walk, walk->element++);
	*bytes = element_bytes(walk);
	return true;
}

/* Neighbours together. */
static bool next_elements(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	while (walk->element < walk->count && !is_named(walk, walk->element))
		walk->element++;
	unsigned first = walk->element;
	while (walk->element < walk->count && is_named(walk, walk->element))
		walk->element++;
	*address = rt_slots.address + first * element_bytes(walk);
	*bytes = (walk->element - first) * element_bytes(walk);
	return *bytes;
}

static unsigned count_bits(uint64_t bits)
{
	unsigned count = 0;
	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* ---- in a piece ---- */

/* From the operand's address to the word that has the bit. */
static intptr_t bit_distance(uint64_t number, unsigned bytes)
{
	switch (bytes) {
	case 2:
		return ((int16_t)number >> 4) * 2;
	case 4:
		return ((int32_t)number >> 5) * 4;
	default:
		return ((int64_t)number >> 6) * 8;
	}
}

static bool next_whole(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	const struct rt_spread_how *how = walk->how;
	*address = rt_slots.address;
	*bytes = walk->what & RT_WHAT_BYTES;
	if (walk->element++)
		return false;
	switch (how->spread) {
	case RT_SPREAD_BIT:
		*address +=
			(uintptr_t)bit_distance(walk->frame->reg[how->vector], walk->what & RT_WHAT_BYTES);
		return true;
	case RT_SPREAD_AL:
		*address += walk->frame->reg[RT_RAX] & 0xff;
		return true;
	case RT_SPREAD_PACKED:
		*bytes = count_bits(rt_slots.spread_bits & (~(uint64_t)0 >> (64 - walk->count))) *
			 element_bytes(walk);
		return *bytes;
	default: /* RT_SPREAD_ANY */
		return rt_slots.spread_bits & (((uint64_t)1 << how->vector) - 1);
	}
}

/* ---- the walk ---- */

void rt_spread_begin(struct rt_spread_walk *walk, const struct rt_slow_frame *frame)
{
	const struct rt_slow_behind *behind = rt_slow_behind(frame);
	walk->frame = frame;
	walk->how = (const struct rt_spread_how *)(behind + 1);
	walk->what = behind->what;
	walk->element = 0;
	walk->count = (behind->what & RT_WHAT_BYTES) >> (walk->how->elements & RT_ELEMENT_LOG);
}

static bool next_piece(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	switch (walk->how->spread) {
	case RT_SPREAD_SEARCH:
		return next_search(walk, address, bytes);
	case RT_SPREAD_ELEMENT:
		return next_elements(walk, address, bytes);
	case RT_SPREAD_GATHER:
		return next_gathered(walk, address, bytes);
	default:
		return next_whole(walk, address, bytes);
	}
}

bool rt_spread_next(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes)
{
	bool is_piece = next_piece(walk, address, bytes);
	if (walk->how->elements & RT_ELEMENT_NARROW)
		*address = (uint32_t)*address;
	return is_piece;
}
