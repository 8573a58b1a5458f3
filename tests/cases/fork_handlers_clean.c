// What a thread did before it registered a handler of fork's happens before that runs, though nobody joined the thread.
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static int prepared;

static void prepare(void)
{
	prepared++;
	racetrack_write(&prepared, sizeof(prepared));
}

static void first(void)
{
	prepared = 1;
	racetrack_write(&prepared, sizeof(prepared));
	MUST(pthread_atfork(prepare, NULL, NULL) == 0);
}

static void second(void)
{
	int status = 1;
	pid_t child = fork();
	if (!child)
		_exit(prepared == 2 ? 0 : 1);
	MUST(waitpid(child, &status, 0) == child && status == 0);
}

int main(void)
{
	pair_run(first, second);
	return 0;
}
