/* Condition variables, once-initialisation. */
#include "allocating.h"
#include "object.h"
#include "owner.h"
#include "hooks/hooked.h"
#include "shadow/infer.h"

#define KEY(object) ((uint64_t)(uintptr_t)(object))

#define TELL_ACQUIRED(name, object, kind)                                                                    \
	RT_TELL(name, {                                                                                      \
		if (!rt_sync_ignored(self) && !RT_INSIDE_ALLOCATOR)                                          \
			rt_sync_acquire(self, &site, KEY(object), kind);                                     \
	})
#define TELL_USE(name, object) RT_TELL(name, RT_USES(object))

/* ---- condition variables: the edge is the mutex's ---- */

/* The mutex of a wait, released before; taken again however the wait ends, also by cancellation or an exception. */
struct waiting {
	struct rt_site site;
	uint64_t mutex;
};

static void take_again(struct waiting *waiting)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_lock_acquire(self, &waiting->site, waiting->mutex, "mutex", RT_LOCK_EXCLUSIVE);
	rt_leave(self);
}

#define WAIT_BODY(name, condition, mutex_pointer, call)                                                      \
	rt_rewrite_look();                                                                                   \
	TELL_USE(name, condition);                                                                           \
	if (rt_mutex_refuses((const pthread_mutex_t *)(mutex_pointer)))                                      \
		return call;                                                                                 \
	__attribute__((cleanup(take_again))) struct waiting waiting = {RT_SITE(name), KEY(mutex_pointer)};   \
	RT_TELL_ALWAYS(name, rt_lock_release(self, &site, waiting.mutex, "mutex"));                          \
	return call

int rt_wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
	WAIT_BODY(pthread_cond_wait, condition, mutex, rt_real.pthread_cond_wait(condition, mutex));
}

int rt_wrap_pthread_cond_timedwait(
	pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
	RT_TELL_GIVEN(pthread_cond_timedwait, until);
	WAIT_BODY(pthread_cond_timedwait, condition, mutex,
		rt_real.pthread_cond_timedwait(condition, mutex, until));
}

int rt_wrap_pthread_cond_clockwait(
	pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	RT_TELL_GIVEN(pthread_cond_clockwait, until);
	WAIT_BODY(pthread_cond_clockwait, condition, mutex,
		rt_real.pthread_cond_clockwait(condition, mutex, clock, until));
}

int rt_wrap_cnd_wait(cnd_t *condition, mtx_t *mutex)
{
	WAIT_BODY(cnd_wait, condition, mutex, rt_real.cnd_wait(condition, mutex));
}

int rt_wrap_cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
	RT_TELL_GIVEN(cnd_timedwait, until);
	WAIT_BODY(cnd_timedwait, condition, mutex, rt_real.cnd_timedwait(condition, mutex, until));
}

/* An object without a clock: what orders its users is the mutex. */
#define INIT_CONDITION_BODY(name, call)                                                                      \
	int error = call;                                                                                    \
	if (!error)                                                                                          \
		RT_TELL_ALWAYS(name, RT_CHANGES(condition));                                                 \
	return error

int rt_wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
	RT_TELL_GIVEN(pthread_cond_init, attributes);
	INIT_CONDITION_BODY(pthread_cond_init, rt_real.pthread_cond_init(condition, attributes));
}

int rt_wrap_pthread_cond_destroy(pthread_cond_t *condition)
{
	INIT_CONDITION_BODY(pthread_cond_destroy, rt_real.pthread_cond_destroy(condition));
}

int rt_wrap_pthread_cond_signal(pthread_cond_t *condition)
{
	TELL_USE(pthread_cond_signal, condition);
	return rt_real.pthread_cond_signal(condition);
}

int rt_wrap_pthread_cond_broadcast(pthread_cond_t *condition)
{
	TELL_USE(pthread_cond_broadcast, condition);
	return rt_real.pthread_cond_broadcast(condition);
}

int rt_wrap_cnd_init(cnd_t *condition)
{
	INIT_CONDITION_BODY(cnd_init, rt_real.cnd_init(condition));
}

void rt_wrap_cnd_destroy(cnd_t *condition)
{
	rt_real.cnd_destroy(condition);
	RT_TELL_ALWAYS(cnd_destroy, RT_CHANGES(condition));
}

int rt_wrap_cnd_signal(cnd_t *condition)
{
	TELL_USE(cnd_signal, condition);
	return rt_real.cnd_signal(condition);
}

