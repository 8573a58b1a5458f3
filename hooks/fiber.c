#include "fiber.h"

#include "hooks.h"
#include "shadow/frames.h"

struct rt_fiber {
	struct rt_frame *frames; /* while it does not run */
	uint32_t frame_count;
	bool is_created; /* not a thread's own */
};

static __thread struct rt_fiber own_fiber;
static __thread struct rt_fiber *running; /* NULL: its own */

struct rt_fiber *rt_fiber_current(void)
{
	return running ? running : &own_fiber;
}

struct rt_fiber *rt_fiber_create(struct rt_thread *self, struct rt_site *site)
{
	struct rt_fiber *fiber = rt_alloc(sizeof(*fiber));
	if (!fiber)
		return NULL;
	fiber->is_created = true;
	rt_sync_release(self, site, RT_HOOK_KEY(fiber), "fiber");
	return fiber;
}

void rt_fiber_destroy(struct rt_thread *self, struct rt_fiber *fiber)
{
	if (!fiber->is_created)
		return;
	rt_sync_destroy(self, RT_HOOK_KEY(fiber));
	rt_free(fiber->frames, fiber->frame_count * sizeof(*fiber->frames));
	rt_free(fiber, sizeof(*fiber));
}

void rt_fiber_switch(struct rt_thread *self, struct rt_site *site, struct rt_fiber *fiber)
{
	struct rt_fiber *left = rt_fiber_current();
	if (fiber == left)
		return;
	rt_sync_release(self, site, RT_HOOK_KEY(left), "fiber");
	rt_sync_acquire(self, site, RT_HOOK_KEY(fiber), "fiber");
	left->frames = rt_frames_take(&left->frame_count);
	left->frame_count = left->frames ? left->frame_count : 0;
	rt_frames_put(fiber->frames, fiber->frame_count);
	fiber->frames = NULL;
	fiber->frame_count = 0;
	running = fiber;
}

/* ---- by ThreadSanitizer's names ---- */

void *__tsan_get_current_fiber(void)
{
	return rt_fiber_current();
}

void *__tsan_create_fiber(unsigned flags)
{
	struct rt_fiber *fiber = NULL;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(fiber = rt_fiber_create(self, &site));
	return fiber;
}

void __tsan_destroy_fiber(void *fiber)
{
	if (fiber)
		RT_HOOK_TELL_ALWAYS(rt_fiber_destroy(self, fiber));
}

/* The flag for no synchronisation is not heard: see fiber.h. */
void __tsan_switch_to_fiber(void *fiber, unsigned flags)
{
	(void)flags;
	if (fiber)
		RT_HOOK_TELL_ALWAYS(rt_fiber_switch(self, &site, fiber));
}

/* Reports know threads by name, and a thread's own fiber stands for it. */
void __tsan_set_fiber_name(void *fiber, const char *name)
{
	if (fiber == &own_fiber && name)
		RT_HOOK_TELL_ALWAYS(rt_thread_name(self, name));
}
