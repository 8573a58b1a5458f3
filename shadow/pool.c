/* Pools: objects that go from owner to owner. The edge of an object runs from its put to its get and nowhere else; from
 * put to get it is poisoned; its range remembers who had it before, for the report of a stale alias. */
#include "memory.h"
#include "thread.h"

void rt_pool_get(struct rt_thread *self, struct rt_site *site, const volatile void *object, size_t bytes)
{
	rt_sync_acquire(self, site, (uint64_t)(uintptr_t)object, "pooled object");
	rt_unpoison(self, object, bytes);
	rt_range_pooled((uintptr_t)object, bytes, rt_site_context(self, site, RT_GET), self->id);
}

void rt_pool_put(struct rt_thread *self, struct rt_site *site, const volatile void *object, size_t bytes)
{
	rt_ctx_t before, context = rt_site_context(self, site, RT_PUT);
	uint32_t thread;
	if (rt_poisoned_by(object, &before, &thread)) {
		const struct rt_party parties[] = {
			{self->id, RT_PUT, object, bytes, context},
			{thread, RT_PUT, object, bytes, before},
		};
		rt_misuse(self, "pool-double-put", NULL, parties, RT_COUNT(parties));
		return;
	}
	rt_poison(self, site, object, bytes, RT_PUT, "pool-use-after-put");
	rt_range_put((uintptr_t)object, context, self->id);
	rt_sync_release(self, site, (uint64_t)(uintptr_t)object, "pooled object");
}
