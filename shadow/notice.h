/* Calls of the program in threads of the C library's, which it asked for once (SIGEV_THREAD): a timer's, a message queue's. Each is
 * made in a thread that nobody announces: it comes after what the object that stands for the notice has been told, and after
 * calls for it that were over. Those that overlap are ordered by nothing.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_SHADOW_NOTICE_H
#define RACETRACK_SHADOW_NOTICE_H

#include "engine.h"

struct rt_notice {
	uint64_t key;        /* of the sync object */
	uint32_t parent;     /* who asked for it, */
	rt_ctx_t created_at; /* and where */
};

/* Owner thread, inside the engine. From here on threads may come; they are to be told by rt_sync_release on the key. */
RT_HIDDEN struct rt_notice rt_notice_asked(struct rt_thread *self, struct rt_site *site, uint64_t key);
/* In the thread that nobody knows yet: what it is to begin as (rt_thread_begin). NULL: no memory. Outside the engine, with signals
 * held. */
RT_HIDDEN struct rt_thread *rt_notice_come(const struct rt_notice *notice);

#endif
