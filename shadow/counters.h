/* Named counters: what the report's 'counters' show, and what a limit that was reached bumps.
 *
 * Who may include it: anything in the library. Any thread, signal-safe. */
#ifndef RACETRACK_SHADOW_COUNTERS_H
#define RACETRACK_SHADOW_COUNTERS_H

#include "base.h"

enum rt_counter {
#define RT_COUNTER(symbol, name, loss, text) RT_COUNTER_##symbol,
#include "counters.def"
#undef RT_COUNTER
	RT_COUNTER_COUNT,
	RT_COUNTER_HOT = RT_COUNTER_OVERFLOWS + 1, /* the first rows: counted in struct rt_thread */
};

extern RT_HIDDEN uint64_t rt_counters[RT_COUNTER_COUNT];

static inline void rt_count_add(enum rt_counter counter, uint64_t n)
{
	__atomic_fetch_add(&rt_counters[counter], n, __ATOMIC_RELAXED);
}

#endif
