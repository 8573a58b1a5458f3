#include "once.h"

#include "maybe.h"
#include "thread.h"
#include "visit.h"

struct looks {
	uint32_t lockset; /* now */
	unsigned before;  /* without all of it */
	unsigned others;
};

/* The one set of locks, and some that were taken after those. */
static bool holds_more(uint32_t lockset, uint32_t before)
{
	while (lockset > before)
		lockset = rt_locksets.nodes[lockset].parent;
	return lockset == before;
}

static void count(void *argument, rt_cell_t cell, enum rt_access_kind kind)
{
	struct looks *looks = argument;
	uint32_t lockset = rt_context_lockset(rt_cell_context(cell));
	bool is_plain = rt_maybe_move(kind);
	if (cell & RT_CELL_WRITE)
		return;
	if (is_plain && lockset != looks->lockset && holds_more(looks->lockset, lockset))
		looks->before++;
	else
		looks->others++;
}

bool rt_once_is(struct rt_thread *self, uintptr_t address, size_t bytes)
{
	struct looks looks = {self->lockset, 0, 0};
	if (!self->lockset)
		return false;
	rt_visit_own(self, address, bytes, count, &looks);
	return looks.before && !looks.others;
}
