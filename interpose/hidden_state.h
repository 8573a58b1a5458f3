/* What the C library keeps for all threads: between calls, or as the one place of a result. Only of functions that POSIX does
 * not ask to be thread-safe and that the GNU C library's manual marks MT-Unsafe for it: others have locks, or a place for each
 * thread. What is kept stands in a place of ours; results lie where the C library has them, so that who reads one while another
 * thread calls is found, too.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_HIDDEN_STATE_H
#define RACETRACK_INTERPOSE_HIDDEN_STATE_H

#include "wrap.h"

struct rt_hidden {
	const char *name; /* for reports: what lies there */
	uint64_t place;
	bool is_named;
};

/* Inside the engine. */
RT_HIDDEN void rt_hidden_use(struct rt_thread *self, struct rt_site *site, struct rt_hidden *hidden,
	const void *at, size_t bytes, enum rt_access_kind kind);
#define RT_USES_HIDDEN(hidden, kind)                                                                         \
	rt_hidden_use(self, &site, &(hidden), &(hidden).place, sizeof((hidden).place), kind)

/* The places in the lists of users and of groups. */
extern RT_HIDDEN struct rt_hidden rt_hidden_users, rt_hidden_groups;

#endif
