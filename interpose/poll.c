/* Waiting until descriptors are ready: what was written to one happens before the return that says it is readable. Event
 * loops hear of their threads in this way, often without ever reading the byte that woke them. */
#include "descriptor.h"
#include "key.h"
#include "wrap.h"

static void acquire(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "descriptor");
}

/* ---- poll ---- */

static void tell_poll(struct rt_thread *self, struct rt_site *site, const struct pollfd *set, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++)
		if (set[i].fd >= 0 && set[i].revents & ~POLLOUT)
			acquire(self, site, set[i].fd);
	rt_call_access(self, site, set, count * sizeof(*set), RT_READ);
	for (nfds_t i = 0; i < count; i++)
		rt_call_access(self, site, &set[i].revents, sizeof(set[i].revents), RT_WRITE);
}

#define POLL_BODY(name, call)                                                                                \
	RT_MAY_WAIT(name);                                                                                   \
	int result = call;                                                                                   \
	if (result >= 0)                                                                                     \
		RT_TELL_CAME(name, tell_poll(self, &site, set, count));                                      \
	return result

int rt_wrap_poll(struct pollfd *set, nfds_t count, int timeout)
{
	POLL_BODY(poll, rt_real.poll(set, count, timeout));
}

int rt_wrap___poll_chk(struct pollfd *set, nfds_t count, int timeout, size_t room)
{
	POLL_BODY(__poll_chk, rt_real.__poll_chk(set, count, timeout, room));
}

int rt_wrap_ppoll(struct pollfd *set, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	RT_TELL_GIVEN(ppoll, timeout);
	POLL_BODY(ppoll, rt_real.ppoll(set, count, timeout, mask));
}

int rt_wrap___ppoll_chk(
	struct pollfd *set, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t room)
{
	RT_TELL_GIVEN(__ppoll_chk, timeout);
	POLL_BODY(__ppoll_chk, rt_real.__ppoll_chk(set, count, timeout, mask, room));
}

/* ---- select ---- */

static void tell_select(struct rt_thread *self, struct rt_site *site, int count, const fd_set *in)
{
	const unsigned word_bits = 8 * sizeof(unsigned long);
	const unsigned long *words = (const unsigned long *)in; /* a set may be larger than FD_SETSIZE */
	for (int fd = 0; in && fd < count; fd++)
		if (words[(unsigned)fd / word_bits] >> ((unsigned)fd % word_bits) & 1)
			acquire(self, site, fd);
}

/* The kernel has words of a set. */
static void tell_set(struct rt_thread *self, struct rt_site *site, int count, const fd_set *set)
{
	const size_t word_bits = 8 * sizeof(unsigned long);
	size_t words = ((size_t)count + word_bits - 1) / word_bits;
	if (set)
		rt_call_access(self, site, set, words * sizeof(unsigned long), RT_WRITE);
}

#define SELECT_BODY(name, timeout_kind, call)                                                                \
	RT_MAY_WAIT(name);                                                                                   \
	int result = call;                                                                                   \
	if (result >= 0)                                                                                     \
		RT_TELL_CAME(name, {                                                                         \
			tell_select(self, &site, count, in);                                                 \
			tell_set(self, &site, count, in);                                                    \
			tell_set(self, &site, count, out);                                                   \
			tell_set(self, &site, count, except);                                                \
			if (timeout)                                                                         \
				rt_call_access(self, &site, timeout, sizeof(*timeout), timeout_kind);        \
		});                                                                                          \
	return result

int rt_wrap_select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
	SELECT_BODY(select, RT_WRITE, rt_real.select(count, in, out, except, timeout));
}

int rt_wrap_pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
	const sigset_t *mask)
{
	SELECT_BODY(pselect, RT_READ, rt_real.pselect(count, in, out, except, timeout, mask));
}

/* ---- epoll: an event carries the program's data, not the descriptor; which means which was said at epoll_ctl ---- */

enum { BUCKETS = 1024 };

struct registration {
	struct registration *next;
	uint64_t data;
	int set, fd;
};

static struct {
	struct rt_spin spin;
	struct registration *buckets[BUCKETS];
} registered;

static struct registration **bucket_of(int set, uint64_t data)
{
	return &registered.buckets[rt_hash64(data + ((uint64_t)set << 48)) % BUCKETS];
}

