/* System calls made directly, because the libc functions for them are wrapped by the library this is part of.
 *
 * Each returns what the kernel returns: a value, or -errno. None touches errno. Signal-safe. Source: Linux man-pages
 * section 2; the x86-64 System V ABI, appendix A.2.1. */
#ifndef RACETRACK_SHADOW_SYS_H
#define RACETRACK_SHADOW_SYS_H

#include "base.h"

#include <asm/unistd.h>
#include <linux/futex.h>
#include <linux/membarrier.h>

/* Values of the kernel's interface that its uapi headers and glibc's clash over. */
enum {
	RT_PROT_NONE = 0,
	RT_PROT_READ = 1,
	RT_PROT_WRITE = 2,
	RT_PROT_EXEC = 4,
	RT_MAP_SHARED = 1,
	RT_MAP_PRIVATE = 2,
	RT_MAP_FIXED = 0x10,
	RT_MAP_ANONYMOUS = 0x20,
	RT_MAP_NORESERVE = 0x4000,
	RT_MADV_RANDOM = 1,
	RT_MADV_DONTNEED = 4,
	RT_MADV_HUGEPAGE = 14,
	RT_MADV_NOHUGEPAGE = 15,
	RT_MADV_DONTDUMP = 16,
	RT_MADV_POPULATE_WRITE = 23,
	RT_AT_FDCWD = -100,
	RT_O_RDWR = 2,
	RT_O_CREAT = 0100,
	RT_O_EXCL = 0200,
	RT_O_CLOEXEC = 02000000,
	RT_EPERM = 1,
	RT_ESRCH = 3,
	RT_EEXIST = 17,
	RT_EINTR = 4,
	RT_EMFILE = 24,
	RT_PAGE_LOG = 12,
	RT_PAGE_BYTES = 1 << RT_PAGE_LOG,
};

/* The program has installed filters of system calls: filter.h. A call that they refuse is not made. */
extern RT_HIDDEN bool rt_sys_filtered;
RT_HIDDEN RT_COLD bool rt_sys_is_refused(long number, const long arguments[6]);

static inline long rt_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (RT_UNLIKELY(rt_sys_filtered) && rt_sys_is_refused(number, (const long[6]){a, b, c, d, e, f}))
		return -RT_EPERM;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static inline bool rt_sys_failed(long result)
{
	return result < 0 && result >= -4095;
}

static inline void *rt_sys_mmap(void *where, size_t bytes, int protection, int flags, int fd, long offset)
{
	long result = rt_syscall(__NR_mmap, (long)where, (long)bytes, protection, flags, fd, offset);
	return rt_sys_failed(result) ? NULL : (void *)result;
}

/* Fresh zeroed memory of the engine's own, or NULL. */
static inline void *rt_sys_pages(size_t bytes)
{
	return rt_sys_mmap(NULL, bytes, RT_PROT_READ | RT_PROT_WRITE,
		RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE, -1, 0);
}

static inline long rt_sys_munmap(void *where, size_t bytes)
{
	return rt_syscall(__NR_munmap, (long)where, (long)bytes, 0, 0, 0, 0);
}

static inline long rt_sys_madvise(void *where, size_t bytes, int advice)
{
	return rt_syscall(__NR_madvise, (long)where, (long)bytes, advice, 0, 0, 0);
}

/* All pages of the memory at once: a fault for each takes the kernel longer. Of a kernel that does not know it they come by
 * faults. */
static inline void rt_sys_populate(void *memory, size_t bytes)
{
	uintptr_t low = (uintptr_t)memory & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	rt_sys_madvise((void *)low, (uintptr_t)memory + bytes - low, RT_MADV_POPULATE_WRITE);
}

static inline long rt_sys_open(const char *path, int flags, int mode)
{
	return rt_syscall(__NR_openat, RT_AT_FDCWD, (long)path, flags, mode, 0, 0);
}

static inline long rt_sys_read(int fd, void *buffer, size_t bytes)
{
	return rt_syscall(__NR_read, fd, (long)buffer, (long)bytes, 0, 0, 0);
}

static inline long rt_sys_write(int fd, const void *buffer, size_t bytes)
{
	return rt_syscall(__NR_write, fd, (long)buffer, (long)bytes, 0, 0, 0);
}

