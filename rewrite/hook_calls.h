/* The hooks that a module with hooks calls, and what each of them says: in a stripped one, too.
 *
 * Who may include it: rewrite/. One thread at a time. Source of their names: gcc's libsanitizer/tsan and LLVM's
 * compiler-rt/lib/tsan/rtl/tsan_interface.h. */
#ifndef RACETRACK_REWRITE_HOOK_CALLS_H
#define RACETRACK_REWRITE_HOOK_CALLS_H

#include "file.h"
#include "list.h"

struct rt_hook {
	uintptr_t place; /* of the function, or of the slot that the loader fills with it */
	uint16_t bytes;  /* of the access; 0: of none; RT_HOOK_RANGE: what the second argument says */
	bool writes;     /* and may read as well */
	bool orders;     /* it is none of a plain access or a call, and may order something */
};

enum { RT_HOOK_RANGE = 0xffff };

/* The hooks of one module. {0} at first. */
struct rt_hooks {
	RT_LIST(struct rt_hook) by_place; /* ascending */
	bool are_all_gcc;
	bool has_atomics;  /* hooks of atomic operations */
	bool has_counters; /* a profile's: static variables, of which hooks do not tell */
};

/* Finds them. False: no memory, or the module has hooks that are not known. */
RT_HIDDEN bool rt_hooks_open(
	struct rt_hooks *hooks, const struct rt_module *module, const struct rt_file *file);
/* The hook that the instruction calls; NULL: none. */
RT_HIDDEN const struct rt_hook *rt_hook_of(
	const struct rt_hooks *hooks, const struct rt_module *module, const struct rt_insn *insn);
RT_HIDDEN void rt_hooks_close(struct rt_hooks *hooks);

#endif
