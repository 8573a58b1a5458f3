#include "object.h"

uint16_t rt_object_lives[1 << RT_OBJECT_LIVES_LOG];

void rt_object_use(struct rt_thread *self, struct rt_site *site, const volatile void *object)
{
	if (rt_hooked_at(site->pc))
		rt_access_called(self, site, object, RT_ATOMIC_READ);
}

void rt_object_change(struct rt_thread *self, struct rt_site *site, const volatile void *object)
{
	__atomic_fetch_add(rt_object_life(object), 1, __ATOMIC_RELAXED);
	if (rt_watching && rt_hooked_at(site->pc))
		rt_access_called(self, site, object, RT_WRITE);
}
