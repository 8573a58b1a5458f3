#include "family.h"

#include "abroad.h"
#include "lock.h"
#include "object.h"
#include "published.h"
#include "sys.h"
#include "thread_table.h"

/* What the keys of this file's objects mean. */
enum meaning { BEGINS, CONTINUES, ENDED, MEANINGS = 4 };

/* A pid that comes again was waited for in between: what is taken over from the process before is over by then. */
static uint64_t key_of(enum meaning meaning, uint32_t pid)
{
	return RT_SYNC_KEY_HIGH | RT_SYNC_KEY_SESSION | RT_SYNC_KEY_PROCESS |
	       ((uint64_t)pid * MEANINGS + meaning) << 2;
}

static uint64_t own_key(enum meaning meaning)
{
	return key_of(meaning, rt_session_process(rt_session.process)->pid);
}

void rt_family_follow(struct rt_thread *self)
{
	if (!rt_session_is_on() || !__atomic_load_n(&rt_session.tables->header.live, __ATOMIC_RELAXED) ||
		rt_watching & RT_WATCH_SESSION)
		return;
	rt_watching_begins(self);
	rt_watch_set(RT_WATCH_SESSION, true);
}

void rt_session_follow(void)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_family_follow(self);
	rt_leave(self);
}

void rt_family_begin(struct rt_thread *self)
{
	if (!rt_session_is_on())
		return;
	uint32_t parent = (uint32_t)rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	rt_family_follow(self);
	rt_abroad_acquire(self, own_key(CONTINUES), RT_LOCK_SHARED);
	rt_abroad_acquire(self, key_of(BEGINS, parent), RT_LOCK_SHARED);
}

void rt_family_end(struct rt_thread *self, bool continues)
{
	if (!rt_session_is_on() || !rt_watching)
		return;
	/* A child of vfork has its parent's memory, but a number of its own. */
	uint32_t pid = (uint32_t)rt_sys_getpid();
	if (continues)
		rt_abroad_release(self, key_of(CONTINUES, pid), RT_LOCK_EXCLUSIVE);
	rt_abroad_release(self, key_of(ENDED, pid), RT_LOCK_EXCLUSIVE);
}

void rt_children_begin(struct rt_thread *self)
{
	if (!rt_session_need(false))
		return;
	rt_family_follow(self);
	if (rt_watching)
		rt_abroad_release(self, own_key(BEGINS), RT_LOCK_EXCLUSIVE);
}

/* While it was not waited for, its number remains; and it does where it was only stopped. */
static bool is_gone(uint32_t pid)
{
	return rt_syscall(__NR_kill, (long)pid, 0, 0, 0, 0, 0) == -RT_ESRCH;
}

void rt_children_ended(struct rt_thread *self, int pid)
{
	if (!rt_session_find() || (pid && !is_gone((uint32_t)pid)))
		return;
	rt_family_follow(self);
	if (pid)
		rt_abroad_acquire(self, key_of(ENDED, (uint32_t)pid), RT_LOCK_SHARED);
	uint32_t own = (uint32_t)rt_sys_getpid();
	for (uint32_t i = 0, count = rt_session_processes(); i < count; i++) {
		const struct rt_session_process *child = rt_session_process(i);
		if (child->parent_pid != own || !child->pid || (pid && child->pid != (uint32_t)pid) ||
			(!pid && !is_gone(child->pid)))
			continue;
		if (!pid)
			rt_abroad_acquire(self, key_of(ENDED, child->pid), RT_LOCK_SHARED);
		if (child->kept)
			rt_abroad_ended(self, i);
	}
}

/* ---- forks ---- */

/* What the parent's threads do from now on is of epochs that the child does not know. */
void rt_family_forking(struct rt_thread *self)
{
	if (!rt_session_need(false))
		return;
	rt_family_follow(self);
	rt_published_forking();
	rt_session_forking();
	int pid = rt_sys_getpid();
	for (struct rt_thread *thread = rt_threads.live; thread && rt_watching;
		thread = rt_link_of(thread)->next_live) {
		rt_thread_made_release(thread);
		/* Threads end unnoticed, and what they kept goes with their stacks. */
		if (thread->hot && rt_sys_thread_lives(pid, thread->tid))
			rt_hot_clear(thread->hot);
	}
}

void rt_family_forked(struct rt_thread *self)
{
	bool was_on = rt_session_is_on();
	rt_session_forked();
	if (!was_on)
		return;
	if (!rt_session_is_on()) { /* it found no entry: what it shows of others' memory is its own from now on */
		rt_shared_detach(0, (size_t)1 << RT_USER_LOG);
		return;
	}
	rt_abroad_forked(self);
	rt_shared_forked();
}
