/* What hooks do that is not done in their first lines, and the hooks that come seldom. */
#include "access.h"
#include "hooked.h"
#include "shadow/counters.h"
#include "shadow/engine.h"
#include "shadow/frames.h"
#include "shadow/infer.h"

void racetrack_hook_access(const volatile void *address, size_t bytes, bool write, uintptr_t pc)
{
	if (RT_UNLIKELY(rt_infer_by_hooks) && rt_infer_announced((uintptr_t)address, bytes, write, pc))
		return;
	rt_access_announced(address, bytes, write ? RT_WRITE : RT_READ, pc);
	if (RT_UNLIKELY(rt_infer_by_hooks)) /* it became a variable meanwhile */
		rt_infer_announced((uintptr_t)address, bytes, write, pc);
}

void racetrack_hook_deeper(uintptr_t pc, uintptr_t sp)
{
	struct rt_thread *self = racetrack_hot.top == racetrack_hot.end ? rt_enter() : NULL;
	if (self) {
		rt_frames_grow(self);
		rt_leave(self);
	}
	if (racetrack_hot.top < racetrack_hot.end) {
		rt_hook_call(pc, sp);
	} else {
		rt_count(RT_COUNTER_NO_FRAME);
		racetrack_hot.deeper++;
	}
}

RT_EXPORT void __tsan_init(void);
RT_EXPORT void __tsan_read_range(void *address, size_t bytes);
RT_EXPORT void __tsan_write_range(void *address, size_t bytes);
RT_EXPORT void __tsan_vptr_read(void **vptr);
RT_EXPORT void __tsan_vptr_update(void **vptr, void *value);

/* The library starts by itself; each module's constructor calls. */
void __tsan_init(void)
{
	rt_hooked_note(RT_HOOK_PC);
}

void __tsan_read_range(void *address, size_t bytes)
{
	rt_access_announced(address, bytes, RT_READ, RT_HOOK_PC);
}

void __tsan_write_range(void *address, size_t bytes)
{
	rt_access_announced(address, bytes, RT_WRITE, RT_HOOK_PC);
}

void __tsan_vptr_read(void **vptr)
{
	rt_hook_access(vptr, sizeof(*vptr), false, RT_HOOK_PC);
}

/* Constructors of base and derived class store it in turn: what is there already is no change that anyone could see. */
void __tsan_vptr_update(void **vptr, void *value)
{
	if (*vptr != value)
		rt_hook_access(vptr, sizeof(*vptr), true, RT_HOOK_PC);
}
