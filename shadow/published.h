/* Stacks and modules that other processes can read: what a cell of shared memory names.
 *
 * A context's number means something in its own process only. The cells of shared memory carry the number of a stack in the
 * session instead, which is written there when the context first accesses such memory. Stacks are addresses in an image: the
 * process that made it and those that it forked; its modules stand in the session, too.
 *
 * Who may include it: shadow/. Any thread inside the engine. What is read here was written by others: it is copied, and checked. */
#ifndef RACETRACK_SHADOW_PUBLISHED_H
#define RACETRACK_SHADOW_PUBLISHED_H

#include "session.h"

/* A finding's side may name a stack of the session where else a context stands. */
#define RT_CTX_SESSION (1u << 31)

/* The number of the context's stack at a mapping (rt_shared_mapping); 0: it found no room. */
RT_HIDDEN uint32_t rt_published_stack(rt_ctx_t context, uint32_t mapping);

/* Before a fork: what each child would have to tell anew, with its first access to shared memory. */
RT_HIDDEN void rt_published_forking(void);

struct rt_published {
	uint64_t hash; /* of kind and frames: the same for the same code in every image */
	uint32_t image, mapping;
	enum rt_access_kind kind;
	enum rt_class class;
	uint32_t count;
};
/* What is known of a stack: all 0 where there is none. */
RT_HIDDEN struct rt_published rt_published_read(uint32_t stack);
/* Its frames, innermost first, at most RT_SESSION_FRAMES; how many. */
RT_HIDDEN uint32_t rt_published_frames(uint32_t stack, uint64_t *pcs);

/* Calls put() for each module of an image. */
RT_HIDDEN void rt_published_modules(
	uint32_t image, void (*put)(uint32_t index, const struct rt_session_module *module));

#endif
