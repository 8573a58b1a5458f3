/* A status file that two parts of a program have mapped, each for itself. Row R3: both threads write into the same line
 * of it, at two addresses, without a lock.
 */
/* expect: race-alias */
#include "../shared.h"

struct board {
	char title[32];
	char line[64];
};

static void *watch_disk(void *mapped)
{
	struct board *board = mapped;
	int used = 81;
	// racetrack: race-alias a
	snprintf(board->line, sizeof board->line, "disk: %d%% of the space is in use", used);
	return NULL;
}

static void *watch_network(void *mapped)
{
	struct board *board = mapped;
	int lost = 3;
	// racetrack: race-alias b
	snprintf(board->line, sizeof board->line, "network: %d packets were lost today", lost);
	return NULL;
}

int main(void)
{
	char name[] = "/tmp/status.XXXXXX";
	int fd = mkstemp(name);
	must(fd < 0 || ftruncate(fd, sizeof(struct board)) || unlink(name));
	struct board *one = map_file(fd, sizeof *one), *other = map_file(fd, sizeof *other);
	snprintf(one->title, sizeof one->title, "status of machine %d", 1);
	run_both(watch_disk, watch_network, one, other);
	printf("%s: %s\n", other->title, other->line);
	return munmap(one, sizeof *one) || munmap(other, sizeof *other);
}
