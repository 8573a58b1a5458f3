/* Takes executable memory, or memory files, from this process: what hardened systems do. For children of a test. */
#ifndef RACETRACK_TESTS_REWRITE_CONFINE_H
#define RACETRACK_TESTS_REWRITE_CONFINE_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define CONFINE_REFUSE      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define CONFINE_ALLOW       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define CONFINE_LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))

static inline void confine_by(struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program = {length, filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("seccomp");
		exit(1);
	}
}

static inline void confine_memory_files(void)
{
	struct sock_filter filter[] = {
		CONFINE_LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
		CONFINE_REFUSE,
		CONFINE_ALLOW,
	};
	confine_by(filter, sizeof(filter) / sizeof(filter[0]));
}

/* No mprotect that makes executable; with `maps`, no such mmap either. */
static inline void confine_executable_memory(bool maps)
{
	struct sock_filter filter[] = {
		CONFINE_LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, maps ? SYS_mmap : SYS_mprotect, 0, 3),
		CONFINE_LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		CONFINE_REFUSE,
		CONFINE_ALLOW,
	};
	confine_by(filter, sizeof(filter) / sizeof(filter[0]));
}

#endif
