/* A status board in an anonymous shared mapping, which monitoring tools read. Row R2, repaired: whoever writes a
 * line holds the lock.
 */
/* expect: nothing */
#include <string.h>
#include <sys/mman.h>

#include "../example.h"

struct board {
	char title[32];
	char line[64];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct board *board;

static void *watch_disk(void *unused)
{
	int used = 81;
	pthread_mutex_lock(&lock);
	snprintf(board->line, sizeof board->line, "disk: %d%% of the space is in use", used);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *watch_network(void *unused)
{
	int lost = 3;
	pthread_mutex_lock(&lock);
	snprintf(board->line, sizeof board->line, "network: %d packets were lost today", lost);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		return 1;
	strcpy(board->title, "status of the machine");
	run_both(watch_disk, watch_network, NULL, NULL);
	printf("%s: %s\n", board->title, board->line);
	return munmap(board, sizeof *board);
}
