/* The ends of a process image, and forks. */
#include "cfi.h"
#include "exit_handlers.h"
#include "file_lock.h"
#include "loaded.h"
#include "real.h"
#include "signal_stubs.h"
#include "system_v.h"
#include "wrap.h"
#include "shadow/owner.h"
#include "hooks/callbacks.h"
#include "hooks/hooked.h"

/* Others may take what the process holds from now on. */
static int end(enum rt_end how, int status)
{
	struct rt_thread *self = rt_sync_is_abroad() ? rt_enter() : NULL;
	if (self) {
		rt_file_lock_ends(self);
		if (how == RT_END_EXIT)
			rt_system_v_ends(self);
		rt_leave(self);
	}
	rt_rewrite_end();
	return rt_end(how, status);
}

/* ---- exec: what was found is reported first; an exec that fails goes on as if nothing had been ---- */

#define EXEC_BODY(call)                                                                                      \
	end(RT_END_EXEC, 0);                                                                                 \
	rt_signal_hand_on();                                                                                 \
	int result = call;                                                                                   \
	rt_signal_handed_on();                                                                               \
	rt_end_undo();                                                                                       \
	return result

int rt_wrap_execve(const char *path, char *const arguments[], char *const environment[])
{
	EXEC_BODY(rt_real.execve(path, arguments, environment));
}

int rt_wrap_execv(const char *path, char *const arguments[])
{
	EXEC_BODY(rt_real.execv(path, arguments));
}

int rt_wrap_execvp(const char *file, char *const arguments[])
{
	EXEC_BODY(rt_real.execvp(file, arguments));
}

int rt_wrap_execvpe(const char *file, char *const arguments[], char *const environment[])
{
	EXEC_BODY(rt_real.execvpe(file, arguments, environment));
}

int rt_wrap_fexecve(int fd, char *const arguments[], char *const environment[])
{
	EXEC_BODY(rt_real.fexecve(fd, arguments, environment));
}

int rt_wrap_execveat(int fd, const char *path, char *const arguments[], char *const environment[], int flags)
{
	EXEC_BODY(rt_real.execveat(fd, path, arguments, environment, flags));
}

/* The list as an array, on the stack: exec may be called where nothing may be allocated. */
#define LIST_BODY(call)                                                                                      \
	va_list list;                                                                                        \
	size_t count = 1;                                                                                    \
	va_start(list, argument);                                                                            \
	while (va_arg(list, char *))                                                                         \
		count++;                                                                                     \
	va_end(list);                                                                                        \
	char *arguments[count + 1];                                                                          \
	va_start(list, argument);                                                                            \
	arguments[0] = (char *)argument;                                                                     \
	for (size_t i = 1; i <= count; i++)                                                                  \
		arguments[i] = va_arg(list, char *);                                                         \
	EXEC_BODY(call)

int rt_wrap_execl(const char *path, const char *argument, ...)
{
	LIST_BODY(rt_real.execv(path, arguments));
}

int rt_wrap_execlp(const char *file, const char *argument, ...)
{
	LIST_BODY(rt_real.execvp(file, arguments));
}

int rt_wrap_execle(const char *path, const char *argument, ...)
{
	LIST_BODY(rt_real.execve(path, arguments, va_arg(list, char **)));
}

/* ---- children without fork's handlers ---- */

struct clone_start {
	int (*function)(void *);
	void *argument;
};

/* On the child's stack, in its copy of the parent's memory. */
static int run_clone(void *argument)
{
	struct clone_start start = *(struct clone_start *)argument;
	rt_fork_child();
	return start.function(start.argument);
}

/* A child that shares the memory may run on with this thread's state. */
__attribute__((used, noinline)) static void share_thread(void)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_owner_resign(self);
	rt_leave(self);
}

/* Returns twice, so with the stack as it is. */
__attribute__((naked)) pid_t rt_wrap_vfork(void)
{
	__asm__("subq $8, %%rsp\n"
		"call share_thread\n"
		"addq $8, %%rsp\n"
		"jmp *rt_real + %c0(%%rip)\n"
		:
		: "i"(offsetof(struct rt_real, vfork)));
}

/* What shares the memory is a thread, or as one: taken in at its first call. */
int rt_wrap_clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
	struct clone_start start = {function, argument};
	va_list rest;
	va_start(rest, argument);
	void *parent_tid = va_arg(rest, void *), *tls = va_arg(rest, void *),
	     *child_tid = va_arg(rest, void *);
	va_end(rest);
	if (flags & CLONE_VM) {
		share_thread();
		return rt_real.clone(function, stack, flags, argument, parent_tid, tls, child_tid);
	}
	rt_fork_prepare();
	int child = rt_real.clone(run_clone, stack, flags, &start, parent_tid, tls, child_tid);
	rt_fork_parent();
	return child;
}