int rt_wrap_cnd_broadcast(cnd_t *condition)
{
	TELL_USE(cnd_broadcast, condition);
	return rt_real.cnd_broadcast(condition);
}

/* ---- once ---- */

/* The routine gets no argument, so what it has to release waits here. Routines nest. */
struct once_call {
	void (*routine)(void);
	struct rt_site site;
	void *control;
	struct once_call *outer;
};

static __thread struct once_call *once_now __attribute__((tls_model("initial-exec")));

static void end_once(struct once_call *call)
{
	once_now = call->outer;
}

/* However the routine ends: after an exception the next one to run it comes after this one. */
static void release_once(struct once_call **call)
{
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self)
		return;
	rt_sync_release(self, &(*call)->site, KEY((*call)->control), "once");
	rt_leave(self);
}

static void acquire_once(struct once_call *call)
{
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self)
		return;
	rt_sync_acquire(self, &call->site, KEY(call->control), "once");
	rt_leave(self);
}

static void run_once(void)
{
	__attribute__((cleanup(release_once))) struct once_call *call = once_now;
	acquire_once(call);
	call->routine();
}

#define ONCE_BODY(name, control_pointer, call_it)                                                            \
	__attribute__((cleanup(end_once))) struct once_call call = {                                         \
		routine, RT_SITE(name), control_pointer, once_now};                                          \
	once_now = &call;                                                                                    \
	call_it;                                                                                             \
	TELL_ACQUIRED(name, control_pointer, "once")

int rt_wrap_pthread_once(pthread_once_t *control, void (*routine)(void))
{
	int error;
	ONCE_BODY(pthread_once, control, error = rt_real.pthread_once(control, run_once));
	return error;
}

void rt_wrap_call_once(once_flag *control, void (*routine)(void))
{
	ONCE_BODY(call_once, control, rt_real.call_once(control, run_once));
}

/* libc++'s std::call_once calls it only where an inline load of the flag has not found the routine done. */
static void run_once_with(void *argument)
{
	__attribute__((cleanup(release_once))) struct once_call *call = once_now;
	acquire_once(call);
	((void (*)(void *))call->routine)(argument);
}

void rt_wrap__ZNSt3__111__call_onceERVmPvPFvS2_E(
	volatile unsigned long *flag, void *argument, void (*routine_with)(void *))
{
	void (*routine)(void) = (void (*)(void))routine_with;
	RT_TELL(_ZNSt3__111__call_onceERVmPvPFvS2_E, rt_infer_named(self, &site, (uintptr_t)flag, "once"));
	ONCE_BODY(_ZNSt3__111__call_onceERVmPvPFvS2_E, (void *)flag,
		rt_real._ZNSt3__111__call_onceERVmPvPFvS2_E(flag, argument, run_once_with));
}

/* ---- C++'s guards of static objects ----
 *
 * Who finds the object made looks at the guard by an inline load, which is seen where the code has hooks. Elsewhere it is not:
 * that what the constructor did happens before every use is the language's promise, and its accesses are not recorded. */

static void ignore_unseen(struct rt_thread *self, const struct rt_site *site, int change)
{
	if (!rt_hooked_at(site->pc))
		rt_ignore_accesses(self, change);
}

int rt_wrap___cxa_guard_acquire(uint64_t *guard)
{
	int make = rt_real.__cxa_guard_acquire(guard);
	RT_TELL_ALWAYS(__cxa_guard_acquire, {
		rt_infer_named(self, &site, (uintptr_t)guard, "static guard");
		rt_sync_acquire(self, &site, KEY(guard), "static guard");
		if (make)
			ignore_unseen(self, &site, 1);
	});
	return make;
}

void rt_wrap___cxa_guard_release(uint64_t *guard)
{
	RT_TELL_ALWAYS(__cxa_guard_release, {
		ignore_unseen(self, &site, -1);
		rt_sync_release(self, &site, KEY(guard), "static guard");
	});
	rt_real.__cxa_guard_release(guard);
}

void rt_wrap___cxa_guard_abort(uint64_t *guard)
{
	/* the next one to try comes after it */
	RT_TELL_ALWAYS(__cxa_guard_abort, {
		ignore_unseen(self, &site, -1);
		rt_sync_release(self, &site, KEY(guard), "static guard");
	});
	rt_real.__cxa_guard_abort(guard);
}
