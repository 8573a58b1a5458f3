/* Functions of other modules that code calls, by name: from the dynamic section's relocations, which a stripped program has,
 * too.
 *
 * Who may include it: rewrite/. One thread at a time. Source: System V ABI, chapter 5 (dynamic linking), and its x86-64
 * supplement. */
#ifndef RACETRACK_REWRITE_IMPORTS_H
#define RACETRACK_REWRITE_IMPORTS_H

#include "module.h"

/* The call is one of a function that gives the processor away or lets time pass: sched_yield, nanosleep and their like; or
 * is a fence; or of one of the module's own that consists of `pause`. */
RT_HIDDEN bool rt_imports_yields(const struct rt_module *module, const struct rt_insn *call);

/* It is one of a function that takes a lock, of the C library or GLib. */
RT_HIDDEN bool rt_imports_locks(const struct rt_module *module, const struct rt_insn *call);

/* The slot that the call goes by; 0: none. */
RT_HIDDEN uintptr_t rt_imports_slot_of(const struct rt_module *module, const struct rt_insn *call);

/* Where a direct call leads to. In large modules the stubs have a segment of their own, in front of the text. */
RT_HIDDEN uintptr_t rt_imports_target(const struct rt_module *module, const struct rt_insn *call);

/* Calls `visit` for each slot that the loader fills with what has a name. */
RT_HIDDEN void rt_imports_visit(const struct rt_module *module,
	void (*visit)(const char *name, uintptr_t slot, void *data), void *data);

/* The slot that the loader fills with the function; 0: the module does not ask for it. */
RT_HIDDEN uintptr_t rt_imports(const struct rt_module *module, const char *function);

/* The module was compiled with hooks: it calls those of -fsanitize=thread, or what racetrack-cc links in their place calls. */
RT_HIDDEN bool rt_imports_hooks(const struct rt_module *module);

#endif
