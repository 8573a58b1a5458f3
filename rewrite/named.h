/* Functions that are something else than code of the program by their names. Atomic operations: without optimisation compilers
 * call std::atomic's load and store, Rust's, and D's, as functions, whose plain moves no loop is around. Programs that are built so
 * have symbols, and so have libraries that have these functions for others (D's). And what a program that calls the interface of ThreadSanitizer's library brings in that one's place, such as the
 * barrier that no detector is to see.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_NAMED_H
#define RACETRACK_REWRITE_NAMED_H

#include "bits.h"
#include "body.h"
#include "file.h"

enum rt_named { RT_NAMED_ATOMIC, RT_NAMED_INTERFACE, RT_NAMED_KINDS };

/* The module has atomic operations as functions. */
RT_HIDDEN bool rt_named_any_atomic(const struct rt_module *module, const struct rt_file *file);

/* What rt_named_is looks at; rt_named_bytes long. NULL: there are none, or no memory. */
RT_HIDDEN uint64_t *rt_named_find(const struct rt_module *module, const struct rt_file *file);
RT_HIDDEN size_t rt_named_bytes(const struct rt_module *module);

/* `named`: or NULL. */
static inline bool rt_named_is(
	const uint64_t *named, const struct rt_module *module, uint32_t function, enum rt_named kind)
{
	return named && rt_bit(named, (uint32_t)kind * module->function_count + function);
}

/* A function of the linker's name that loads or stores an atomic variable. */
RT_HIDDEN bool rt_named_moves_atomic(const char *name);
/* A variable that gcc's <stdatomic.h> declares around an atomic load, or store. */
RT_HIDDEN bool rt_named_is_operand(const char *name, bool *stores);

/* Marks what an atomic operation loads and stores outside of its frame: RT_MARK_WAITS. */
RT_HIDDEN void rt_named_mark(struct rt_body *body);

#endif
