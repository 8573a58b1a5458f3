/*
 * measure OUT COMMAND...: runs the command without address randomisation and writes `user_us system_us wall_ns maxrss_kib
 * status` to OUT; status is the exit status, 128+N for signal N. SIGINT and SIGTERM are handed on to the command.
 *
 * A program of its own because ru_maxrss of a process counts from before its exec: started by a Python interpreter
 * directly, every small program would have the interpreter's peak.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile pid_t child;

static void hand_on(int number)
{
	if (child > 0)
		kill(child, number);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static long long us_of(struct timeval time)
{
	return time.tv_sec * 1000000ll + time.tv_usec;
}

static pid_t start(char **command)
{
	pid_t pid = fork();

	if (pid == 0) {
		personality(ADDR_NO_RANDOMIZE);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	return pid;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	long long start_ns;
	FILE *out;

	if (argc < 3 || !(out = fopen(argv[1], "we"))) {
		fprintf(stderr, "usage: measure OUT COMMAND...\n");
		return 2;
	}
	signal(SIGINT, hand_on);
	signal(SIGTERM, hand_on);
	start_ns = now_ns();
	child = start(argv + 2);
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return 2;
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	fprintf(out, "%lld %lld %lld %ld %d\n", us_of(usage.ru_utime), us_of(usage.ru_stime),
		now_ns() - start_ns, usage.ru_maxrss, status);
	return fclose(out) ? 2 : 0;
}
