/* Children: starting them otherwise than by fork, and waiting for them. What a fork or an exec orders is told in process.c. */
#include "children.h"

#include "result.h"
#include "signal_stubs.h"

void rt_children_starting(void)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_children_begin(self);
	rt_leave(self);
}

void rt_children_waited(bool some, int pid)
{
	struct rt_thread *self = some ? rt_enter() : NULL;
	if (!self)
		return;
	rt_children_ended(self, pid);
	rt_leave(self);
}

#define WAIT_BODY(name, call, ...)                                                                           \
	pid_t child = call;                                                                                  \
	rt_children_waited(child > 0, child);                                                                \
	if (child > 0)                                                                                       \
		RT_TELL(name, __VA_ARGS__);                                                                  \
	return child

pid_t rt_wrap_wait(int *status)
{
	WAIT_BODY(wait, rt_real.wait(status), RT_WRITES_VALUE(status));
}

pid_t rt_wrap_waitpid(pid_t pid, int *status, int options)
{
	WAIT_BODY(waitpid, rt_real.waitpid(pid, status, options), RT_WRITES_VALUE(status));
}

pid_t rt_wrap_wait3(int *status, int options, struct rusage *usage)
{
	WAIT_BODY(wait3, rt_real.wait3(status, options, usage), {
		RT_WRITES_VALUE(status);
		RT_WRITES_VALUE(usage);
	});
}

pid_t rt_wrap_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	WAIT_BODY(wait4, rt_real.wait4(pid, status, options, usage), {
		RT_WRITES_VALUE(status);
		RT_WRITES_VALUE(usage);
	});
}

int rt_wrap_waitid(idtype_t kind, id_t id, siginfo_t *info, int options)
{
	int result = rt_real.waitid(kind, id, info, options);
	rt_children_waited(!result && (!info || info->si_pid), info ? info->si_pid : 0);
	if (!result && info) /* as far as the kernel fills it */
		RT_TELL(waitid, RT_WRITES(info, offsetof(siginfo_t, si_status) + sizeof(info->si_status)));
	return result;
}

int rt_wrap_system(const char *command)
{
	rt_children_starting();
	rt_signal_hand_on();
	int status = rt_real.system(command);
	rt_signal_handed_on();
	rt_children_waited(command && status != -1, 0);
	return status;
}

#define TELL_SPAWNED(name, path)                                                                             \
	do {                                                                                                 \
		if (!error)                                                                                  \
			RT_TELL(name, {                                                                      \
				RT_READS_STRING(path);                                                       \
				RT_READS_VALUE(actions);                                                     \
				RT_READS_VALUE(attributes);                                                  \
				RT_WRITES_VALUE(pid);                                                        \
			});                                                                                  \
	} while (0)

int rt_wrap_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	rt_children_starting();
	rt_signal_hand_on();
	int error = rt_real.posix_spawn(pid, path, actions, attributes, arguments, environment);
	rt_signal_handed_on();
	TELL_SPAWNED(posix_spawn, path);
	return error;
}

int rt_wrap_posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	rt_children_starting();
	rt_signal_hand_on();
	int error = rt_real.posix_spawnp(pid, file, actions, attributes, arguments, environment);
	rt_signal_handed_on();
	TELL_SPAWNED(posix_spawnp, file);
	return error;
}
