/* A status board in memory that a process shares with its children. Row R4: two children write into the same line of it
 * without a lock, and it shows a mixture of both.
 */
/* expect: race-shared */
#include "../shared.h"

struct board {
	char title[32];
	char line[64];
};

static void *watch_disk(void *shared)
{
	struct board *board = shared;
	int used = 81;
	// racetrack: race-shared a
	snprintf(board->line, sizeof board->line, "disk: %d%% of the space is in use", used);
	return NULL;
}

static void *watch_network(void *shared)
{
	struct board *board = shared;
	int lost = 3;
	// racetrack: race-shared b
	snprintf(board->line, sizeof board->line, "network: %d packets were lost today", lost);
	return NULL;
}

int main(void)
{
	struct board *board =
		mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(board == MAP_FAILED);
	snprintf(board->title, sizeof board->title, "status of machine %d", 1);
	run_processes(watch_disk, watch_network, board, board);
	printf("%s: %s\n", board->title, board->line);
	return munmap(board, sizeof *board);
}
