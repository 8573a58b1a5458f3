// ThreadSanitizer's interface and the dynamic annotations, where they order.
#include "steps.h"
#include <sanitizer/tsan_interface.h>

#define PLACE const char *file, int line
void AnnotateHappensBefore(PLACE, const volatile void *object);
void AnnotateHappensAfter(PLACE, const volatile void *object);
void AnnotateRWLockCreate(PLACE, const volatile void *lock);
void AnnotateRWLockDestroy(PLACE, const volatile void *lock);
void AnnotateRWLockAcquired(PLACE, const volatile void *lock, long is_write);
void AnnotateRWLockReleased(PLACE, const volatile void *lock, long is_write);
void AnnotateIgnoreReadsBegin(PLACE);
void AnnotateIgnoreReadsEnd(PLACE);
void AnnotateIgnoreWritesBegin(PLACE);
void AnnotateIgnoreWritesEnd(PLACE);
void AnnotateCondVarSignal(PLACE, const volatile void *condition);
void AnnotateCondVarWait(PLACE, const volatile void *condition, const volatile void *lock);
void AnnotatePCQPut(PLACE, const volatile void *queue);
void AnnotatePCQGet(PLACE, const volatile void *queue);
void AnnotateThreadName(PLACE, const char *name);
int RunningOnValgrind(void);
#define HERE __FILE__, __LINE__

static int objects[STEPS_MOST];
#define ONE             (&objects[__LINE__])

#define LOCK(flags)     (__tsan_mutex_pre_lock(ONE, flags), __tsan_mutex_post_lock(ONE, flags, 0))
#define UNLOCK(flags)   (__tsan_mutex_pre_unlock(ONE, flags), __tsan_mutex_post_unlock(ONE, flags))
#define READ            __tsan_mutex_read_lock
#define RELEASED(write) (AnnotateRWLockAcquired(HERE, ONE, write), AnnotateRWLockReleased(HERE, ONE, write))

static void lock_thrice(void *mutex)
{
	__tsan_mutex_pre_lock(mutex, 0);
	__tsan_mutex_post_lock(mutex, __tsan_mutex_recursive_lock, 3);
	MUST(__tsan_mutex_pre_unlock(mutex, __tsan_mutex_recursive_unlock) == 3);
	__tsan_mutex_post_unlock(mutex, 0);
}

static void steps(void)
{
	HANDS(__tsan_release(ONE), __tsan_acquire(ONE));
	HANDS(AnnotateHappensBefore(HERE, ONE), AnnotateHappensAfter(HERE, ONE));
	HANDS(AnnotateCondVarSignal(HERE, ONE), AnnotateCondVarWait(HERE, ONE, ONE));
	HANDS(AnnotatePCQPut(HERE, ONE), AnnotatePCQGet(HERE, ONE));
	HANDS((__tsan_mutex_create(ONE, 0), LOCK(0), UNLOCK(0)), LOCK(0));
	HANDS((LOCK(0), UNLOCK(0)), LOCK(READ));
	HANDS((LOCK(READ), UNLOCK(READ)), LOCK(0));
	HANDS(lock_thrice(ONE), LOCK(0));
	HANDS((AnnotateRWLockCreate(HERE, ONE), RELEASED(1)), RELEASED(0));
	HANDS(RELEASED(0), (RELEASED(1), AnnotateRWLockDestroy(HERE, ONE)));
	AnnotateIgnoreReadsBegin(HERE);
	AnnotateIgnoreWritesBegin(HERE);
	HANDS(0, 0);
	AnnotateIgnoreWritesEnd(HERE);
	HANDS(0, 0);
	AnnotateIgnoreReadsEnd(HERE);
	AnnotateThreadName(HERE, "worker");
	MUST(RunningOnValgrind() == 0);
}

int main(void)
{
	steps_run();
	return 0;
}
