/* Requests of asynchronous input and output whose end nobody has found yet, by the address of their control block: each is a thread
 * of shadow/async.h.
 *
 * Who may include it: interpose/. Any thread, inside the engine. */
#ifndef RACETRACK_INTERPOSE_REQUEST_H
#define RACETRACK_INTERPOSE_REQUEST_H

#include "wrap.h"
#include "shadow/async.h"

struct rt_request {
	struct rt_request *next;
	const void *block;
	const void *owner; /* what it was given to; NULL: nothing that is asked for */
	int fd;
	int input;       /* the descriptor that it takes over from at its end; negative: none */
	uint32_t thread; /* 0: in a copy that was not found */
};

enum { RT_REQUEST_LISTS = 64 };

/* The requests of one kind. Those of another process (before a fork) are none. RT_AT_FORK. */
struct rt_requests {
	struct rt_spin spin;
	struct rt_request *lists[RT_REQUEST_LISTS];
	uint32_t count;
	int pid; /* that has them: children have none */
};

RT_HIDDEN void rt_request_add(struct rt_requests *all, struct rt_request request);
/* Takes one of the control block out. */
RT_HIDDEN struct rt_request rt_request_take(struct rt_requests *all, const void *block);
/* The block of one for which `is_it` says so, under the lock; NULL: of none. */
RT_HIDDEN const void *rt_request_find(struct rt_requests *all,
	bool (*is_it)(const struct rt_request *request, const void *argument), const void *argument);

#endif
