#include "floor.h"

#include "thread_table.h"

rt_epoch_t rt_floor[RT_BLOCKS];

static bool handles_signals;

void rt_signals_handled(void)
{
	__atomic_store_n(&handles_signals, true, __ATOMIC_RELAXED);
}

/* Whose knowledge the thread will have before it goes on; NULL: it goes on with its own. */
static const struct rt_thread *waited_for(const struct rt_thread *thread)
{
	uint32_t id = __atomic_load_n(&thread->waits_for, __ATOMIC_RELAXED);
	return id && !__atomic_load_n(&handles_signals, __ATOMIC_RELAXED) ? rt_thread_of_id(id) : NULL;
}

void rt_floor_raise(void)
{
	static rt_epoch_t least[RT_BLOCKS];
	static const struct rt_clock nothing;
	uint32_t count = UINT32_MAX;
	rt_clocks_hold();
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		const struct rt_thread *other = waited_for(thread);
		const struct rt_clock *own = &thread->clock, *more = other ? &other->clock : &nothing;
		uint32_t most = own->count > more->count ? own->count : more->count;
		bool first = count == UINT32_MAX;
		count = most < count ? most : count; /* beyond it somebody knows nothing */
		for (uint32_t i = 0; i < count; i++) {
			rt_epoch_t a = rt_clock_get(own, i), b = rt_clock_get(more, i);
			a = a > b ? a : b;
			least[i] = first || a < least[i] ? a : least[i];
		}
	}
	rt_clocks_let_go();
	for (uint32_t i = 0; count != UINT32_MAX && i < count; i++)
		if (least[i] > rt_floor[i])
			__atomic_store_n(&rt_floor[i], least[i], __ATOMIC_RELAXED);
}