/* RLIMIT_FSIZE: what makes a file larger raises SIGXFSZ. */
static inline uint64_t rt_sys_file_limit(void)
{
	enum { RLIMIT_FSIZE_VALUE = 1 };
	uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};
	rt_syscall(__NR_prlimit64, 0, RLIMIT_FSIZE_VALUE, 0, (long)limit, 0, 0);
	return limit[0];
}

static inline long rt_sys_close(int fd)
{
	return rt_syscall(__NR_close, fd, 0, 0, 0, 0, 0);
}

/* Signals as the kernel's masks have them. Faults are raised by the very instruction, which can't go on without them. */
static inline uint64_t rt_signal_bit(int number)
{
	return 1ull << (number - 1);
}

enum { RT_SIG_BLOCK = 0, RT_SIG_UNBLOCK = 1, RT_SIG_SETMASK = 2 };
#define RT_SIGNALS_OF_FAULTS                                                                                 \
	(1ull << (4 - 1) /* SIGILL */ | 1ull << (5 - 1) /* SIGTRAP */ | 1ull << (7 - 1) /* SIGBUS */ |       \
		1ull << (8 - 1) /* SIGFPE */ | 1ull << (11 - 1) /* SIGSEGV */ |                              \
		1ull << (31 - 1) /* SIGSYS */)

/* `old` may be NULL. */
static inline void rt_sys_signal_mask(int how, uint64_t mask, uint64_t *old)
{
	rt_syscall(__NR_rt_sigprocmask, how, (long)&mask, (long)old, sizeof(mask), 0, 0);
}

static inline int rt_sys_getpid(void)
{
	return (int)rt_syscall(__NR_getpid, 0, 0, 0, 0, 0, 0);
}

static inline int rt_sys_gettid(void)
{
	return (int)rt_syscall(__NR_gettid, 0, 0, 0, 0, 0, 0);
}

static inline void rt_sys_nap(uint32_t microseconds)
{
	const int64_t time[2] = {0, (int64_t)microseconds * 1000}; /* struct timespec */
	rt_syscall(__NR_nanosleep, (long)time, 0, 0, 0, 0, 0);
}

static inline void rt_sys_yield(void)
{
	rt_syscall(__NR_sched_yield, 0, 0, 0, 0, 0, 0);
}

/* False when the kernel thread is gone for certain. */
static inline bool rt_sys_thread_lives(int pid, int tid)
{
	return rt_syscall(__NR_tgkill, pid, tid, 0, 0, 0, 0) != -RT_ESRCH;
}

static inline uint64_t rt_sys_clock_ns(int clock)
{
	struct {
		int64_t seconds, nanoseconds;
	} now = {0, 0};
	rt_syscall(__NR_clock_gettime, clock, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.seconds * 1000000000u + (uint64_t)now.nanoseconds;
}

/* What a descriptor stands for. */
struct rt_sys_identity {
	uint64_t device, inode;
};

/* False: it is not open. */
static inline bool rt_sys_identify(int fd, struct rt_sys_identity *identity)
{
	struct {
		struct rt_sys_identity identity;
		uint64_t rest[16];
	} stat;
	if (rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0)))
		return false;
	*identity = stat.identity;
	return true;
}

/* Copies from memory of this process that may be gone, or to it; false when it is, or where the kernel refuses. */
static inline bool rt_sys_safe_move(long call, uintptr_t there, void *here, size_t bytes)
{
	struct {
		uintptr_t base;
		size_t bytes;
	} local = {(uintptr_t)here, bytes}, remote = {there, bytes};
	return rt_syscall(call, rt_sys_getpid(), (long)&local, 1, (long)&remote, 1, 0) == (long)bytes;
}

static inline bool rt_sys_safe_copy(uintptr_t from, void *to, size_t bytes)
{
	return rt_sys_safe_move(__NR_process_vm_readv, from, to, bytes);
}

static inline bool rt_sys_safe_write(uintptr_t to, void *from, size_t bytes)
{
	return rt_sys_safe_move(__NR_process_vm_writev, to, from, bytes);
}

#endif
