/* Functions that are atomic operations by their names: without optimisation compilers call std::atomic's load and store, and
 * Rust's, as functions, whose plain moves no loop is around. Programs that are built so have symbols.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_NAMED_H
#define RACETRACK_REWRITE_NAMED_H

#include "body.h"
#include "file.h"

/* A bit for each function of the module; rt_named_bytes long. NULL: there are none, or no memory. */
RT_HIDDEN uint64_t *rt_named_find(const struct rt_module *module, const struct rt_file *file);
RT_HIDDEN size_t rt_named_bytes(const struct rt_module *module);

/* Marks what such a function loads and stores outside of its frame: RT_MARK_WAITS. */
RT_HIDDEN void rt_named_mark(struct rt_body *body);

#endif
