// hostile: sandboxes itself so that system calls it does not make itself are refused or deadly, then goes on as before
// run: ulimit -c 0
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static const int calls[] = {SYS_process_vm_readv, SYS_mincore, SYS_membarrier, SYS_memfd_create, SYS_getpid,
	SYS_tgkill, SYS_clone, SYS_openat, SYS_ftruncate, SYS_fcntl, SYS_readlink, SYS_fstat, SYS_madvise,
	SYS_sched_yield, SYS_clock_gettime, SYS_getcwd, SYS_prctl, SYS_gettid, SYS_getppid, SYS_wait4,
	SYS_dup2, SYS_getsockopt};
static void refuse(int call, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {4, code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		puts("no filter");
}
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[100];
static void *work(void *argument)
{
	for (int i = 0; i < 50; i++) {
		char *large = malloc(100000);
		memset(large, 1, 100000);
		free(large);
		pthread_mutex_lock(&mutex);
		strcpy(text, argument);
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	for (unsigned i = 0; i < 2 * sizeof(calls) / sizeof(*calls); i++) {
		int status;
		fflush(stdout);
		if (!fork()) {
			pthread_t threads[2];
			refuse(calls[i / 2], i & 1 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM);
			for (int j = 0; j < 2; j++)
				pthread_create(&threads[j], NULL, work, "text");
			for (int j = 0; j < 2; j++)
				pthread_join(threads[j], NULL);
			syscall(SYS_exit_group, 3);
		}
		wait(&status);
		printf("%d %d %x\n", calls[i / 2], i & 1, status);
	}
	return 0;
}
