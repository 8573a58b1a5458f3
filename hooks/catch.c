/* C++ exceptions leave frames. Those of functions that clean up announce it themselves; C code, and whatever else was compiled
 * without exceptions, does not. Where an exception is caught all of them are over: they lie below the catcher's.
 *
 * Linked into programs only (RT_LINKED_IN), by the linker's --wrap: the library that has the real function is the module's
 * own affair, and no other module's calls are touched. */
#include "access.h"

#ifdef RT_LINKED_IN

__attribute__((visibility("hidden"))) void *__wrap___cxa_begin_catch(void *exception);
/* Weak: a program without C++ asks for none of this. */
__attribute__((weak)) void *__real___cxa_begin_catch(void *exception);

void *__wrap___cxa_begin_catch(void *exception)
{
	struct rt_hot *hot = &racetrack_hot;
	uintptr_t sp = (uintptr_t)__builtin_dwarf_cfa();
	while (hot->top > hot->first && hot->top[-1].sp < sp)
		hot->top--;
	return __real___cxa_begin_catch(exception);
}

#endif
