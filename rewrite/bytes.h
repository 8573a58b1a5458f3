/* Words at any address, and copies of a few bytes: `rep movs` takes longer to begin than these to end.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_BYTES_H
#define RACETRACK_REWRITE_BYTES_H

#include "shadow/base.h"

typedef int32_t __attribute__((aligned(1), may_alias)) rt_int32_anywhere_t;
typedef uint64_t __attribute__((aligned(1), may_alias)) rt_uint64_anywhere_t;

static inline int32_t rt_word_get(const void *at)
{
	return *(const rt_int32_anywhere_t *)at;
}

static inline void rt_word_put(void *at, int32_t word)
{
	*(rt_int32_anywhere_t *)at = word;
}

/* The two ends, which overlap in the middle. */
static inline void rt_bytes_copy_few(void *to, const void *from, size_t bytes)
{
	uint8_t *into = to;
	const uint8_t *out = from;
	if (bytes > 16) {
		rt_bytes_copy(to, from, bytes);
	} else if (bytes >= 8) {
		uint64_t low = *(const rt_uint64_anywhere_t *)out;
		uint64_t high = *(const rt_uint64_anywhere_t *)(out + bytes - 8);
		*(rt_uint64_anywhere_t *)into = low;
		*(rt_uint64_anywhere_t *)(into + bytes - 8) = high;
	} else if (bytes >= 4) {
		int32_t low = rt_word_get(out), high = rt_word_get(out + bytes - 4);
		rt_word_put(into, low);
		rt_word_put(into + bytes - 4, high);
	} else {
		while (bytes--)
			*into++ = *out++;
	}
}

#endif