pid_t rt_wrap__Fork(void)
{
	rt_fork_prepare();
	pid_t child = rt_real._Fork();
	if (child)
		rt_fork_parent();
	else
		rt_fork_child();
	return child;
}

/* ---- exit ---- */

void rt_wrap__exit(int status)
{
	rt_real._exit(end(RT_END_EXIT, status));
}

void rt_wrap__Exit(int status)
{
	rt_real._Exit(end(RT_END_EXIT, status));
}

/* The program's own at_quick_exit handlers still run; what they find the follower reports. */
void rt_wrap_quick_exit(int status)
{
	RT_TELL(quick_exit, rt_exit_quickly(self, &site));
	rt_real.quick_exit(end(RT_END_EXIT, status));
}

/* exit and the return from main come here, after the program's own handlers and destructors. */
static void at_exit(int status, void *argument)
{
	(void)argument;
	int wanted = end(RT_END_EXIT, status);
	bool failed = rt_finding_errors() != 0;
	if (rt_callbacks_ended(&failed))
		wanted = failed && !status ? rt_end_status() : status;
	if (wanted == status)
		return;
	rt_real.fflush(NULL);
	rt_real._exit(wanted);
}

/* What children mostly call, and each of them for the first time. */
static void look_up_for_children(void)
{
	static RT_AT_FORK bool done;
	static const size_t functions[] = {offsetof(struct rt_real, _exit), offsetof(struct rt_real, execve),
		offsetof(struct rt_real, execv), offsetof(struct rt_real, execvp),
		offsetof(struct rt_real, close), offsetof(struct rt_real, dup2)};
	for (size_t i = 0; i < RT_COUNT(functions) && !done; i++)
		rt_real_resolve((unsigned)(functions[i] / sizeof(void *)));
	done = true;
}

static void prepare_fork(void)
{
	look_up_for_children();
	rt_fork_prepare();
}

/* Ours are registered before all others, so they run last before a fork and first after one: while the engine stands
 * still nobody else's handler waits for a thread that waits for us. Libraries may be constructed before this one is, so
 * the first registration by anybody brings ours first. pthread_atfork ends here, too. */
static void register_fork_handlers(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	rt_real.__register_atfork(prepare_fork, rt_fork_parent, rt_fork_child, NULL);
}

/* What was done before a handler was registered happens before it runs: the C library has a lock for them. */
static const char fork_handlers;
#define FORK_HANDLERS ((uint64_t)(uintptr_t)&fork_handlers)

int rt_wrap___register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *module)
{
	register_fork_handlers();
	RT_TELL(__register_atfork, {
		if (!rt_sync_ignored(self))
			rt_sync_release(self, &site, FORK_HANDLERS, "fork handlers");
	});
	return rt_real.__register_atfork(prepare, parent, child, module);
}

pid_t rt_wrap_fork(void)
{
	RT_TELL(fork, {
		if (!rt_sync_ignored(self))
			rt_sync_acquire(self, &site, FORK_HANDLERS, "fork handlers");
	});
	return rt_real.fork();
}

/* exit's handlers run in reverse: ours, registered by a constructor, runs after the program's. */
__attribute__((constructor(102))) static void register_handlers(void)
{
	rt_real.on_exit(at_exit, NULL);
	register_fork_handlers();
}

/* Who calls it is told what ThreadSanitizer would say where there are hooks; libraries know that one by the answer (Archer, of
 * LLVM's OpenMP), and have something to say about its options. */
int rt_wrap_RunningOnValgrind(void)
{
	int (*next)(void) = NULL;
	if (!rt_hooked_any())
		next = (int (*)(void))rt_real_resolve(
			(unsigned)(offsetof(struct rt_real, RunningOnValgrind) / sizeof(void *)));
	return next ? next() : 0;
}

/* ---- modules ---- */

int rt_wrap_dlclose(void *module)
{
	struct rt_loaded loaded;
	rt_modules_changing();
	rt_rewrite_unloading();
	rt_loaded_list(&loaded);
	int result = rt_real.dlclose(module);
	rt_real_forget();
	rt_loaded_forget(&loaded);
	rt_rewrite_unloaded();
	rt_cfi_forget();
	return result;
}
