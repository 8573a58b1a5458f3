// System calls that the program makes itself, and announces.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "steps.h"

void __sanitizer_syscall_pre_impl_read(long fd, long to, long bytes);
void __sanitizer_syscall_post_impl_read(long result, long fd, long to, long bytes);
void __sanitizer_syscall_pre_impl_write(long fd, long from, long bytes);
void __sanitizer_syscall_post_impl_write(long result, long fd, long from, long bytes);
void __sanitizer_syscall_pre_impl_pipe2(long pair, long flags);
void __sanitizer_syscall_post_impl_pipe2(long result, long pair, long flags);
void __sanitizer_syscall_pre_impl_close(long fd);
void __sanitizer_syscall_post_impl_close(long result, long fd);
void __sanitizer_syscall_pre_impl_openat(long folder, long path, long flags, long mode);
void __sanitizer_syscall_post_impl_openat(long result, long folder, long path, long flags, long mode);
void __sanitizer_syscall_pre_impl_fork(void);
void __sanitizer_syscall_post_impl_fork(long result);
void __sanitizer_syscall_pre_impl_getpid(void);
void __sanitizer_syscall_post_impl_getpid(long result);

/* Each call stands in the line that is to be named. */
#define ANNOUNCED(name, number, ...)                                                                         \
	({                                                                                                   \
		__sanitizer_syscall_pre_impl_##name(__VA_ARGS__);                                            \
		long result = syscall(number, __VA_ARGS__);                                                  \
		__sanitizer_syscall_post_impl_##name(result, __VA_ARGS__);                                   \
		result;                                                                                      \
	})
#define READ(fd, to, bytes)    ANNOUNCED(read, SYS_read, fd, (long)(to), bytes)
#define WRITE(fd, from, bytes) ANNOUNCED(write, SYS_write, fd, (long)(from), bytes)
#define CLOSE(fd)              ANNOUNCED(close, SYS_close, fd)
#define OPEN                   ANNOUNCED(openat, SYS_openat, AT_FDCWD, (long)"/dev/zero", O_RDWR, 0)

static int zero, pair[2];

static int opened(void)
{
	int fd = (int)OPEN;
	MUST(fd >= 0);
	return fd;
}

static int forked(void)
{
	__sanitizer_syscall_pre_impl_fork();
	long child = syscall(SYS_fork);
	__sanitizer_syscall_post_impl_fork(child);
	if (!child)
		_exit(0);
	return waitpid((pid_t)child, NULL, 0) == child;
}

/* Handed over without an order. */
static int same[STEPS_MOST];
#define LEAVE __atomic_exchange_n(&same[__LINE__], opened(), __ATOMIC_RELAXED)
#define SAME  __atomic_load_n(&same[__LINE__], __ATOMIC_RELAXED)

static void steps(void)
{
	STEP(READ(zero, A, 7), racetrack_read(A + 6, 1)); // race: race-data
	STEP(READ(zero, A, 7), racetrack_read(A + 7, 1));
	STEP(WRITE(zero, A, 7), racetrack_write(A + 6, 1)); // race: race-data
	STEP((LEAVE, READ(SAME, A, 1)), CLOSE(SAME));       // race: race-descriptor
	STEP((LEAVE, READ(SAME, A, 1), CLOSE(SAME)), CLOSE(opened()));
	HANDS(MUST(WRITE(pair[1], "a", 1) == 1), READ(pair[0], steps_areas[0].a, 1));
}

int main(void)
{
	zero = opened();
	MUST(ANNOUNCED(pipe2, SYS_pipe2, (long)pair, 0) == 0);
	__sanitizer_syscall_pre_impl_getpid();
	__sanitizer_syscall_post_impl_getpid(syscall(SYS_getpid));
	steps_run();
	MUST(forked());
	return 0;
}
