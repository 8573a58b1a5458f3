/* Attributes of children that posix_spawn starts, and what these do with descriptors first. */
#include "attribute.h"

#define ACTS(name, parameters, call)                                                                         \
	int rt_wrap_##name parameters                                                                        \
	{                                                                                                    \
		RT_RESULT_BODY(name, call, !result, RT_WRITES_VALUE(actions));                               \
	}
#define ACTS_ON_PATH(name, parameters, call)                                                                 \
	int rt_wrap_##name parameters                                                                        \
	{                                                                                                    \
		RT_RESULT_BODY(name, call, !result, {                                                        \
			RT_WRITES_VALUE(actions);                                                            \
			RT_READS_TEXT(path);                                                                 \
		});                                                                                          \
	}
typedef posix_spawn_file_actions_t actions_t;

RT_MAKES(posix_spawnattr_init, posix_spawnattr_t)
RT_MAKES(posix_spawnattr_destroy, posix_spawnattr_t)
RT_GETS(posix_spawnattr_getflags, posix_spawnattr_t, short)
RT_SETS(posix_spawnattr_setflags, posix_spawnattr_t, short)
RT_GETS(posix_spawnattr_getpgroup, posix_spawnattr_t, pid_t)
RT_SETS(posix_spawnattr_setpgroup, posix_spawnattr_t, pid_t)
RT_GETS(posix_spawnattr_getschedpolicy, posix_spawnattr_t, int)
RT_SETS(posix_spawnattr_setschedpolicy, posix_spawnattr_t, int)
RT_GETS(posix_spawnattr_getschedparam, posix_spawnattr_t, struct sched_param)
RT_SETS_FROM(posix_spawnattr_setschedparam, posix_spawnattr_t, struct sched_param)
RT_GETS(posix_spawnattr_getsigdefault, posix_spawnattr_t, sigset_t)
RT_SETS_FROM(posix_spawnattr_setsigdefault, posix_spawnattr_t, sigset_t)
RT_GETS(posix_spawnattr_getsigmask, posix_spawnattr_t, sigset_t)
RT_SETS_FROM(posix_spawnattr_setsigmask, posix_spawnattr_t, sigset_t)

RT_MAKES(posix_spawn_file_actions_init, posix_spawn_file_actions_t)
RT_MAKES(posix_spawn_file_actions_destroy, posix_spawn_file_actions_t)
ACTS(posix_spawn_file_actions_addclose, (actions_t * actions, int fd),
	rt_real.posix_spawn_file_actions_addclose(actions, fd))
ACTS(posix_spawn_file_actions_addclosefrom_np, (actions_t * actions, int fd),
	rt_real.posix_spawn_file_actions_addclosefrom_np(actions, fd))
ACTS(posix_spawn_file_actions_adddup2, (actions_t * actions, int from, int to),
	rt_real.posix_spawn_file_actions_adddup2(actions, from, to))
ACTS(posix_spawn_file_actions_addfchdir_np, (actions_t * actions, int fd),
	rt_real.posix_spawn_file_actions_addfchdir_np(actions, fd))
ACTS(posix_spawn_file_actions_addtcsetpgrp_np, (actions_t * actions, int fd),
	rt_real.posix_spawn_file_actions_addtcsetpgrp_np(actions, fd))
ACTS_ON_PATH(posix_spawn_file_actions_addchdir_np, (actions_t * actions, const char *path),
	rt_real.posix_spawn_file_actions_addchdir_np(actions, path))
ACTS_ON_PATH(posix_spawn_file_actions_addopen,
	(actions_t * actions, int fd, const char *path, int flags, mode_t mode),
	rt_real.posix_spawn_file_actions_addopen(actions, fd, path, flags, mode))
