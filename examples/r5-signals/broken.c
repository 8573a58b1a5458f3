/* A line in memory shared by processes, which one of them changes when it hears of the other. Row R5: each time one of
 * the two does not wait for that.
 */
/* expect: race-shared race-shared race-shared */
#include <signal.h>

#include "../shared.h"

struct board {
	char line[64];
};

static void prepare(void *unused)
{
	(void)unused;
}

/* 1. A signal that is waited for. */
static void *send_signal(void *shared)
{
	struct board *board = shared;
	must(kill(second_process, SIGUSR1));
	// racetrack: race-shared a
	snprintf(board->line, sizeof board->line, "after signal %d", SIGUSR1);
	return NULL;
}

static void *await_signal(void *shared)
{
	struct board *board = shared;
	sigset_t signals;
	int signal;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	must(sigwait(&signals, &signal));
	// racetrack: race-shared b
	snprintf(board->line, sizeof board->line, "changed after signal %d", signal);
	return NULL;
}

/* 2. A signal that a handler takes. */
static volatile sig_atomic_t taken;

static void take(int signal)
{
	taken = signal;
}

static void *send_to_handler(void *shared)
{
	struct board *board = shared;
	must(kill(second_process, SIGUSR2));
	// racetrack: race-shared#2 a
	snprintf(board->line, sizeof board->line, "after signal %d", SIGUSR2);
	return NULL;
}

static void *await_handler(void *shared)
{
	struct board *board = shared;
	sigset_t none;
	sigemptyset(&none);
	while (!taken)
		sigsuspend(&none);
	// racetrack: race-shared#2 b
	snprintf(board->line, sizeof board->line, "changed after signal %d", taken);
	return NULL;
}

static const struct way ways[] = {
	{IN_PROCESSES, send_signal, await_signal},
	{IN_PROCESSES, send_to_handler, await_handler},
};

/* 3. The start of a child, and its end. */
static void *write_as_child(void *shared)
{
	struct board *board = shared;
	// racetrack: race-shared#3 a
	snprintf(board->line, sizeof board->line, "by child %d", 1);
	return NULL;
}

static void try_child(void)
{
	int fd = make_memory(sizeof(struct board));
	struct board *board = map_file(fd, sizeof *board), *other = map_file(fd, sizeof *other);
	snprintf(board->line, sizeof board->line, "before child %d", 1);
	pid_t child = start_process(write_as_child, other);
	// racetrack: race-shared#3 b
	snprintf(board->line, sizeof board->line, "changed after child %d", 1);
	wait_for(child);
	printf("%s\n", board->line);
}

int main(void)
{
	struct sigaction action = {.sa_handler = take};
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	must(sigprocmask(SIG_BLOCK, &signals, NULL) || sigaction(SIGUSR2, &action, NULL));
	TRY_WAYS(ways, board, prepare, NULL);
	try_child();
	return 0;
}
