/* The one table of wrapped functions, expanded: ids, real functions, prototypes of the bodies.
 *
 * Who may include it: interpose/. wrappers.def has a row for each function; the body of `memcpy` is rt_wrap_memcpy, its
 * real one rt_real.memcpy, its id RT_FN_memcpy. A row without a body fails at link time, a body without a row or with
 * another signature at compile time, a row whose signature is not the C library's at compile time (exports.c).
 *
 * The beats of a body: enter, tell what must be told before, leave; call the real function; enter, tell what must be
 * told after success, leave. The result and errno are never altered. No part of the engine is entered while the real
 * function runs, so signals, cancellation, longjmp and callbacks may leave it in any way.
 */
#ifndef RACETRACK_INTERPOSE_WRAP_H
#define RACETRACK_INTERPOSE_WRAP_H

#include "allocating.h"
#include "types.h"
#include "rewrite/rewrite.h"
#include "shadow/counters.h"
#include "shadow/covered.h"
#include "shadow/engine.h"
#include "shadow/sample.h"

/* ids */
enum rt_function {
	RT_FN_FIRST = RT_PC_FIRST_FUNCTION - 1,
#define RT_ROW(result, name, parameters, text) RT_FN_##name,
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
/* Annotations stand in stacks like functions do. */
#define RT_ANNOTATION(name) RT_FN_##name,
#include "annotations.def"
#undef RT_ANNOTATION
	RT_FN_END
};

/* the real functions: before the start each is a thunk that starts the library first */
struct rt_real {
#define RT_ROW(result, name, parameters, text) result(*name) parameters;
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
};
extern RT_HIDDEN struct rt_real rt_real;

/* the bodies */
#define RT_ROW(result, name, parameters, text) RT_HIDDEN result rt_wrap_##name parameters;
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

/* The call of the body this stands in. */
#define RT_SITE(function_name)                                                                               \
	((struct rt_site){                                                                                   \
		.pc = (uintptr_t)__builtin_return_address(0),                                                \
		.sp = (uintptr_t)__builtin_frame_address(0) + 16,                                            \
		.bp = *(uintptr_t *)__builtin_frame_address(0),                                              \
		.function = RT_FN_##function_name,                                                           \
	})

/* Runs the statements, which see `self` and `site`, inside the engine; not at all where it can't be entered. */
#define RT_TELL_ALWAYS(function_name, ...)                                                                   \
	do {                                                                                                 \
		struct rt_thread *self = rt_enter();                                                         \
		if (self) {                                                                                  \
			struct rt_site site = RT_SITE(function_name);                                        \
			(void)site;                                                                          \
			__VA_ARGS__;                                                                         \
			rt_leave(self);                                                                      \
		}                                                                                            \
	} while (0)

/* The same, only while accesses and synchronisation matter, and not for what the program's allocator does. */
#define RT_TELL(function_name, ...)                                                                          \
	do {                                                                                                 \
		if (RT_UNLIKELY(rt_watching) && !RT_INSIDE_ALLOCATOR)                                        \
			RT_TELL_ALWAYS(function_name, __VA_ARGS__);                                          \
	} while (0)

/* Before a call that may wait: what the thread loaded last it acquires as it is now, not as it is when the call returns. */
#define RT_MAY_WAIT(function_name)                                                                           \
	do {                                                                                                 \
		rt_rewrite_look();                                                                           \
		RT_TELL(function_name, (void)0);                                                             \
	} while (0)

/* Before what came in from others is told: once processes share memory it may order them. */
#define RT_FOLLOWS()                                                                                         \
	do {                                                                                                 \
		if (RT_UNLIKELY(__atomic_load_n(rt_session_live, __ATOMIC_RELAXED)) && !rt_watching)         \
			rt_session_follow();                                                                 \
	} while (0)
#define RT_TELL_CAME(function_name, ...)                                                                     \
	do {                                                                                                 \
		RT_FOLLOWS();                                                                                \
		RT_TELL(function_name, __VA_ARGS__);                                                         \
	} while (0)

/* What a call reads or writes of the program's memory. The allocator's threads and destructors fill and copy outside of any
 * call of the program's, too. */
static inline void rt_call_access(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_access_kind kind)
{
	if (!rt_is_covered(address, bytes, kind == RT_WRITE) && !rt_allocator_holds(site->pc) &&
		rt_sample_takes(site->pc))
		rt_access(self, site, address, bytes, kind, RT_CLASS_DATA);
}
#define RT_READS(address, bytes)  rt_call_access(self, &site, address, bytes, RT_READ)
#define RT_WRITES(address, bytes) rt_call_access(self, &site, address, bytes, RT_WRITE)
/* Before the call: a value that need not be given. */
#define RT_TELL_GIVEN(function_name, from)                                                                   \
	do {                                                                                                 \
		if (from)                                                                                    \
			RT_TELL(function_name, RT_READS(from, sizeof(*(from))));                             \
	} while (0)
/* A C string with its NUL. */
#define RT_READS_STRING(text) RT_READS(text, rt_real.strlen(text) + 1)

#endif