/* Several descriptors may share their data: each has an entry. One whose descriptor was closed is used again. */
static void note(int set, uint64_t data, int fd)
{
	struct registration **bucket = bucket_of(set, data), *use = NULL;
	rt_descriptor_key(fd);
	rt_spin_lock(&registered.spin);
	for (struct registration *entry = *bucket; entry; entry = entry->next) {
		if (entry->set != set || entry->data != data)
			continue;
		if (entry->fd == fd || !rt_descriptor_is_known(entry->fd))
			use = entry;
		if (entry->fd == fd)
			break;
	}
	if (!use && (use = rt_alloc(sizeof(*use)))) {
		*use = (struct registration){.next = *bucket, .data = data, .set = set};
		*bucket = use;
	}
	if (use)
		use->fd = fd;
	rt_spin_unlock(&registered.spin);
}

/* What was done before a descriptor was added to a set, or changed there, happens before its events. */
static uint64_t registered_key(int set, int fd)
{
	return rt_key_own(RT_KEY_REGISTERED, (uint64_t)set, (uint64_t)fd);
}

static void tell_registering(struct rt_thread *self, struct rt_site *site, int set, int what, int fd)
{
	rt_number_use(self, site, set);
	rt_number_use(self, site, fd);
	if (what != EPOLL_CTL_DEL && !rt_sync_ignored(self))
		rt_sync_release(self, site, registered_key(set, fd), "descriptor");
}

/* What the kernel refuses with EFAULT without a look at it, null pointers among it. */
static bool is_never_mapped(const void *address)
{
	return (uintptr_t)address < 4096 || (uintptr_t)address >> 47;
}

/* All is told before: the event may be another thread's at once. A note of a call that fails means nothing, as no event of that
 * descriptor comes. */
int rt_wrap_epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
	bool has_event = what != EPOLL_CTL_DEL && !is_never_mapped(event);
	RT_TELL(epoll_ctl, {
		if (has_event)
			RT_READS(event, sizeof(*event));
		tell_registering(self, &site, set, what, fd);
	});
	if (has_event)
		RT_TELL_ALWAYS(epoll_ctl, note(set, event->data.u64, fd));
	return rt_real.epoll_ctl(set, what, fd, event);
}

static void tell_events(
	struct rt_thread *self, struct rt_site *site, int set, const struct epoll_event *events, int count)
{
	for (int i = 0; i < count; i++) {
		int ready[8];
		unsigned found = 0;
		bool has_input = events[i].events & ~(uint32_t)EPOLLOUT;
		rt_spin_lock(&registered.spin);
		for (struct registration *entry = *bucket_of(set, events[i].data.u64); entry;
			entry = entry->next)
			if (entry->set == set && entry->data == events[i].data.u64 && found < RT_COUNT(ready))
				ready[found++] = entry->fd;
		rt_spin_unlock(&registered.spin);
		while (found--) {
			if (!rt_sync_ignored(self))
				rt_sync_acquire(self, site, registered_key(set, ready[found]), "descriptor");
			if (has_input)
				acquire(self, site, ready[found]);
		}
	}
	rt_call_access(self, site, events, (size_t)count * sizeof(*events), RT_WRITE);
}

#define EPOLL_BODY(name, call)                                                                               \
	RT_TELL(name, rt_number_use(self, &site, set));                                                      \
	int result = call;                                                                                   \
	if (result > 0)                                                                                      \
		RT_TELL_CAME(name, tell_events(self, &site, set, events, result));                           \
	return result

int rt_wrap_epoll_wait(int set, struct epoll_event *events, int most, int timeout)
{
	EPOLL_BODY(epoll_wait, rt_real.epoll_wait(set, events, most, timeout));
}

int rt_wrap_epoll_pwait(int set, struct epoll_event *events, int most, int timeout, const sigset_t *mask)
{
	EPOLL_BODY(epoll_pwait, rt_real.epoll_pwait(set, events, most, timeout, mask));
}

int rt_wrap_epoll_pwait2(
	int set, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask)
{
	RT_TELL_GIVEN(epoll_pwait2, timeout);
	EPOLL_BODY(epoll_pwait2, rt_real.epoll_pwait2(set, events, most, timeout, mask));
}
