/* rewrite=sample:N%: of the program's functions N of a hundred are looked at, and N of a hundred of the places that call
 * wrapped functions; others in every run. Calls that order threads are always seen.
 *
 * Who may include it: shadow/, rewrite/, interpose/. Any thread. */
#ifndef RACETRACK_SHADOW_SAMPLE_H
#define RACETRACK_SHADOW_SAMPLE_H

#include "base.h"

#define RT_SAMPLE_ALL (1ull << 32)

struct rt_sample {
	uint64_t share; /* of RT_SAMPLE_ALL */
	uint64_t seed;
};
extern RT_HIDDEN struct rt_sample rt_sample;

/* As the option says. Once, before there is a second thread. */
RT_HIDDEN void rt_sample_init(void);

static inline bool rt_sample_is_all(void)
{
	return RT_LIKELY(rt_sample.share == RT_SAMPLE_ALL);
}

/* `place`: the address of a function, or the one that a call returns to. */
static inline bool rt_sample_takes(uintptr_t place)
{
	return rt_sample_is_all() || (uint32_t)rt_hash64(place ^ rt_sample.seed) < rt_sample.share;
}

#endif
