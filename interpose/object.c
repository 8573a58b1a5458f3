#include "object.h"

#include "hooks/hooked.h"
#include "shadow/trait.h"

uint16_t rt_object_lives[1 << RT_OBJECT_LIVES_LOG];

bool rt_object_is_told(uintptr_t pc)
{
	return rt_hooked_at(pc) || rt_trait_holds(RT_TRAIT_WHOLE, pc);
}

void rt_object_use(struct rt_thread *self, struct rt_site *site, const volatile void *object)
{
	if (rt_object_is_told(site->pc))
		rt_access_called(self, site, object, RT_ATOMIC_READ);
}

void rt_object_leave(struct rt_thread *self, struct rt_site *site, const volatile void *object)
{
	if (rt_object_is_told(site->pc))
		rt_access_called(self, site, object, RT_LEAVE);
}

void rt_object_change(struct rt_thread *self, struct rt_site *site, const volatile void *object)
{
	__atomic_fetch_add(rt_object_life(object), 1, __ATOMIC_RELAXED);
	if (rt_watching && rt_object_is_told(site->pc))
		rt_access_called(self, site, object, RT_WRITE);
}
