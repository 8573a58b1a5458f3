// hostile: one process for each way to end, most while other threads run
// run: ulimit -c 0
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static int how;
static void at_end(void)
{
	write(1, "handler\n", 8);
}
static void end(int when)
{
	switch (how) {
	case 0:
		exit(10);
	case 1:
		_exit(11);
	case 2:
		quick_exit(12);
	case 3:
		abort();
	case 4:
		raise(SIGKILL);
	case 5:
		*(volatile int *)8 = 1;
	case 6:
		pthread_exit(NULL);
	case 7:
		syscall(SYS_exit_group, 13);
	case 8:
		execl("/bin/false", "false", NULL);
	case 9:
		raise(SIGTERM);
	case 10:
		_Exit(14);
	case 11:
		signal(SIGALRM, _exit);
		alarm(1);
		for (char a[100], b[100];;)
			memcpy(a, b, 100);
	}
}
static void *work(void *argument)
{
	for (int i = 0;; i++) {
		char *block = malloc(100);
		memset(block, 0, 100);
		free(block);
		if (i == 100 && argument)
			end(1);
		if (i > 100000 && how == 6)
			return NULL;
	}
}
int main(void)
{
	for (how = 0; how < 12; how++)
		for (int in_thread = 0; in_thread < 2; in_thread++) {
			int status;
			fflush(stdout);
			if (!fork()) {
				pthread_t thread;
				atexit(at_end);
				at_quick_exit(at_end);
				for (int i = 0; i < 2; i++)
					pthread_create(&thread, NULL, work, NULL);
				if (in_thread) {
					pthread_create(&thread, NULL, work, "end");
					if (how == 6)
						pthread_exit(NULL);
					for (;;)
						pause();
				}
				end(0);
			}
			wait(&status);
			printf("%d %d: %x\n", how, in_thread, status & ~0x80);
		}
	return 0;
}
