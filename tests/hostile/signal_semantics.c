// hostile: what sigaction, signal, siginterrupt, SA_RESETHAND, SA_NODEFER, SA_SIGINFO, masks, ignoring and exec promise
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int calls, depth, deepest, got, value, code, sender;
static void plain(int number)
{
	got = number;
}
static void other(int number)
{
	got = -number;
}
static void nested(int number)
{
	if (++depth > deepest)
		deepest = depth;
	if (calls++ % 3 < 2)
		raise(number);
	depth--;
}
static void informed(int number, siginfo_t *info, void *context)
{
	got = number;
	value = info->si_value.sival_int;
	code = info->si_code;
	sender = info->si_pid == getpid();
}
static void *idle(void *argument)
{
	sigset_t set;
	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (;;)
		pause();
}
static void show(const char *what, const struct sigaction *action)
{
	void *handler = action->sa_handler;
	printf("%s %s flags %x mask %d%d\n", what,
		handler == plain      ? "plain"
		: handler == other    ? "other"
		: handler == nested   ? "nested"
		: handler == informed ? "informed"
		: handler == SIG_DFL  ? "default"
		: handler == SIG_IGN  ? "ignore"
				      : "?",
		action->sa_flags & ~0x04000000, sigismember(&action->sa_mask, SIGUSR2),
		sigismember(&action->sa_mask, SIGINT));
}
int main(int argc, char **argv)
{
	struct sigaction old, action = {.sa_handler = plain};
	pthread_t thread;
	if (argc > 1) {
		sigaction(SIGUSR1, NULL, &old);
		show("after exec", &old);
		sigaction(SIGUSR2, NULL, &old);
		show("after exec", &old);
		return 0;
	}
	pthread_create(&thread, NULL, idle, NULL);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, &old);
	show("first", &old);
	action.sa_handler = SIG_IGN;
	sigaction(SIGUSR1, &action, &old);
	show("second", &old);
	printf("%d\n", signal(SIGUSR1, other) == SIG_IGN);
	printf("%d\n", signal(SIGUSR1, plain) == other);
	sigaction(SIGUSR1, NULL, &old);
	show("third", &old);
	raise(SIGUSR1);
	printf("got %d\n", got);
	action = (struct sigaction){.sa_handler = plain, .sa_flags = SA_RESETHAND | SA_RESTART};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR1, NULL, &old);
	show("one shot", &old);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &old);
	show("used up", &old);
	action = (struct sigaction){.sa_sigaction = (void *)informed, .sa_flags = SA_RESETHAND | SA_SIGINFO};
	sigaction(SIGUSR1, &action, NULL);
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 77});
	sigaction(SIGUSR1, NULL, &old);
	show("used up", &old);
	printf("%d %d %d\n", value, code == SI_QUEUE, sender);
	action = (struct sigaction){.sa_handler = nested, .sa_flags = SA_NODEFER};
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("deepest %d\n", deepest);
	action = (struct sigaction){.sa_handler = nested};
	deepest = 0;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	raise(SIGUSR1);
	printf("deepest %d\n", deepest);
	if (!vfork()) {
		signal(SIGUSR1, SIG_DFL);
		signal(SIGUSR2, plain);
		_exit(0);
	}
	wait(NULL);
	sigaction(SIGUSR1, NULL, &old);
	show("after vfork", &old);
	sigaction(SIGUSR2, NULL, &old);
	show("after vfork", &old);
	errno = 0;
	printf("%d %s\n", sigaction(SIGKILL, &action, NULL), strerror(errno));
	printf("%d %s\n", sigaction(1000, &action, NULL), strerror(errno));
	printf("%d %s\n", signal(SIGSTOP, plain) == SIG_ERR, strerror(errno));
	printf("%d %s\n", sigaction(32, &action, NULL), strerror(errno));
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	sigset_t pending;
	sigpending(&pending);
	printf("pending %d\n", sigismember(&pending, SIGUSR1));
	sigset_t none;
	sigemptyset(&none);
	printf("%d %s\n", sigsuspend(&none), strerror(errno));
	int pair[2];
	char byte;
	pipe(pair);
	signal(SIGALRM, plain);
	siginterrupt(SIGALRM, 1);
	ualarm(10000, 0);
	printf("%zd %s\n", read(pair[0], &byte, 1), strerror(errno));
	sem_t semaphore;
	sem_init(&semaphore, 0, 0);
	ualarm(10000, 0);
	printf("%d %s\n", sem_wait(&semaphore), strerror(errno));
	fflush(stdout);
	signal(SIGPIPE, SIG_IGN);
	close(pair[0]);
	printf("%zd %s\n", write(pair[1], "x", 1), strerror(errno));
	fflush(stdout);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, plain);
	execl("/proc/self/exe", "program", "after", NULL);
	return 1;
}
