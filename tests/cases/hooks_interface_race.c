// ThreadSanitizer's interface and the dynamic annotations, where they order nothing.
#include "steps.h"
#include <sanitizer/tsan_interface.h>

void AnnotateHappensBefore(const char *file, int line, const volatile void *object);
void AnnotateHappensAfter(const char *file, int line, const volatile void *object);
void AnnotateRWLockAcquired(const char *file, int line, const volatile void *lock, long is_write);
void AnnotateRWLockReleased(const char *file, int line, const volatile void *lock, long is_write);
#define HERE __FILE__, __LINE__

static int objects[STEPS_MOST], others[STEPS_MOST];
#define ONE         (&objects[__LINE__])
#define OTHER       (&others[__LINE__])

#define LOCK(flags) (__tsan_mutex_pre_lock(ONE, flags), __tsan_mutex_post_lock(ONE, flags, 0))
#define UNLOCK      (__tsan_mutex_pre_unlock(ONE, 0), __tsan_mutex_post_unlock(ONE, 0))
#define FAILED      (__tsan_mutex_try_lock | __tsan_mutex_try_lock_failed)
#define SHARED      (AnnotateRWLockAcquired(HERE, ONE, 0), AnnotateRWLockReleased(HERE, ONE, 0))

/* A compiler that makes one call of the two has no line for it. */
#define APART                                                                                                \
	({                                                                                                   \
		__asm__ volatile("# apart");                                                                 \
		0;                                                                                           \
	})

static void steps(void)
{
	HANDS(__tsan_release(ONE), __tsan_acquire(OTHER));                            // race: race-data
	HANDS(__tsan_acquire(ONE), __tsan_release(ONE));                              // race: race-data
	HANDS(AnnotateHappensAfter(HERE, ONE), AnnotateHappensBefore(HERE, ONE));     // race: race-data
	HANDS((LOCK(0), UNLOCK), LOCK(FAILED));                                       // race: race-data
	HANDS(SHARED, SHARED);                                                        // race: race-data
	STEP((__tsan_external_write(ONE, 0, 0), 0), __tsan_external_read(ONE, 0, 0)); // race: race-data
	STEP((__tsan_external_read(ONE, 0, 0), 0), __tsan_external_read(ONE, 0, 0));
	/* inside of a mutex, and out of it for a while */
	__tsan_mutex_pre_lock(OTHER, 0);
	HANDS(0, 0);
	__tsan_mutex_pre_divert(OTHER, 0);
	HANDS(APART, 0); // race: race-data
	__tsan_mutex_post_divert(OTHER, 0);
	HANDS(0, 0);
	__tsan_mutex_post_lock(OTHER, FAILED, 0);
	HANDS(APART, 0); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
