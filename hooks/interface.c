/* ThreadSanitizer's interface for programs: synchronisation of their own, and objects of libraries without hooks.
 *
 * Names, flags and meaning: sanitizer/tsan_interface.h of gcc 12 and LLVM 19. */
#include "hooks.h"
#include "shadow/lock.h"

/* Flags of the mutex functions. */
enum {
	MUTEX_STATIC = 1 << 0,
	MUTEX_READ_LOCK = 1 << 3,
	MUTEX_TRY_LOCK_FAILED = 1 << 5,
	MUTEX_RECURSIVE_LOCK = 1 << 6,
	MUTEX_RECURSIVE_UNLOCK = 1 << 7,
	MUTEX_NOT_STATIC = 1 << 8,
};

void __tsan_acquire(void *object)
{
	RT_HOOK_TELL(rt_sync_acquire(self, &site, RT_HOOK_KEY(object), "annotation"));
}

void __tsan_release(void *object)
{
	RT_HOOK_TELL(rt_sync_release(self, &site, RT_HOOK_KEY(object), "annotation"));
}

/* ---- mutexes of the program's own ---- */

/* What a mutex does with its own words, between pre and post, is its own affair. */
static void ignore_all(struct rt_thread *self, int change)
{
	rt_ignore_accesses(self, change);
	rt_ignore_sync(self, change);
}

void __tsan_mutex_create(void *mutex, unsigned flags)
{
	/* a static one may have been locked by an earlier constructor */
	if (!(flags & MUTEX_STATIC))
		RT_HOOK_TELL_ALWAYS(rt_sync_create(self, &site, RT_HOOK_KEY(mutex), "mutex"));
}

/* A static mutex is still locked after its destructor ran, by threads that go on while the process ends. Who passes
 * not_static means "if it was created so", which is not kept: its clock stays until its memory is freed or another mutex is
 * created there. A clock that is too old hides races, one that is lost invents them. */
void __tsan_mutex_destroy(void *mutex, unsigned flags)
{
	if (!(flags & (MUTEX_STATIC | MUTEX_NOT_STATIC)))
		RT_HOOK_TELL_ALWAYS(rt_sync_destroy(self, RT_HOOK_KEY(mutex)));
}

void __tsan_mutex_pre_lock(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, 1));
}

void __tsan_mutex_post_lock(void *mutex, unsigned flags, int recursion)
{
	enum rt_lock_mode mode = flags & MUTEX_READ_LOCK ? RT_LOCK_SHARED : RT_LOCK_EXCLUSIVE;
	int levels = flags & MUTEX_RECURSIVE_LOCK ? recursion : 1;
	if (flags & MUTEX_TRY_LOCK_FAILED)
		levels = 0;
	RT_HOOK_TELL_ALWAYS({
		ignore_all(self, -1);
		for (int i = 0; i < levels; i++)
			rt_lock_acquire(self, &site, RT_HOOK_KEY(mutex), "mutex", mode);
	});
}

int __tsan_mutex_pre_unlock(void *mutex, unsigned flags)
{
	int levels = 0;
	RT_HOOK_TELL_ALWAYS({
		do {
			rt_lock_release(self, &site, RT_HOOK_KEY(mutex), "mutex");
			levels++;
		} while (flags & MUTEX_RECURSIVE_UNLOCK && rt_lock_is_held(self, RT_HOOK_KEY(mutex)));
		ignore_all(self, 1);
	});
	return levels;
}

void __tsan_mutex_post_unlock(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, -1));
}

void __tsan_mutex_pre_signal(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, 1));
}

void __tsan_mutex_post_signal(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, -1));
}

/* A way out of pre and post: what happens there is the program's. */
void __tsan_mutex_pre_divert(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, -1));
}

void __tsan_mutex_post_divert(void *mutex, unsigned flags)
{
	(void)mutex;
	(void)flags;
	RT_HOOK_TELL_ALWAYS(ignore_all(self, 1));
}

void __tsan_check_no_mutexes_held(void)
{
}

void __tsan_ignore_thread_begin(void)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, 1));
}

void __tsan_ignore_thread_end(void)
{
	RT_HOOK_TELL_ALWAYS(rt_ignore_accesses(self, -1));
}

/* ---- objects of libraries without hooks ---- */

/* Tags tell kinds of objects apart in reports. They have no room in a finding: one is as good as the other. */
void *__tsan_external_register_tag(const char *type)
{
	static uintptr_t last;
	(void)type;
	return (void *)__atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

void __tsan_external_register_header(void *tag, const char *header)
{
	(void)tag;
	(void)header;
}

void __tsan_external_assign_tag(void *object, void *tag)
{
	(void)object;
	(void)tag;
}

/* The caller is the user of the library, whose own frames are not announced. */
static void tell_external(void *object, uintptr_t pc, enum rt_access_kind kind)
{
	RT_HOOK_TELL_AT(pc, rt_access(self, &site, object, 1, kind, RT_CLASS_DATA));
}

void __tsan_external_read(void *object, void *caller, void *tag)
{
	(void)tag;
	if (RT_UNLIKELY(rt_watching))
		tell_external(object, caller ? (uintptr_t)caller : RT_HOOK_PC, RT_READ);
}

void __tsan_external_write(void *object, void *caller, void *tag)
{
	(void)tag;
	if (RT_UNLIKELY(rt_watching))
		tell_external(object, caller ? (uintptr_t)caller : RT_HOOK_PC, RT_WRITE);
}
