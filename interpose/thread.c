/* Thread creation, joining and names. */
#include "own_stack.h"
#include "real.h"
#include "references.h"
#include "start.h"
#include "wrap.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

/* What the new thread needs before it runs the program's start function. */
struct start {
	void (*function)(void); /* of the type that its way of creation says */
	void *argument;
	struct rt_thread *thread;
	uint64_t mask;      /* of the creator's signals, which are held until the thread is known */
	bool inherits_mask; /* or its attributes name another one */
};

void rt_threads_coming(void)
{
	rt_real_resolve_all();
	rt_references_find();
	rt_rewrite_start();
}

void rt_begin(struct rt_thread *thread, const uint64_t *mask)
{
	uintptr_t low, high;
	rt_thread_begin(thread);
	if (mask)
		rt_sys_signal_mask(RT_SIG_SETMASK, *mask, NULL);
	rt_own_stack(&low, &high);
	rt_thread_started(thread, (uint64_t)pthread_self(), low, high);
	struct rt_thread *self = rt_enter();
	if (self) {
		/* The stack, and the thread's variables above it, may have been another's. */
		rt_range_fresh(self, (void *)low, high - low);
		rt_leave(self);
	}
}

/* In the new thread: takes over `start`, which is given back. */
static struct start begin(void *argument)
{
	struct start start = *(struct start *)argument;
	rt_begin(start.thread, start.inherits_mask ? &start.mask : NULL);
	struct rt_thread *self = rt_enter();
	if (self) {
		rt_free(argument, sizeof(struct start));
		rt_leave(self);
	}
	return start;
}

static void *run_thread(void *argument)
{
	struct start start = begin(argument);
	return ((void *(*)(void *))start.function)(start.argument);
}

static int run_c11_thread(void *argument)
{
	struct start start = begin(argument);
	return ((thrd_start_t)start.function)(start.argument);
}

static bool is_detached(const pthread_attr_t *attributes)
{
	int state = PTHREAD_CREATE_JOINABLE;
	if (attributes)
		rt_real.pthread_attr_getdetachstate(attributes, &state);
	return state == PTHREAD_CREATE_DETACHED;
}

static struct start *prepare(
	struct rt_thread *self, struct rt_site *site, void (*function)(void), void *argument, bool detached)
{
	struct start *start = rt_alloc(sizeof(*start));
	struct rt_thread *child = start ? rt_thread_create(self, site, detached) : NULL;
	if (child) {
		*start = (struct start){function, argument, child, 0, false};
		return start;
	}
	rt_free(start, sizeof(*start));
	return NULL;
}

/* The new thread may have ended, and whatever held its handle may be gone. */
static uint64_t handle_at(const void *place)
{
	pthread_t handle = 0;
	return rt_safe_read((uintptr_t)place, &handle, sizeof(handle)) ? (uint64_t)handle : 0;
}

static void finish(
	struct rt_thread *self, struct start *start, struct rt_thread *child, bool failed, uint64_t handle)
{
	if (!failed) {
		rt_thread_created(self, child, handle);
		return;
	}
	rt_thread_not_created(self, child);
	rt_free(start, sizeof(*start));
}

static bool inherits_mask(const pthread_attr_t *attributes)
{
	sigset_t mask;
	return !attributes || pthread_attr_getsigmask_np(attributes, &mask) == PTHREAD_ATTR_NO_SIGMASK_NP;
}

/* Without memory for it the thread is made all the same, and taken in at its first call. The C library stores the handle before
 * the thread starts: it finds its own there, others need an order of their own. */
#define CREATE_BODY(name, function, argument, attributes, plain_call, tracked_call)                          \
	struct start *start = NULL;                                                                          \
	rt_threads_coming();                                                                                 \
	rt_rewrite_look();                                                                                   \
	RT_TELL(name, RT_WRITES(thread, sizeof(*thread)));                                                   \
	RT_TELL_ALWAYS(name,                                                                                 \
		start = prepare(self, &site, (void (*)(void))function, argument, is_detached(attributes)));  \
	if (!start)                                                                                          \
		return plain_call;                                                                           \
	struct rt_thread *child = start->thread;                                                             \
	uint64_t mask;                                                                                       \
	rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);                                            \
	start->mask = mask;                                                                                  \
	start->inherits_mask = inherits_mask(attributes);                                                    \
	int error = tracked_call;                                                                            \
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);                                                      \
	RT_TELL_ALWAYS(name, finish(self, start, child, error, error ? 0 : handle_at(thread)));              \
	return error

int rt_wrap_pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
	RT_TELL_GIVEN(pthread_create, attributes);
	CREATE_BODY(pthread_create, function, argument, attributes,
		rt_real.pthread_create(thread, attributes, function, argument),
		rt_real.pthread_create(thread, attributes, run_thread, start));
}

int rt_wrap_thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
	CREATE_BODY(thrd_create, function, argument, (const pthread_attr_t *)NULL,
		rt_real.thrd_create(thread, function, argument),
		rt_real.thrd_create(thread, run_c11_thread, start));
}

/* `until_end`: it returns no earlier. */
#define JOIN_BODY(name, handle, until_end, call)                                                             \
	uint32_t id = 0;                                                                                     \
	RT_TELL_ALWAYS(name, id = rt_thread_joins(self, (uint64_t)(handle), until_end));                     \
	int error = call;                                                                                    \
	RT_TELL_ALWAYS(name, rt_thread_joined(self, (uint64_t)(handle), error ? 0 : id));                    \
	if (!error && result)                                                                                \
		RT_TELL(name, RT_WRITES(result, sizeof(*result)));                                           \
	return error

int rt_wrap_pthread_join(pthread_t thread, void **result)
{
	JOIN_BODY(pthread_join, thread, true, rt_real.pthread_join(thread, result));
}

int rt_wrap_pthread_tryjoin_np(pthread_t thread, void **result)
{
	JOIN_BODY(pthread_tryjoin_np, thread, false, rt_real.pthread_tryjoin_np(thread, result));
}

int rt_wrap_pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	RT_TELL_GIVEN(pthread_timedjoin_np, until);
	JOIN_BODY(pthread_timedjoin_np, thread, false, rt_real.pthread_timedjoin_np(thread, result, until));
}

int rt_wrap_pthread_clockjoin_np(
	pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
	RT_TELL_GIVEN(pthread_clockjoin_np, until);
	JOIN_BODY(pthread_clockjoin_np, thread, false,
		rt_real.pthread_clockjoin_np(thread, result, clock, until));
}

int rt_wrap_thrd_join(thrd_t thread, int *result)
{
	JOIN_BODY(thrd_join, thread, true, rt_real.thrd_join(thread, result));
}

int rt_wrap_thrd_detach(thrd_t thread)
{
	RT_TELL_ALWAYS(thrd_detach, rt_thread_detached(self, (uint64_t)thread));
	return rt_real.thrd_detach(thread);
}

int rt_wrap_pthread_detach(pthread_t thread)
{
	/* Before: once detached the thread may be gone, and its handle another's. */
	RT_TELL_ALWAYS(pthread_detach, rt_thread_detached(self, (uint64_t)thread));
	return rt_real.pthread_detach(thread);
}

int rt_wrap_pthread_setname_np(pthread_t thread, const char *name)
{
	int error = rt_real.pthread_setname_np(thread, name);
	if (!error)
		RT_TELL(pthread_setname_np, RT_READS_STRING(name));
	if (!error)
		RT_TELL_ALWAYS(pthread_setname_np, rt_thread_name_other(self, (uint64_t)thread, name));
	return error;
}
