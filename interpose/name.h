/* Names of files: what is done before a name appears happens before what follows for who finds it, and what is done before it
 * goes before what follows for who finds it gone, or makes it again.
 *
 * A name is its folder's device and inode, and its last part: whatever path leads there. A file that was renamed or linked is
 * found as well by other names that lead to it, and through it if it is a folder.
 *
 * Each call reads its path, which is told before what the path orders. `site` is NULL where the path is not the program's.
 *
 * Who may include it: interpose/. Inside the engine; system calls of its own only. */
#ifndef RACETRACK_INTERPOSE_NAME_H
#define RACETRACK_INTERPOSE_NAME_H

#include "shadow/engine.h"

/* One name, for the time of a call. All 0: not looked for yet. */
struct rt_name {
	uint64_t made, gone, folder; /* keys; 0: there is no such folder */
	bool exists;                 /* before the call */
};

/* Before a call that makes the name, if it is not there. */
RT_HIDDEN void rt_name_makes(
	struct rt_thread *self, struct rt_site *site, int folder, const char *path, struct rt_name *name);
/* Before a call that makes it of `from`, in another folder perhaps, or in its place. */
RT_HIDDEN void rt_name_makes_of(struct rt_thread *self, struct rt_site *site, int from_folder,
	const char *from, int folder, const char *path, struct rt_name *name);
/* Before a call by which it goes. */
RT_HIDDEN void rt_name_goes(
	struct rt_thread *self, struct rt_site *site, int folder, const char *path, struct rt_name *name);

/* After a call that looked for it, or made it, or by which it went: 0 or its error. */
RT_HIDDEN void rt_name_found(struct rt_thread *self, struct rt_site *site, int folder, const char *path,
	struct rt_name *name, int error);
/* The file that was found behind a name. */
RT_HIDDEN void rt_name_found_file(struct rt_thread *self, int fd);

/* The path of a shared memory object (prefix "") or a semaphore ("sem."); "": the name is none. */
enum { RT_NAME_SHARED_BYTES = 300 };
RT_HIDDEN void rt_name_shared_path(const char *prefix, const char *name, char to[RT_NAME_SHARED_BYTES]);

#endif
