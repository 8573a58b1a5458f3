/* Semaphores, by their address; named ones by their file, because the C library maps it unseen. */
#include "key.h"
#include "name.h"
#include "object.h"
#include "shadow/sys.h"

/* ---- named ones ---- */

enum { NAMED_MOST = 256 /* at once; further ones are known by their address */ };

struct named {
	uintptr_t address; /* 0: free */
	uint64_t key;
	uint32_t opened;
};

static struct {
	struct rt_spin spin;
	uint32_t end; /* those from here on were never used */
	struct named slots[NAMED_MOST];
} all;

/* The one at the address, or with 0 a free one; NULL: there is none. */
static struct named *find(uintptr_t address)
{
	uint32_t end = __atomic_load_n(&all.end, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < end; i++)
		if (__atomic_load_n(&all.slots[i].address, __ATOMIC_ACQUIRE) == address)
			return &all.slots[i];
	return NULL;
}

static uint64_t key_of(const sem_t *semaphore)
{
	const struct named *named = find((uintptr_t)semaphore);
	return named ? named->key : (uintptr_t)semaphore;
}

/* Its file, right after it was opened; 0: it is gone already. */
static uint64_t file_key(const char *path)
{
	struct stat stat;
	if (rt_sys_failed(rt_syscall(__NR_stat, (long)path, (long)&stat, 0, 0, 0, 0)))
		return 0;
	return rt_key_common(RT_KEY_SEMAPHORE, stat.st_dev, stat.st_ino);
}

/* The C library maps each once, and counts. */
static void note_opened(const sem_t *semaphore, uint64_t key)
{
	rt_spin_lock(&all.spin);
	struct named *named = find((uintptr_t)semaphore);
	if (!named)
		named = find(0);
	if (!named && all.end < NAMED_MOST) {
		named = &all.slots[all.end];
		__atomic_store_n(&all.end, all.end + 1, __ATOMIC_RELEASE);
	}
	if (named && key) {
		named->opened++;
		named->key = key;
		__atomic_store_n(&named->address, (uintptr_t)semaphore, __ATOMIC_RELEASE);
	}
	rt_spin_unlock(&all.spin);
}

static void note_closing(const sem_t *semaphore)
{
	rt_spin_lock(&all.spin);
	struct named *named = find((uintptr_t)semaphore);
	if (named && !--named->opened)
		__atomic_store_n(&named->address, 0, __ATOMIC_RELEASE);
	rt_spin_unlock(&all.spin);
}

/* Where it may be made its mode and value follow. */
sem_t *rt_wrap_sem_open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	unsigned value = 0;
	if (flags & O_CREAT) {
		va_list rest;
		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		value = va_arg(rest, unsigned);
		va_end(rest);
	}
	char path[RT_NAME_SHARED_BYTES];
	struct rt_name file = {.made = 0};
	rt_name_shared_path("sem.", name, path);
	if (flags & O_CREAT)
		RT_TELL(sem_open, rt_name_makes(self, NULL, AT_FDCWD, path, &file));
	sem_t *semaphore = rt_real.sem_open(name, flags, mode, value);
	if (semaphore != SEM_FAILED)
		RT_TELL_ALWAYS(sem_open, note_opened(semaphore, file_key(path)));
	RT_TELL_CAME(sem_open,
		rt_name_found(self, NULL, AT_FDCWD, path, &file, semaphore == SEM_FAILED ? errno : 0));
	return semaphore;
}

int rt_wrap_sem_unlink(const char *name)
{
	char path[RT_NAME_SHARED_BYTES];
	struct rt_name file = {.made = 0};
	rt_name_shared_path("sem.", name, path);
	RT_TELL(sem_unlink, rt_name_goes(self, NULL, AT_FDCWD, path, &file));
	return rt_real.sem_unlink(name);
}

int rt_wrap_sem_close(sem_t *semaphore)
{
	RT_TELL_ALWAYS(sem_close, note_closing(semaphore));
	return rt_real.sem_close(semaphore);
}

/* ---- all ---- */

int rt_wrap_sem_init(sem_t *semaphore, int shared, unsigned int value)
{
	int result = rt_real.sem_init(semaphore, shared, value);
	if (!result)
		RT_TELL_ALWAYS(sem_init, {
			RT_CHANGES(semaphore);
			rt_sync_create(self, &site, key_of(semaphore), "semaphore");
		});
	return result;
}

int rt_wrap_sem_destroy(sem_t *semaphore)
{
	int result = rt_real.sem_destroy(semaphore);
	if (!result)
		RT_TELL_ALWAYS(sem_destroy, {
			RT_CHANGES(semaphore);
			rt_sync_destroy(self, key_of(semaphore));
		});
	return result;
}

static void acquire(struct rt_thread *self, struct rt_site *site, const sem_t *semaphore)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, key_of(semaphore), "semaphore");
}

#define WAIT_BODY(name, call)                                                                                \
	rt_rewrite_look();                                                                                   \
	RT_TELL(name, RT_USES_FIRST(semaphore));                                                             \
	int result = call;                                                                                   \
	if (!result)                                                                                         \
		RT_TELL_CAME(name, acquire(self, &site, semaphore));                                         \
	return result

int rt_wrap_sem_wait(sem_t *semaphore)
{
	WAIT_BODY(sem_wait, rt_real.sem_wait(semaphore));
}

int rt_wrap_sem_trywait(sem_t *semaphore)
{
	WAIT_BODY(sem_trywait, rt_real.sem_trywait(semaphore));
}

int rt_wrap_sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
	RT_TELL_GIVEN(sem_timedwait, until);
	WAIT_BODY(sem_timedwait, rt_real.sem_timedwait(semaphore, until));
}

int rt_wrap_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
	RT_TELL_GIVEN(sem_clockwait, until);
	WAIT_BODY(sem_clockwait, rt_real.sem_clockwait(semaphore, clock, until));
}

/* It shows what was posted, without taking it. */
int rt_wrap_sem_getvalue(sem_t *semaphore, int *value)
{
	RT_TELL(sem_getvalue, RT_USES_FIRST(semaphore));
	int result = rt_real.sem_getvalue(semaphore, value);
	if (!result)
		RT_TELL_CAME(sem_getvalue, {
			acquire(self, &site, semaphore);
			RT_WRITES(value, sizeof(*value));
		});
	return result;
}

int rt_wrap_sem_post(sem_t *semaphore)
{
	RT_TELL(sem_post, {
		RT_USES(semaphore);
		if (!rt_sync_ignored(self))
			rt_sync_release(self, &site, key_of(semaphore), "semaphore");
	});
	return rt_real.sem_post(semaphore);
}
