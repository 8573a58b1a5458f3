/* Bitmaps as arrays of words. They have a word more than their bits need, so that whoever looks at a word may look at the next.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_BITS_H
#define RACETRACK_REWRITE_BITS_H

#include "shadow/base.h"

static inline bool rt_bit(const uint64_t *bits, uint32_t at)
{
	return bits[at / 64] >> at % 64 & 1;
}

static inline void rt_bit_set(uint64_t *bits, uint32_t at)
{
	bits[at / 64] |= 1ull << at % 64;
}

static inline void rt_bit_clear(uint64_t *bits, uint32_t at)
{
	bits[at / 64] &= ~(1ull << at % 64);
}

/* 64 bits from `at` on. */
static inline uint64_t rt_bits_from(const uint64_t *bits, uint32_t at)
{
	uint64_t high = at % 64 ? bits[at / 64 + 1] << (64 - at % 64) : 0;
	return bits[at / 64] >> at % 64 | high;
}

/* The first bit in [from, end) that is set, or `end`. */
static inline uint32_t rt_bit_next(const uint64_t *bits, uint32_t from, uint32_t end)
{
	for (uint32_t at = from; at < end; at = (at / 64 + 1) * 64) {
		uint64_t word = bits[at / 64] >> at % 64;
		if (!word)
			continue;
		at += (uint32_t)__builtin_ctzll(word);
		return at < end ? at : end;
	}
	return end;
}

/* A bitmap of which most is empty, with a second one of its words: a bit where one may have any. */
struct rt_sparse_bits {
	uint64_t *bits, *words;
};

static inline void rt_sparse_set(struct rt_sparse_bits *sparse, uint32_t at)
{
	rt_bit_set(sparse->bits, at);
	rt_bit_set(sparse->words, at / 64);
}

/* As rt_bit_next. */
static inline uint32_t rt_sparse_next(struct rt_sparse_bits *sparse, uint32_t from, uint32_t end)
{
	while (from < end) {
		uint32_t word = from / 64;
		uint64_t rest = sparse->bits[word] >> from % 64;
		if (rest) {
			from += (uint32_t)__builtin_ctzll(rest);
			break;
		}
		if (!sparse->bits[word])
			rt_bit_clear(sparse->words, word);
		from = rt_bit_next(sparse->words, word + 1, (end + 63) / 64) * 64;
	}
	return from < end ? from : end;
}

#endif
