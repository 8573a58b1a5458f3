/* POSIX message queues: descriptors, as sync objects by the queue for who waits until there is something, and by the priority of
 * its messages for who gets one. */
#include "message_queue.h"

#include "descriptor.h"
#include "key.h"
#include "notice.h"
#include "start.h"
#include "stream.h"
#include "wrap.h"

static uint64_t key_of(int queue, unsigned priority)
{
	uint64_t key = rt_descriptor_key(queue);
	return key ? rt_key_common(RT_KEY_MESSAGE, key, priority) : 0;
}

/* ---- queues that come and go ---- */

/* Where it may be made its mode and attributes follow. */
mqd_t rt_wrap_mq_open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	struct mq_attr *attributes = NULL;
	if (flags & O_CREAT) {
		va_list rest;
		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		attributes = va_arg(rest, struct mq_attr *);
		va_end(rest);
	}
	mqd_t queue = rt_real.mq_open(name, flags, mode, attributes);
	if (queue >= 0)
		RT_TELL_ALWAYS(mq_open, rt_descriptor_opened(self, &site, queue));
	return queue;
}

mqd_t rt_wrap___mq_open_2(const char *name, int flags)
{
	mqd_t queue = rt_real.__mq_open_2(name, flags);
	if (queue >= 0)
		RT_TELL_ALWAYS(__mq_open_2, rt_descriptor_opened(self, &site, queue));
	return queue;
}

int rt_wrap_mq_close(mqd_t queue)
{
	RT_TELL_ALWAYS(mq_close, {
		rt_number_close(self, &site, queue);
		rt_file_lock_closes(self, queue);
	});
	rt_descriptor_forget(queue);
	return rt_real.mq_close(queue);
}

/* ---- messages ---- */

static void tell_sends(struct rt_thread *self, struct rt_site *site, mqd_t queue, unsigned priority)
{
	uint64_t key = key_of(queue, priority);
	rt_descriptor_output(self, site, queue);
	if (key && !rt_sync_ignored(self))
		rt_sync_release(self, site, key, "message queue");
}

#define SEND_BODY(name, call)                                                                                \
	RT_TELL(name, {                                                                                      \
		RT_READS(message, bytes);                                                                    \
		tell_sends(self, &site, queue, priority);                                                    \
	});                                                                                                  \
	return call

int rt_wrap_mq_send(mqd_t queue, const char *message, size_t bytes, unsigned int priority)
{
	SEND_BODY(mq_send, rt_real.mq_send(queue, message, bytes, priority));
}

int rt_wrap_mq_timedsend(
	mqd_t queue, const char *message, size_t bytes, unsigned int priority, const struct timespec *until)
{
	RT_TELL_GIVEN(mq_timedsend, until);
	SEND_BODY(mq_timedsend, rt_real.mq_timedsend(queue, message, bytes, priority, until));
}

static void tell_came(struct rt_thread *self, struct rt_site *site, mqd_t queue, unsigned priority)
{
	uint64_t key = key_of(queue, priority);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "message queue");
}

/* `call` has `to` for the priority, which the program need not ask for. */
#define RECEIVE_BODY(name, call)                                                                             \
	unsigned unasked, *to = priority ? priority : &unasked;                                              \
	RT_TELL(name, rt_number_use(self, &site, queue));                                                    \
	ssize_t result = call;                                                                               \
	if (result >= 0)                                                                                     \
		RT_TELL_CAME(name, {                                                                         \
			tell_came(self, &site, queue, *to);                                                  \
			RT_WRITES(message, (size_t)result);                                                  \
			if (priority)                                                                        \
				RT_WRITES(priority, sizeof(*priority));                                      \
		});                                                                                          \
	return result

ssize_t rt_wrap_mq_receive(mqd_t queue, char *message, size_t room, unsigned int *priority)
{
	RECEIVE_BODY(mq_receive, rt_real.mq_receive(queue, message, room, to));
}

ssize_t rt_wrap_mq_timedreceive(
	mqd_t queue, char *message, size_t room, unsigned int *priority, const struct timespec *until)
{
	RT_TELL_GIVEN(mq_timedreceive, until);
	RECEIVE_BODY(mq_timedreceive, rt_real.mq_timedreceive(queue, message, room, to, until));
}

/* ---- notifications: a signal does not say which queue sent it ---- */

enum { QUEUES_MOST = 4 /* of a signal; a further one takes the first's place */ };

static uint64_t notifying[NSIG][QUEUES_MOST];

static void note(int signal, uint64_t key)
{
	uint64_t *slots = notifying[signal];
	for (unsigned i = 0; i < QUEUES_MOST; i++) {
		uint64_t there = 0;
		if (__atomic_compare_exchange_n(
			    &slots[i], &there, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
			there == key)
			return;
	}
	__atomic_store_n(&slots[0], key, __ATOMIC_RELAXED);
}

static void tell_notify(
	struct rt_thread *self, struct rt_site *site, mqd_t queue, const struct sigevent *given)
{
	struct sigevent event;
	rt_number_use(self, site, queue);
	if (given && rt_safe_read((uintptr_t)given, &event, sizeof(event)) &&
		event.sigev_notify == SIGEV_SIGNAL && event.sigev_signo > 0 && event.sigev_signo < NSIG)
		note(event.sigev_signo, rt_descriptor_key(queue));
}

int rt_wrap_mq_notify(mqd_t queue, const struct sigevent *event)
{
	struct rt_noticing *noticing = NULL;
	struct sigevent instead;
	if (rt_notices_coming(event))
		RT_TELL_ALWAYS(mq_notify, noticing = rt_noticing_new(self, &site, event, true,
						  rt_descriptor_key(queue), &instead));
	RT_TELL_ALWAYS(mq_notify, tell_notify(self, &site, queue, event));
	int result = rt_real.mq_notify(queue, noticing ? &instead : event);
	if (result)
		RT_TELL_ALWAYS(mq_notify, rt_noticing_drop(self, noticing));
	return result;
}

void rt_message_queue_notified(struct rt_thread *self, struct rt_site *site, int signal)
{
	for (unsigned i = 0; i < QUEUES_MOST; i++) {
		uint64_t key = __atomic_load_n(&notifying[signal][i], __ATOMIC_RELAXED);
		if (key)
			rt_sync_acquire(self, site, key, "message queue");
	}
}
