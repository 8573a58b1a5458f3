/* Locks of files: flock(2), and locks of ranges by fcntl(2) and lockf(3).
 *
 * Semantics. Who gets a lock comes after those who gave up, or turned into a weaker one, a lock of bytes in common, if one of the
 * two is exclusive and their owners are not the same: one owner's locks never wait for each other, so they order nothing. The
 * owner of a flock or an F_OFD_ lock is the open file, with all copies of its descriptor; of the other locks the process. Both
 * kinds of fcntl's locks exclude each other, flock's know nothing of them.
 *
 * Held locks are listed at all times, because what unlocks does not say what it was.
 *
 * Who may include it: interpose/. Any thread, inside the engine; system calls of its own only. */
#ifndef RACETRACK_INTERPOSE_FILE_LOCK_H
#define RACETRACK_INTERPOSE_FILE_LOCK_H

#include "shadow/engine.h"

enum rt_file_lock_kind { RT_FILE_LOCK_WHOLE /* flock */, RT_FILE_LOCK_RANGE /* fcntl, lockf */ };

struct rt_file_lock {
	uint64_t file;  /* its key */
	uint64_t owner; /* see RT_FILE_LOCK_OF_PROCESS */
	uint64_t first, last;
	uint8_t kind;
	uint8_t mode; /* enum rt_lock_mode */
};
#define RT_FILE_LOCK_OF_PROCESS (1ull << 63) /* and its number; without it the opening of the file */

/* What a call asks for. */
struct rt_file_request {
	struct rt_file_lock lock;
	bool is_valid; /* false: the kernel will refuse */
	bool unlocks;
};
RT_HIDDEN struct rt_file_request rt_file_request_flock(int fd, int operation);
RT_HIDDEN struct rt_file_request rt_file_request_lockf(int fd, int command, int64_t bytes);
/* `argument` is a struct flock of the program's. False: the command is none of those that lock. */
RT_HIDDEN bool rt_file_request_fcntl(
	int fd, int command, const void *argument, struct rt_file_request *request);

/* Before the call, while it matters; after it succeeded, always. */
RT_HIDDEN void rt_file_lock_leaves(struct rt_thread *self, const struct rt_file_request *request);
RT_HIDDEN void rt_file_lock_changed(struct rt_thread *self, const struct rt_file_request *request);
/* Before a descriptor is closed: always. */
RT_HIDDEN void rt_file_lock_closes(struct rt_thread *self, int fd);
/* The process ends, or becomes another program. */
RT_HIDDEN void rt_file_lock_ends(struct rt_thread *self);

/* The rest of the body of a call for the descriptor `fd`. */
#define RT_FILE_LOCK_BODY(name, request, call)                                                               \
	do {                                                                                                 \
		RT_TELL(name, {                                                                              \
			rt_number_use(self, &site, fd);                                                      \
			rt_file_lock_leaves(self, &request);                                                 \
		});                                                                                          \
		int error = call;                                                                            \
		if (!error) {                                                                                \
			RT_FOLLOWS();                                                                        \
			RT_TELL_ALWAYS(name, rt_file_lock_changed(self, &request));                          \
		}                                                                                            \
		return error;                                                                                \
	} while (0)

/* ---- for other processes: file_range.c ---- */

RT_HIDDEN void rt_file_range_release(struct rt_thread *self, const struct rt_file_lock *lock);
RT_HIDDEN void rt_file_range_acquire(struct rt_thread *self, const struct rt_file_lock *lock);

#endif
