// What is read from a descriptor comes after who sent that signal, and after no other.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "steps.h"

static int readers[2], process;

static void take(int i)
{
	struct signalfd_siginfo got;
	MUST(read(readers[i], &got, sizeof(got)) == sizeof(got));
}

static void find_nothing(int i)
{
	struct signalfd_siginfo got;
	MUST(read(readers[i], &got, sizeof(got)) == -1 && errno == EAGAIN);
}

static void steps(void)
{
	HANDS(kill(getpid(), SIGUSR1), (raise(SIGUSR2), take(1)));                       // race: race-data
	HANDS(MUST(!pidfd_send_signal(process, SIGUSR1, NULL, 0)), find_nothing(1));     // race: race-data
	HANDS(MUST(!pidfd_send_signal(process, 0, NULL, 0)), (raise(SIGUSR2), take(1))); // race: race-data
	HANDS(kill(getpid(), SIGUSR1), MUST(!kill(getpid(), SIGUSR1)));                  // race: race-data
}

int main(void)
{
	int numbers[2] = {SIGUSR1, SIGUSR2};
	for (int i = 0; i < 2; i++) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, numbers[i]);
		pthread_sigmask(SIG_BLOCK, &set, NULL);
		readers[i] = signalfd(-1, &set, SFD_NONBLOCK);
	}
	process = pidfd_open(getpid(), 0);
	MUST(process >= 0);
	steps_run();
	return 0;
}
