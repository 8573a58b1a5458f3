/* racetrack's annotations: tell the detector what it cannot see by itself.
 *
 * Header-only, C and C++. When libracetrack.so is not in the process every call is one load and one untaken branch; no
 * library needs to be linked. Any thread may call them, also from a signal handler; none blocks, fails or sets errno.
 * Sizes are in bytes. An operation on size 0 does nothing.
 *
 * Terms (happens-before, acquire, release): Lamport 1978; ISO C11 section 5.1.2.4. The engine: Flanagan and Freund,
 * FastTrack, PLDI 2009.
 */
#ifndef RACETRACK_RACETRACK_H
#define RACETRACK_RACETRACK_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#include "api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Set before main (or when the object is loaded by dlopen); NULL when the detector is not in the process. */
static const struct racetrack_api *racetrack_api_here;

__attribute__((constructor(101), unused)) static void racetrack_find_api(void)
{
	const struct racetrack_api *api = (const struct racetrack_api *)dlsym(RTLD_DEFAULT, "racetrack_api");
	if (api && api->version == RACETRACK_API_VERSION && api->bytes >= sizeof(struct racetrack_api))
		racetrack_api_here = api;
	/* dlsym asks who calls it: not a tail call, whatever is left of this where nothing is annotated. */
	__asm__ volatile("" ::: "memory");
}

#define RACETRACK_CALL(function, ...)                                                                        \
	do {                                                                                                 \
		if (__builtin_expect(racetrack_api_here != NULL, 0))                                         \
			racetrack_api_here->function(__VA_ARGS__);                                           \
	} while (0)

#define RACETRACK_INLINE static inline __attribute__((always_inline, unused))

/* The calling thread reads, or writes, `bytes` bytes at `address` here. */
RACETRACK_INLINE void racetrack_read(const volatile void *address, size_t bytes)
{
	RACETRACK_CALL(read, address, bytes);
}

RACETRACK_INLINE void racetrack_write(const volatile void *address, size_t bytes)
{
	RACETRACK_CALL(write, address, bytes);
}

/* `sync` is any address that stands for a synchronisation object of the program's own. All that happened before a
 * release of it happens before whatever follows a later acquire of it. Call release before the operation that lets
 * others in, acquire after the one that let this thread in. */
RACETRACK_INLINE void racetrack_acquire(const volatile void *sync)
{
	RACETRACK_CALL(acquire, sync);
}

RACETRACK_INLINE void racetrack_release(const volatile void *sync)
{
	RACETRACK_CALL(release, sync);
}

/* Between begin and end the calling thread's accesses are not recorded and not checked. Nests. */
RACETRACK_INLINE void racetrack_ignore_accesses_begin(void)
{
	RACETRACK_CALL(ignore_accesses, 1);
}

RACETRACK_INLINE void racetrack_ignore_accesses_end(void)
{
	RACETRACK_CALL(ignore_accesses, 0);
}

/* Between begin and end the calling thread's locks and other synchronisation order nothing: for a container's own lock,
 * which orders the container and not what it holds. racetrack_acquire and racetrack_release still count. Nests. */
RACETRACK_INLINE void racetrack_ignore_sync_begin(void)
{
	RACETRACK_CALL(ignore_sync, 1);
}

RACETRACK_INLINE void racetrack_ignore_sync_end(void)
{
	RACETRACK_CALL(ignore_sync, 0);
}

/* Names the calling thread, or a range of memory, in reports. The text is copied (63 bytes of it). A range's name goes
 * when the range is named again, freed or unmapped. */
RACETRACK_INLINE void racetrack_name_thread(const char *name)
{
	RACETRACK_CALL(name_thread, name);
}

RACETRACK_INLINE void racetrack_name_range(const volatile void *address, size_t bytes, const char *name)
{
	RACETRACK_CALL(name_range, address, bytes, name);
}

/* For a pool of the program's own. Call get last in the pool's get, put first in its put; `pool` is any address that
 * stands for the pool. From put to get any access to the object is reported as pool-use-after-put, a second put as
 * pool-double-put. The put happens before the get that returns the same object, and the locks that the pool takes
 * inside racetrack_ignore_sync order nothing else: a stale alias shows even where the pool's lock would hide it. */
RACETRACK_INLINE void racetrack_pool_get(const volatile void *pool, const volatile void *object, size_t bytes)
{
	RACETRACK_CALL(pool_get, pool, object, bytes);
}

RACETRACK_INLINE void racetrack_pool_put(const volatile void *pool, const volatile void *object, size_t bytes)
{
	RACETRACK_CALL(pool_put, pool, object, bytes);
}

#ifdef __cplusplus
}
#endif

#endif
