/* Rewriting: the plain loads and stores of code that nobody recompiled.
 *
 * Every function of a module is copied to memory nearby, with a check in front of each access; jumps in the original lead
 * into the copies. See docs/rewriting.md.
 *
 * Who may include it: interpose/. It must not know a wrapper or an output format. */
#ifndef RACETRACK_REWRITE_REWRITE_H
#define RACETRACK_REWRITE_REWRITE_H

#include "shadow/base.h"

#include <link.h>

/* Before the second thread: rewrites what is loaded. Later calls do nothing. */
RT_HIDDEN void rt_rewrite_start(void);
/* The process, or the program in it, ends: tells which names in the options were good for nothing. Until now another library could
 * have come. Once: an exec may fail. */
RT_HIDDEN void rt_rewrite_end(void);
/* Nothing is to be rewritten, for this reason (words that stay): if it has not been yet. */
RT_HIDDEN void rt_rewrite_refuse(const char *why);
/* Some module runs as clones. */
RT_HIDDEN bool rt_rewrite_is_on(void);

/* The last module that was there when rewriting looked; NULL: it does not look. */
extern RT_HIDDEN const struct link_map *rt_rewrite_last;
/* Rewrites what was loaded since: any thread, outside the engine. */
RT_HIDDEN void rt_rewrite_loaded(void);
/* A call of the loader cannot be wrapped without its taking this library for the caller. So whoever is called often looks. */
static inline void rt_rewrite_look(void)
{
	const struct link_map *last = __atomic_load_n(&rt_rewrite_last, __ATOMIC_ACQUIRE);
	if (RT_UNLIKELY(last && last->l_next))
		rt_rewrite_loaded();
}
/* Likewise, and what another thread is just rewriting is done when it returns: for who may call it next. */
RT_HIDDEN void rt_rewrite_look_and_wait(void);
/* Around a call that unloads modules. */
RT_HIDDEN void rt_rewrite_unloading(void);
RT_HIDDEN void rt_rewrite_unloaded(void);

/* The program is about to make this memory writable, or asks to: modules whose code lies there run as they were from now on. Any
 * thread, outside the engine. */
RT_HIDDEN void rt_rewrite_changing(const void *where, size_t bytes);

/* ---- signals: see resume.c ---- */

enum { RT_REWRITE_STATE = 18, RT_REWRITE_SLOTS = 40 };

/* What is kept of an interrupted clone while a handler runs. */
struct rt_rewrite_kept {
	uint64_t own[RT_REWRITE_STATE];   /* registers, pc, flags as they were */
	uint64_t shown[RT_REWRITE_STATE]; /* and as the handler found them */
	uint64_t slots[RT_REWRITE_SLOTS];
	bool is_shown; /* else nothing but the slots is kept */
};

/* The calling thread is in the middle of an atomic change that can't be taken apart. Then signals that are no faults can be
 * held, which the caller has blocked, until it is made; `mask`: the program's. Signal-safe. */
RT_HIDDEN bool rt_rewrite_is_changing(void);
RT_HIDDEN void rt_rewrite_hold(uint64_t mask);
/* A handler of the program will run: its context (ucontext_t) shows the original's state from here on. `nested`: what it
 * interrupted is the arrival of another signal. True: rt_rewrite_resume is to be called when the handler has returned. Owner thread, signal-safe. */
RT_HIDDEN bool rt_rewrite_arrived(void *context, struct rt_rewrite_kept *kept, bool nested);
/* The handler returned. True: what was interrupted goes on; false: the handler changed the state, and the original goes on
 * with it. */
RT_HIDDEN bool rt_rewrite_resume(void *context, const struct rt_rewrite_kept *kept);

#endif
