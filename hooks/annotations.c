/* Dynamic annotations, as ThreadSanitizer's runtime exports them: Valgrind's and Chromium's dynamic_annotations.h.
 *
 * Weak: a program that brings functions of these names along means those. An annotation counts whatever is ignored. */
#include "hooks.h"

/* Where the annotation stands is told by the frames already. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define PLACE                  const char *file, int line

/* ---- happens-before ---- */

#define RELEASES(object, kind) RT_HOOK_TELL(rt_sync_release(self, &site, RT_HOOK_KEY(object), kind))
#define ACQUIRES(object, kind) RT_HOOK_TELL(rt_sync_acquire(self, &site, RT_HOOK_KEY(object), kind))

void AnnotateHappensBefore(PLACE, const volatile void *object)
{
	RELEASES(object, "annotation");
}

void AnnotateHappensAfter(PLACE, const volatile void *object)
{
	ACQUIRES(object, "annotation");
}

void WTFAnnotateHappensBefore(PLACE, const volatile void *object)
{
	RELEASES(object, "annotation");
}

void WTFAnnotateHappensAfter(PLACE, const volatile void *object)
{
	ACQUIRES(object, "annotation");
}

/* The header says of a wait that it "succeeded": what was done before the signal is done. ThreadSanitizer leaves these to
 * the mutex; a condition of the program's own may have none that is seen. */
void AnnotateCondVarSignal(PLACE, const volatile void *condition)
{
	RELEASES(condition, "condition");
}

void AnnotateCondVarSignalAll(PLACE, const volatile void *condition)
{
	RELEASES(condition, "condition");
}

void AnnotateCondVarWait(PLACE, const volatile void *condition, const volatile void *mutex)
{
	ACQUIRES(condition, "condition");
}

/* ---- queues: who gets comes after all who have put so far, not only after the one whose element it is ---- */

void AnnotatePCQCreate(PLACE, const volatile void *queue)
{
	RT_HOOK_TELL_ALWAYS(rt_sync_create(self, &site, RT_HOOK_KEY(queue), "queue"));
}

void AnnotatePCQDestroy(PLACE, const volatile void *queue)
{
	RT_HOOK_TELL_ALWAYS(rt_sync_destroy(self, RT_HOOK_KEY(queue)));
}

void AnnotatePCQPut(PLACE, const volatile void *queue)
{
	RELEASES(queue, "queue");
}

void AnnotatePCQGet(PLACE, const volatile void *queue)
{
	ACQUIRES(queue, "queue");
}

/* ---- locks ---- */

void AnnotateRWLockCreate(PLACE, const volatile void *lock)
{
	RT_HOOK_TELL_ALWAYS(rt_sync_create(self, &site, RT_HOOK_KEY(lock), "rwlock"));
}

/* It may have been locked by an earlier constructor: what is known of it stays. */
void AnnotateRWLockCreateStatic(PLACE, const volatile void *lock)
{
}

void AnnotateRWLockDestroy(PLACE, const volatile void *lock)
{
	RT_HOOK_TELL_ALWAYS(rt_sync_destroy(self, RT_HOOK_KEY(lock)));
}

void AnnotateRWLockAcquired(PLACE, const volatile void *lock, long is_write)
{
	/* some declare an int, whose upper half is anything */
	enum rt_lock_mode mode = (int)is_write ? RT_LOCK_EXCLUSIVE : RT_LOCK_SHARED;
	RT_HOOK_TELL_ALWAYS(rt_lock_acquire(self, &site, RT_HOOK_KEY(lock), "rwlock", mode));
}

void AnnotateRWLockReleased(PLACE, const volatile void *lock, long is_write)
{
	RT_HOOK_TELL_ALWAYS(rt_lock_release(self, &site, RT_HOOK_KEY(lock), "rwlock"));
}

/* ---- ignoring: reads and writes are one, as in ThreadSanitizer ---- */

void AnnotateIgnoreReadsBegin(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, 1));
}

void AnnotateIgnoreReadsEnd(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, -1));
}

void AnnotateIgnoreWritesBegin(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, 1));
}

void AnnotateIgnoreWritesEnd(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, -1));
}

void AnnotateIgnoreSyncBegin(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_sync(self, 1));
}

void AnnotateIgnoreSyncEnd(PLACE)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_sync(self, -1));
}

/* ---- memory and names ---- */

/* An allocator of the program's own hands it out: whoever used it before has nothing to do with it. */
void AnnotateNewMemory(PLACE, const volatile void *memory, size_t bytes)
{
	RT_HOOK_TELL((void)rt_unpoison(self, memory, bytes));
}

void AnnotateThreadName(PLACE, const char *name)
{
	if (name)
		RT_HOOK_TELL_ALWAYS(rt_thread_name(self, name));
}

/* ---- races that the program knows of ---- */

/* Of a size that is not said: races that touch its first byte. */
void AnnotateBenignRace(PLACE, const volatile void *memory, const char *why)
{
	RT_HOOK_TELL_ALWAYS(rt_benign(memory, 0));
}

void AnnotateBenignRaceSized(PLACE, const volatile void *memory, size_t bytes, const char *why)
{
	RT_HOOK_TELL_ALWAYS(rt_benign(memory, bytes));
}

void WTFAnnotateBenignRaceSized(PLACE, const volatile void *memory, size_t bytes, const char *why)
{
	RT_HOOK_TELL_ALWAYS(rt_benign(memory, bytes));
}

/* ---- what says nothing to a detector of this kind, ThreadSanitizer included ---- */

#define SAYS_NOTHING(name, ...)                                                                              \
	void name(PLACE, ##__VA_ARGS__)                                                                      \
	{                                                                                                    \
	}

SAYS_NOTHING(AnnotatePublishMemoryRange, const volatile void *memory, size_t bytes)
SAYS_NOTHING(AnnotateUnpublishMemoryRange, const volatile void *memory, size_t bytes)
SAYS_NOTHING(AnnotateMemoryIsInitialized, const volatile void *memory, size_t bytes)
SAYS_NOTHING(AnnotateMemoryIsUninitialized, const volatile void *memory, size_t bytes)
SAYS_NOTHING(AnnotateTraceMemory, const volatile void *memory)
SAYS_NOTHING(AnnotateNoOp, const volatile void *memory)
SAYS_NOTHING(AnnotateMutexIsUsedAsCondVar, const volatile void *mutex)
SAYS_NOTHING(AnnotateMutexIsNotPHB, const volatile void *mutex)
SAYS_NOTHING(AnnotateExpectRace, const volatile void *memory, const char *why)
SAYS_NOTHING(AnnotateFlushExpectedRaces)
SAYS_NOTHING(AnnotateFlushState)
SAYS_NOTHING(AnnotateEnableRaceDetection, int enable)

double ValgrindSlowdown(void)
{
	return 10.0;
}

const char *ThreadSanitizerQuery(const char *query)
{
	return rt_string_equal(query, "pure_happens_before") ? "1" : "0";
}
