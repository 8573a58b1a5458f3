#include "local.h"

#include "context.h"
#include "object.h"
#include "sync.h"
#include "thread.h"

enum { RED_ZONE = 128 /* bytes */ };

static bool is_own(const struct rt_thread *self, uintptr_t address)
{
	return address >= self->stack_low && address < self->stack_high;
}

/* The CFA of the frame that the address lies in; 0: it is not known. */
static uintptr_t cfa_of(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	if (!is_own(self, site->sp) || address < site->sp - RED_ZONE)
		return 0;
	uintptr_t cfa = site->cfa > address ? site->cfa : rt_context_cfa(self, site, address);
	bool is_readable = cfa % sizeof(uintptr_t) == 0 && cfa > site->sp && is_own(self, cfa - 1);
	return is_readable ? cfa : 0;
}

/* A number for the frame that an address of the thread's own stack lies in; 0: it is not known. */
static uint64_t frame_of(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	uintptr_t cfa = cfa_of(self, site, address);
	return cfa ? rt_hash64(cfa ^ rt_hash64(*(const uintptr_t *)(cfa - sizeof(uintptr_t)))) | 1 : 0;
}

void rt_local_keep(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	uint64_t key = rt_sync_key(address);
	if (!is_own(self, address) || key != address)
		return;
	uint64_t frame = frame_of(self, site, address);
	struct rt_sync_hold hold = rt_sync_hold(key);
	if (hold.sync)
		hold.sync->frame = frame;
	rt_guard_unlock(hold.guard);
}

bool rt_local_is_there(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	uint64_t key = rt_sync_key(address);
	if (RT_LIKELY(!is_own(self, address)) || key != address)
		return true;
	uint64_t frame = frame_of(self, site, address);
	struct rt_sync_hold hold = rt_sync_hold(key);
	bool is_strange = false;
	if (hold.sync && frame) {
		if (!hold.sync->frame)
			hold.sync->frame = frame;
		is_strange = hold.sync->frame != frame;
	}
	rt_guard_unlock(hold.guard);
	if (is_strange)
		rt_sync_destroy(self, key);
	return !is_strange;
}
