/* The table behind racetrack's annotations and containers: how they reach the detector. Programs include racetrack.h,
 * slice.h or map.h instead. */
#ifndef RACETRACK_API_H
#define RACETRACK_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RACETRACK_API_VERSION 1u

struct racetrack_slice_event;
struct racetrack_map_event;

/* The detector's side of the calls below; programs use the functions, not this table. */
struct racetrack_api {
	uint32_t version; /* RACETRACK_API_VERSION */
	uint32_t bytes;   /* sizeof(struct racetrack_api) */
	void (*read)(const volatile void *address, size_t bytes);
	void (*write)(const volatile void *address, size_t bytes);
	void (*acquire)(const volatile void *sync);
	void (*release)(const volatile void *sync);
	void (*ignore_accesses)(int begin);
	void (*ignore_sync)(int begin);
	void (*name_thread)(const char *name);
	void (*name_range)(const volatile void *address, size_t bytes, const char *name);
	void (*pool_get)(const volatile void *pool, const volatile void *object, size_t bytes);
	void (*pool_put)(const volatile void *pool, const volatile void *object, size_t bytes);
	void (*slice_event)(const struct racetrack_slice_event *event);
	void (*map_event)(const struct racetrack_map_event *event);
};

#ifdef __cplusplus
}
#endif

#endif
