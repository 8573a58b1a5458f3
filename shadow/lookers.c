#include "lookers.h"

#include "maybe.h"
#include "sys.h"
#include "thread_table.h"
#include "visit.h"

enum {
	YIELDS = 32,    /* most threads come at once */
	NAP = 100,      /* us */
	NAPS = 40,      /* of one store: a thread that has lost its processor to others gets it back */
	NAPS_ALL = 1000 /* of the process */
};

static uint32_t naps; /* all stores' */

static void add(void *argument, rt_cell_t cell, enum rt_access_kind kind)
{
	struct rt_lookers *lookers = argument;
	if (cell & RT_CELL_WRITE || !rt_maybe_moved(kind))
		return;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live)
		if (thread->segment == rt_cell_segment(cell) && lookers->count < RT_LOOKERS_MOST)
			lookers->at[lookers->count++] = thread;
}

void rt_lookers_find(struct rt_lookers *lookers, struct rt_thread *self, uintptr_t address, size_t bytes)
{
	lookers->count = 0;
	rt_visit_unordered(self, address, bytes, add, lookers);
}

static bool have_come(const struct rt_lookers *lookers)
{
	for (unsigned i = 0; i < lookers->count; i++)
		if (!__atomic_load_n(&lookers->at[i]->at_gate, __ATOMIC_ACQUIRE))
			return false;
	return true;
}

void rt_lookers_wait(const struct rt_lookers *lookers)
{
	for (unsigned i = 0; i < YIELDS && !have_come(lookers); i++)
		rt_sys_yield();
	for (unsigned i = 0; i < NAPS && naps < NAPS_ALL && !have_come(lookers); i++, naps++)
		rt_sys_nap(NAP);
}
