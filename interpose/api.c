/* racetrack_api: the detector's side of the annotations and the containers. */
#include "containers/track.h"
#include "wrap.h"
#include "shadow/infer.h"

#include <racetrack/api.h>

static void api_read(const volatile void *address, size_t bytes)
{
	RT_TELL(racetrack_read, RT_READS(address, bytes));
}

static void api_write(const volatile void *address, size_t bytes)
{
	RT_TELL(racetrack_write, RT_WRITES(address, bytes));
}

#define KEY(object) ((uint64_t)(uintptr_t)(object))

static void api_acquire(const volatile void *sync)
{
	RT_TELL(racetrack_acquire, {
		rt_infer_named(self, &site, (uintptr_t)sync, "annotation");
		rt_sync_acquire(self, &site, KEY(sync), "annotation");
	});
}

static void api_release(const volatile void *sync)
{
	RT_TELL(racetrack_release, {
		rt_infer_named(self, &site, (uintptr_t)sync, "annotation");
		rt_sync_release(self, &site, KEY(sync), "annotation");
	});
}

static void change(int begin, void (*count)(struct rt_thread *self, int change))
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	count(self, begin ? 1 : -1);
	rt_leave(self);
}

static void api_ignore_accesses(int begin)
{
	change(begin, rt_ignore_accesses);
}

static void api_ignore_sync(int begin)
{
	change(begin, rt_ignore_sync);
}

static void api_name_thread(const char *name)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_thread_name(self, name);
	rt_leave(self);
}

static void api_name_range(const volatile void *address, size_t bytes, const char *name)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_range_name(self, address, bytes, name);
	rt_leave(self);
}

static void api_pool_get(const volatile void *pool, const volatile void *object, size_t bytes)
{
	(void)pool;
	if (object && bytes)
		RT_TELL_ALWAYS(racetrack_pool_get, rt_pool_get(self, &site, object, bytes));
}

static void api_pool_put(const volatile void *pool, const volatile void *object, size_t bytes)
{
	(void)pool;
	if (object && bytes)
		RT_TELL_ALWAYS(racetrack_pool_put, rt_pool_put(self, &site, object, bytes));
}

/* ---- containers ---- */

static void api_slice_event(const struct racetrack_slice_event *event)
{
	RT_TELL_ALWAYS(racetrack_slice, rt_track_slice(self, &site, event));
}

static void api_map_event(const struct racetrack_map_event *event)
{
	RT_TELL_ALWAYS(racetrack_map, rt_track_map(self, &site, event));
}

extern const struct racetrack_api racetrack_api;
__attribute__((visibility("default"))) const struct racetrack_api racetrack_api = {
	.version = RACETRACK_API_VERSION,
	.bytes = sizeof(struct racetrack_api),
	.read = api_read,
	.write = api_write,
	.acquire = api_acquire,
	.release = api_release,
	.ignore_accesses = api_ignore_accesses,
	.ignore_sync = api_ignore_sync,
	.name_thread = api_name_thread,
	.name_range = api_name_range,
	.pool_get = api_pool_get,
	.pool_put = api_pool_put,
	.slice_event = api_slice_event,
	.map_event = api_map_event,
};
