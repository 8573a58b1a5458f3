#include "session_parts.h"

#include "access.h"
#include "environment.h"
#include "fault.h"
#include "process.h"

enum { KEY_TRIES = 256 };

struct rt_session rt_session RT_AT_FORK;
static const uint32_t not_live;
const uint32_t *rt_session_live = &not_live;

static RT_AT_FORK struct {
	struct rt_spin spin;
	const char *why; /* it can't be had; NULL: it can, as far as is known */
	bool said;
} session;

bool rt_session_refuse(const char *why)
{
	session.why = why;
	return false;
}

bool rt_session_is_refused(void)
{
	return session.why != NULL;
}

/* The header may be gone, too. */
void rt_session_spoil(void)
{
	uint32_t spoilt = 1;
	if (!rt_session.tables || rt_session.spoilt)
		return;
	rt_session.spoilt = true;
	rt_sys_safe_write((uintptr_t)&rt_session.tables->header.spoilt, &spoilt, sizeof(spoilt));
}

static void say_why(void)
{
	if (session.why && !session.said)
		rt_process_say(
			"memory that processes share is not followed from one to another: ", session.why);
	session.said |= session.why != NULL;
}

/* ---- joining ---- */

static bool enter(void)
{
	uint32_t index = rt_session_claim();
	if (index == RT_SESSION_PROCESSES) {
		rt_session.tables = NULL;
		return rt_session_refuse("the session has too many processes");
	}
	rt_session_enter(index, index);
	return true;
}

/* `make`: where there is no file yet. */
static bool join(bool make)
{
	if (RT_LIKELY(rt_session.tables != NULL))
		return true;
	rt_spin_lock(&session.spin);
	bool can = !session.why && rt_session_name()[0] && rt_cells.linear;
	bool joined = rt_session.tables ||
		      (can && (rt_session_file_join() || (make && !session.why && rt_session_file_make())) &&
			      enter());
	rt_spin_unlock(&session.spin);
	return joined;
}

bool rt_session_need(bool say)
{
	bool joined = join(true);
	if (!joined && say)
		say_why();
	return joined;
}

bool rt_session_find(void)
{
	return join(false);
}

void rt_session_init(char **environment)
{
	const char *given = rt_environment_variable(environment, "RACETRACK_SESSION=");
	if (!given) {
		rt_session_make_name();
	} else if (rt_session_set_name(given)) {
		if (rt_cells.linear && rt_session_file_join())
			enter();
	} else {
		rt_session_refuse("RACETRACK_SESSION is no session's name");
	}
	say_why(); /* what was given is not good */
}

/* ---- forks and ends ---- */

static RT_AT_FORK uint32_t forked = RT_SESSION_PROCESSES; /* the entry that the child will have */

void rt_session_forking(void)
{
	if (rt_session.tables)
		forked = rt_session_claim();
}

void rt_session_forked(void)
{
	if (!rt_session.tables)
		return;
	if (forked == RT_SESSION_PROCESSES) {
		rt_session.tables = NULL;
		rt_session_refuse("the session has too many processes");
		return;
	}
	rt_session_enter_forked(forked);
}

void rt_session_leave(void)
{
	if (rt_session.tables && rt_session_end_own())
		rt_session_file_remove();
}

/* ---- tables ---- */

uint32_t rt_session_take(uint32_t *given, uint32_t room, uint32_t count)
{
	uint32_t first = __atomic_load_n(given, __ATOMIC_RELAXED);
	do {
		if (first > room || room - first < count)
			return room;
	} while (!__atomic_compare_exchange_n(
		given, &first, first + count, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return first;
}

uint32_t rt_session_place(
	void *table, uint32_t count, size_t bytes, uint64_t key, uint32_t first, bool create)
{
	for (uint32_t i = 0; i < KEY_TRIES; i++) {
		uint32_t index = (first + i) & (count - 1);
		uint64_t *slot = (uint64_t *)((char *)table + index * bytes);
		rt_fault_prevent(slot, bytes);
		uint64_t there = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (!there && !create)
			return count;
		if (there == key || (!there && (__atomic_compare_exchange_n(slot, &there, key, false,
							__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
						       there == key)))
			return index;
	}
	return count;
}
