/* What a module that was compiled with hooks (-fsanitize=thread) tells of by itself: each load and store behind a hook that has just
 * been handed its address. The rest is seen by nobody else, and is checked as in any other module: inline assembly, what gcc makes of
 * memset, memcpy and the like behind the hooks' back, intrinsics, what was compiled without hooks and linked in.
 *
 * A function in which no hook tells of an access was compiled so on purpose, or has nothing that a hook could tell: of it no more is
 * looked at than atomic instructions, which order what others tell of, and what is of a form that no hook is made for, if that is
 * all that it has. gcc's tell of the call of each function that has them, so that one without accesses is known, too.
 *
 * A module with atomic instructions and no hook of an atomic operation may have been compiled to have none of these
 * (-fno-sanitize-thread-atomics): what such an instruction orders is seen, the access is none.
 *
 * Who may include it: rewrite/. One thread at a time. Source of the hooks' names: gcc's libsanitizer/tsan and LLVM's
 * compiler-rt/lib/tsan/rtl/tsan_interface.h. */
#ifndef RACETRACK_REWRITE_TOLD_H
#define RACETRACK_REWRITE_TOLD_H

#include "body.h"
#include "file.h"
#include "own_frame.h"

/* What a call of a hook says. */
struct rt_hook {
	uintptr_t place; /* of the function, or of the slot that the loader fills with it */
	uint16_t bytes;  /* 0: none; RT_HOOK_RANGE: what the second argument says */
	bool writes;     /* and may read as well */
	bool orders;     /* it is none of an access or a call, and may order something */
};

enum { RT_HOOK_RANGE = 0xffff };

/* The hooks of one module. */
struct rt_hooks {
	RT_LIST(struct rt_hook) by_place; /* ascending */
	bool are_all_gcc;
	bool has_atomics;  /* hooks of atomic operations */
	bool has_counters; /* a profile's: static variables, of which hooks do not tell */
	struct rt_own_frame own_frame;
};

/* Finds them. False: no memory, or the module has hooks that are not known. */
RT_HIDDEN bool rt_told_open(
	struct rt_hooks *hooks, const struct rt_module *module, const struct rt_file *file);
/* Accesses of the body that the hooks tell of, or nobody has to, are skipped: RT_SKIP_HOOKED. False: all are. */
RT_HIDDEN bool rt_told_find(struct rt_hooks *hooks, struct rt_body *body);
RT_HIDDEN void rt_told_close(struct rt_hooks *hooks);

#endif
