/* System calls that the program makes itself, and announces before and after by sanitizer/linux_syscall_hooks.h. What a
 * wrapped function would tell is told here. All arguments are words. */
#include "descriptor.h"
#include "stream.h"
#include "wrap.h"

#define EXPORTED RT_EXPORT __attribute__((used))

/* ---- of which nothing is told ---- */

__asm__(".pushsection .text\n"
	".type rt_syscall_nothing, @function\n"
	"rt_syscall_nothing: ret\n"
	".size rt_syscall_nothing, . - rt_syscall_nothing\n"
	".popsection");

#define NOTHING(name)                                                                                        \
	__asm__(".globl " #name "\n.type " #name ", @function\n.set " #name ", rt_syscall_nothing");

#define RT_SYSCALL(name)                                                                                     \
	NOTHING(__sanitizer_syscall_pre_impl_##name)                                                         \
	NOTHING(__sanitizer_syscall_post_impl_##name)
#include "syscalls.def"
#undef RT_SYSCALL

/* The place is the caller's: what calls these has hooks, and tells of its frames. */
#define TELL_ALWAYS(...)                                                                                     \
	do {                                                                                                 \
		struct rt_thread *self = rt_enter();                                                         \
		if (self) {                                                                                  \
			struct rt_site site = rt_frames_site((uintptr_t)__builtin_return_address(0));        \
			__VA_ARGS__;                                                                         \
			rt_leave(self);                                                                      \
		}                                                                                            \
	} while (0)
#define TELL(...)                                                                                            \
	do {                                                                                                 \
		if (rt_watching)                                                                             \
			TELL_ALWAYS(__VA_ARGS__);                                                            \
	} while (0)

#define PRE(name, ...)                                                                                       \
	EXPORTED void __sanitizer_syscall_pre_impl_##name(__VA_ARGS__);                                      \
	void __sanitizer_syscall_pre_impl_##name(__VA_ARGS__)
#define POST(name, ...)                                                                                      \
	EXPORTED void __sanitizer_syscall_post_impl_##name(__VA_ARGS__);                                     \
	void __sanitizer_syscall_post_impl_##name(__VA_ARGS__)
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* ---- reading and writing ---- */

/* Of every name: a descriptor, a buffer and its bytes come first. */
#define INPUT(name, ...)                                                                                     \
	PRE(name, long fd, ##__VA_ARGS__)                                                                    \
	{                                                                                                    \
		TELL(rt_number_use(self, &site, (int)fd));                                                   \
	}                                                                                                    \
	POST(name, long result, long fd, long to)                                                            \
	{                                                                                                    \
		TELL({                                                                                       \
			if (result >= 0)                                                                     \
				rt_descriptor_acquire(self, &site, (int)fd);                                 \
			if (result > 0)                                                                      \
				RT_WRITES((void *)to, (size_t)result);                                       \
		});                                                                                          \
	}

#define OUTPUT(name)                                                                                         \
	PRE(name, long fd, long from, long bytes)                                                            \
	{                                                                                                    \
		TELL({                                                                                       \
			RT_READS((void *)from, (size_t)bytes);                                               \
			rt_descriptor_output(self, &site, (int)fd);                                          \
		});                                                                                          \
	}                                                                                                    \
	NOTHING(__sanitizer_syscall_post_impl_##name)

INPUT(read)
INPUT(pread64)
INPUT(recv)
INPUT(recvfrom)
OUTPUT(write)
OUTPUT(pwrite64)
OUTPUT(send)
OUTPUT(sendto)

/* ---- descriptors that come and go ---- */

#define OPENS(name)                                                                                          \
	NOTHING(__sanitizer_syscall_pre_impl_##name)                                                         \
	POST(name, long result)                                                                              \
	{                                                                                                    \
		if (result >= 0)                                                                             \
			TELL_ALWAYS(rt_descriptor_opened(self, &site, (int)result));                         \
	}

OPENS(open)
OPENS(openat)
OPENS(creat)
OPENS(socket)
OPENS(accept)
OPENS(accept4)
OPENS(eventfd)
OPENS(eventfd2)
OPENS(epoll_create)
OPENS(epoll_create1)
OPENS(inotify_init)
OPENS(inotify_init1)
OPENS(timerfd_create)

static void tell_pair(struct rt_thread *self, struct rt_site *site, const int pair[2])
{
	rt_descriptor_opened(self, site, pair[0]);
	rt_descriptor_opened(self, site, pair[1]);
	rt_call_access(self, site, pair, 2 * sizeof(*pair), RT_WRITE);
}

#define OPENS_PAIR(name)                                                                                     \
	NOTHING(__sanitizer_syscall_pre_impl_##name)                                                         \
	POST(name, long result, long pair)                                                                   \
	{                                                                                                    \
		if (result >= 0)                                                                             \
			TELL_ALWAYS(tell_pair(self, &site, (const int *)pair));                              \
	}

OPENS_PAIR(pipe)
OPENS_PAIR(pipe2)

PRE(close, long fd)
{
	TELL_ALWAYS({
		rt_number_close(self, &site, (int)fd);
		rt_descriptor_closes(self, &site, (int)fd);
	});
	rt_descriptor_forget((int)fd);
}
NOTHING(__sanitizer_syscall_post_impl_close)

/* ---- forks: no handlers run ---- */

PRE(fork, void)
{
	rt_fork_prepare();
}

POST(fork, long result)
{
	if (result)
		rt_fork_parent();
	else
		rt_fork_child();
}
