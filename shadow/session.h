/* Sessions: processes that are watched together, because they may share memory.
 *
 * The first process makes up a name, which its children inherit by the environment (RACETRACK_SESSION). The file of that name is
 * made when somebody needs it: /dev/shm/racetrack-UID-PID-TIME, else in /tmp; see session_layout.h for what is in it. The last
 * process that ends removes it; what a killed session left is removed by the next one that begins.
 *
 * Who may join: a process of the user that made the file, which nobody else may open. The others are told, and go on without.
 * Whatever stands in the file is checked before it is used.
 *
 * Who may include it: shadow/. Any thread inside the engine, unless it says otherwise. */
#ifndef RACETRACK_SHADOW_SESSION_H
#define RACETRACK_SHADOW_SESSION_H

#include "session_layout.h"

struct rt_session {
	struct rt_session_tables *tables; /* NULL: none */
	char *shadow;
	uint32_t process; /* this one's entry */
	uint32_t image;   /* as in it: what stands there may be changed by others */
	bool spoilt;
};
extern RT_HIDDEN struct rt_session rt_session;

static inline bool rt_session_is_on(void)
{
	return RT_UNLIKELY(rt_session.tables != NULL);
}

/* The name that the environment gives, or a new one; joins the session if its file is there. Once, at the start. */
RT_HIDDEN void rt_session_init(char **environment);
/* Joins the session, which is made where there is none yet. False: it can't be had; `say`: somebody is the worse for it, and is
 * told. */
RT_HIDDEN bool rt_session_need(bool say);

/* The same, where somebody made one. */
RT_HIDDEN bool rt_session_find(void);

/* Around a fork: `forking` in the parent before it. */
RT_HIDDEN void rt_session_forking(void);
RT_HIDDEN void rt_session_forked(void);
/* This process ends. */
RT_HIDDEN void rt_session_leave(void);

/* What processes told each other is lost in part: what seems to be a race may be ordered. From now on none is reported in what
 * they share. Signal-safe. */
RT_HIDDEN void rt_session_spoil(void);
static inline bool rt_session_is_spoilt(void)
{
	return rt_session.spoilt || __atomic_load_n(&rt_session.tables->header.spoilt, __ATOMIC_ACQUIRE);
}

/* Entry of a process; NULL: there is no such number. */
RT_HIDDEN struct rt_session_process *rt_session_process(uint32_t index);
/* How many entries there are that were ever used. */
RT_HIDDEN uint32_t rt_session_processes(void);
/* Others will want to know what this process was, or where the modules of its image lay. */
RT_HIDDEN void rt_session_keep(void);
RT_HIDDEN void rt_session_keep_image(void);
/* It runs, or may do so soon. */
RT_HIDDEN bool rt_session_lives(struct rt_session_process *process);

/* The next `count` of a table of `room` of which `given` tells how much was given out; `room`: it is full. */
RT_HIDDEN uint32_t rt_session_take(uint32_t *given, uint32_t room, uint32_t count);

/* The place of a key in a table of 2^n places that lie `bytes` apart and begin with their key, from `first` on (any number); where
 * there is none it is put into a free one, if `create`. `count`: it is full, or there is none. */
RT_HIDDEN uint32_t rt_session_place(
	void *table, uint32_t count, size_t bytes, uint64_t key, uint32_t first, bool create);

#endif
