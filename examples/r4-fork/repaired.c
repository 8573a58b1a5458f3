/* A status board in memory that a process shares with its children. Row R4, repaired: whoever writes a line holds the
 * lock, which lies in the shared memory, too.
 */
/* expect: nothing */
#include "../shared.h"

struct board {
	char title[32];
	char line[64];
	pthread_mutex_t lock;
};

static void *watch_disk(void *shared)
{
	struct board *board = shared;
	int used = 81;
	pthread_mutex_lock(&board->lock);
	snprintf(board->line, sizeof board->line, "disk: %d%% of the space is in use", used);
	pthread_mutex_unlock(&board->lock);
	return NULL;
}

static void *watch_network(void *shared)
{
	struct board *board = shared;
	int lost = 3;
	pthread_mutex_lock(&board->lock);
	snprintf(board->line, sizeof board->line, "network: %d packets were lost today", lost);
	pthread_mutex_unlock(&board->lock);
	return NULL;
}

int main(void)
{
	struct board *board =
		mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(board == MAP_FAILED);
	make_shared_mutex(&board->lock);
	snprintf(board->title, sizeof board->title, "status of machine %d", 1);
	run_processes(watch_disk, watch_network, board, board);
	printf("%s: %s\n", board->title, board->line);
	return munmap(board, sizeof *board);
}
