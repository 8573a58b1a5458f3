#include "floor.h"

#include "thread_table.h"
#include "vectors.h"

rt_epoch_t rt_floor[RT_BLOCKS] RT_SPARSE;

/* Ticks between two times that a thread raises it. All threads do, and each has more to look at the more there are. */
enum { TICKS = 64, TICKS_MORE = 4 /* for each that lives */ };

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

static rt_four_epochs four_of(const struct rt_clock *clock, uint32_t four)
{
	static const rt_four_epochs none;
	return four * RT_FOUR < clock->count ? ((const rt_four_epochs *)clock->epochs)[four] : none;
}

/* What is known by clock `a` or by `b`, where that is less than what is in least, or `first`. */
static void lower(
	rt_four_epochs *least, uint32_t fours, const struct rt_clock *a, const struct rt_clock *b, bool first)
{
	const rt_four_epochs always = (rt_four_epochs){0} - (int32_t)first;
	for (uint32_t i = 0; i < fours; i++) {
		rt_four_epochs x = four_of(a, i), y = four_of(b, i), more = x > y;
		x = (more & x) | (~more & y);
		rt_four_epochs less = (x < least[i]) | always;
		least[i] = (less & x) | (~less & least[i]);
	}
}

void rt_floor_raise(void)
{
	static RT_SPARSE rt_four_epochs least[RT_BLOCKS / RT_FOUR];
	static const struct rt_clock nothing;
	uint32_t fours = RT_BLOCKS / RT_FOUR;
	bool first = true;
	rt_clocks_hold();
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		const struct rt_thread *other = waited_for(thread);
		const struct rt_clock *own = &thread->clock, *more = other ? &other->clock : &nothing;
		uint32_t most = own->count > more->count ? own->count : more->count;
		most = (most + RT_FOUR - 1) / RT_FOUR;
		fours = most < fours ? most : fours; /* beyond it somebody knows nothing */
		lower(least, fours, own, more, first);
		first = false;
	}
	rt_clocks_let_go();
	const rt_epoch_t *known = (const rt_epoch_t *)least;
	for (uint32_t i = 0; !first && i < fours * RT_FOUR; i++)
		if (known[i] > rt_floor[i])
			__atomic_store_n(&rt_floor[i], known[i], __ATOMIC_RELAXED);
}

uint32_t rt_floor_ticks(void)
{
	return TICKS + TICKS_MORE * rt_threads.live_count;
}

static void raise_floor(void *unused)
{
	(void)unused;
	rt_floor_raise();
}

void rt_floor_tick(struct rt_thread *self)
{
	if (rt_spin_try(&rt_threads.spin)) {
		rt_vectors_kept(raise_floor, NULL);
		rt_spin_unlock(&rt_threads.spin);
	}
	self->ticks_left = rt_floor_ticks();
}
