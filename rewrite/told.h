/* What a module that was compiled with hooks (-fsanitize=thread) tells of by itself: each load and store behind a hook that has just
 * been handed its address. The rest is seen by nobody else, and is checked as in any other module: inline assembly, what gcc makes of
 * memset, memcpy and the like behind the hooks' back, intrinsics, what was compiled without hooks and linked in.
 *
 * A function in which no hook is called was compiled so on purpose, or has nothing to tell: of it no more than atomic
 * instructions are looked at, which order what others tell of.
 *
 * Who may include it: rewrite/. One thread at a time. Source of the hooks' names: gcc's libsanitizer/tsan and LLVM's
 * compiler-rt/lib/tsan/rtl/tsan_interface.h. */
#ifndef RACETRACK_REWRITE_TOLD_H
#define RACETRACK_REWRITE_TOLD_H

#include "body.h"
#include "file.h"
#include "list.h"

/* What a call of a hook says. */
struct rt_hook {
	uintptr_t place; /* of the function, or of the slot that the loader fills with it */
	uint16_t bytes;  /* 0: none; RT_HOOK_RANGE: what the second argument says */
	bool writes;     /* and may read as well */
	bool orders;     /* it is none of an access, and may order something */
};

enum { RT_HOOK_RANGE = 0xffff };

/* The hooks of one module. rt_list_fini when done. */
struct rt_hooks {
	RT_LIST(struct rt_hook) by_place; /* ascending */
};

/* Finds them. False: no memory, or the module has hooks that are not known. */
RT_HIDDEN bool rt_told_open(
	struct rt_hooks *hooks, const struct rt_module *module, const struct rt_file *file);
/* Accesses of the body that the hooks tell of, or nobody has to, are skipped: RT_SKIP_HOOKED. False: all are. */
RT_HIDDEN bool rt_told_find(const struct rt_hooks *hooks, struct rt_body *body);

#endif
