/* What the bodies of the seldom hooks share: the table's prototypes, and the way into the engine.
 *
 * Who may include it: hooks/. hooks.def has a row for each function; the body is a plain function of that name, exported by
 * its prototype here. A row without a body fails at link time where somebody calls it, a body with another signature at
 * compile time.
 *
 * The beats of a body are those of interpose/wrap.h. The place is the caller's, known from the frames that the program
 * announces: RT_HOOK_TELL stands in the exported function itself, in no helper. */
#ifndef RACETRACK_HOOKS_HOOKS_H
#define RACETRACK_HOOKS_HOOKS_H

#include "access.h"
#include "shadow/engine.h"

/* The types of LLVM's sanitizer/tsan_interface_atomic.h. */
typedef char rt_atomic8;
typedef short rt_atomic16;
typedef int rt_atomic32;
typedef long rt_atomic64;
__extension__ typedef __int128 rt_atomic128;

#define RT_HOOK(result, name, parameters, text)      RT_EXPORT result name parameters;
#define RT_HOOK_WEAK(result, name, parameters, text) RT_EXPORT __attribute__((weak)) result name parameters;
#define RT_HOOK_SAME(name, as, text)
#include "hooks.def"
#undef RT_HOOK_SAME
#undef RT_HOOK_WEAK
#undef RT_HOOK

#define RT_HOOK_KEY(object) ((uint64_t)(uintptr_t)(object))

/* Runs the statements, which see `self` and `site`, inside the engine; not at all where it can't be entered. `pc`: where
 * in the program it happens, as a return address. */
#define RT_HOOK_TELL_AT(place, ...)                                                                          \
	do {                                                                                                 \
		struct rt_thread *self = rt_enter();                                                         \
		if (self) {                                                                                  \
			struct rt_site site = rt_frames_site(place);                                         \
			(void)site;                                                                          \
			__VA_ARGS__;                                                                         \
			rt_leave(self);                                                                      \
		}                                                                                            \
	} while (0)

#define RT_HOOK_TELL_ALWAYS(...) RT_HOOK_TELL_AT(RT_HOOK_PC, __VA_ARGS__)

/* The same, only while accesses and synchronisation matter. */
#define RT_HOOK_TELL(...)                                                                                    \
	do {                                                                                                 \
		if (RT_UNLIKELY(rt_watching))                                                                \
			RT_HOOK_TELL_ALWAYS(__VA_ARGS__);                                                    \
	} while (0)

#endif
