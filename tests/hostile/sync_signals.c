// hostile: threads order themselves by pthread_kill and sigwait, sigqueue and signalfd, kill and a handler
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
static pthread_t main_thread;
static char text[100];
static int how;
static void *work(void *argument)
{
	snprintf(text, sizeof(text), "way %d", how);
	if (how == 0)
		pthread_kill(main_thread, SIGUSR1);
	else if (how == 1)
		kill(getpid(), SIGUSR1);
	else
		sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1});
	pause();
	return argument;
}
int main(void)
{
	sigset_t set;
	siginfo_t info;
	int got;
	main_thread = pthread_self();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, 0);
	for (how = 0; how < 4; how++) {
		pthread_t thread;
		struct signalfd_siginfo from_fd;
		pthread_create(&thread, NULL, work, NULL);
		if (how == 0)
			sigwait(&set, &got);
		else if (how == 1)
			sigwaitinfo(&set, &info);
		else if (how == 2)
			sigtimedwait(&set, &info, NULL);
		else
			read(fd, &from_fd, sizeof(from_fd));
		puts(text);
		strcpy(text, "again");
	}
	return 0;
}
