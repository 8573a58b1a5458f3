/* Leaving frames without returning from them, and other stacks in one thread: what becomes of the calls that hooks announced. */
#include "shadow/frames.h"
#include "wrap.h"

/* The C library keeps rsp at this place, mangled: sysdeps/x86_64/jmpbuf-offsets.h and the ABI's pointer guard. */
static uintptr_t stack_of(const struct __jmp_buf_tag *buffer)
{
	enum { RSP = 6 };
	uintptr_t sp = (uintptr_t)buffer->__jmpbuf[RSP];
	__asm__("rorq $17, %0\n\txorq %%fs:0x30, %0" : "+r"(sp));
	return sp;
}

#define JUMP_BODY(name)                                                                                      \
	if (racetrack_hot.top != racetrack_hot.first)                                                        \
		rt_frames_unwind(stack_of(buffer));                                                          \
	rt_real.name(buffer, value)

void rt_wrap_longjmp(struct __jmp_buf_tag *buffer, int value)
{
	JUMP_BODY(longjmp);
}

void rt_wrap__longjmp(struct __jmp_buf_tag *buffer, int value)
{
	JUMP_BODY(_longjmp);
}

void rt_wrap_siglongjmp(struct __jmp_buf_tag *buffer, int value)
{
	JUMP_BODY(siglongjmp);
}

void rt_wrap___longjmp_chk(struct __jmp_buf_tag *buffer, int value)
{
	JUMP_BODY(__longjmp_chk);
}

/* The calls of the stack that is left come back with it. */
int rt_wrap_swapcontext(ucontext_t *from, const ucontext_t *to)
{
	uint32_t count = 0;
	struct rt_frame *frames = NULL;
	struct rt_thread *self = racetrack_hot.top != racetrack_hot.first ? rt_enter() : NULL;
	if (self) {
		frames = rt_frames_take(&count);
		rt_leave(self);
	}
	int error = rt_real.swapcontext(from, to);
	if (frames && (self = rt_enter())) {
		rt_frames_put(frames, count);
		rt_leave(self);
	}
	return error;
}

int rt_wrap_setcontext(const ucontext_t *to)
{
	rt_frames_unwind(UINTPTR_MAX);
	return rt_real.setcontext(to);
}
