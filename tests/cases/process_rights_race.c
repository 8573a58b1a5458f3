// A process that gives up rights is recorded all the same: its maps, too, which it then may not open any more.
#define _GNU_SOURCE
#include <grp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "pair.h"

static int data;

static void touch(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

int main(void)
{
	uid_t user = getuid();
	gid_t group = getgid();
	MUST(setgid(group) == 0);
	MUST(setegid(group) == 0);
	MUST(setregid(group, group) == 0);
	MUST(setresgid(group, group, group) == 0);
	MUST(setuid(user) == 0);
	MUST(seteuid(user) == 0);
	MUST(setreuid(user, user) == 0);
	MUST(setresuid(user, user, user) == 0);
	MUST(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
	/* an empty root, where the user may have one */
	if (chroot("/proc/self/fdinfo"))
		chroot("/");
	pair_run(touch, touch);
	return 0;
}
