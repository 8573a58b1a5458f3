/* Two programs that know of each other nothing but the name of a piece of shared memory. Row R4, repaired: each takes
 * the lock that lies beside the field.
 */
/* expect: nothing */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>

#include "../shared.h"

struct leader {
	char place[64];
	pthread_mutex_t lock;
};

static struct leader *open_leader(const char *name)
{
	int fd = shm_open(name, O_RDWR, 0);
	must(fd < 0);
	struct leader *leader = map_file(fd, sizeof *leader);
	close(fd);
	return leader;
}

static int lead_from_cellar(const char *name)
{
	struct leader *leader = open_leader(name);
	int rack = 7;
	pthread_mutex_lock(&leader->lock);
	snprintf(leader->place, sizeof leader->place, "cellar, rack %d", rack);
	pthread_mutex_unlock(&leader->lock);
	return 0;
}

static int lead_from_attic(const char *name)
{
	struct leader *leader = open_leader(name);
	int shelf = 2;
	pthread_mutex_lock(&leader->lock);
	snprintf(leader->place, sizeof leader->place, "attic, shelf %d", shelf);
	pthread_mutex_unlock(&leader->lock);
	return 0;
}

static pid_t start(const char *part, const char *name)
{
	char *arguments[] = {"leader", (char *)part, (char *)name, NULL};
	pid_t child;
	must(posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ));
	return child;
}

int main(int count, char **arguments)
{
	char name[64];
	if (count == 3)
		return !strcmp(arguments[1], "cellar") ? lead_from_cellar(arguments[2])
						       : lead_from_attic(arguments[2]);
	snprintf(name, sizeof name, "/leader-%d", getpid());
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	must(fd < 0 || ftruncate(fd, sizeof(struct leader)));
	struct leader *leader = map_file(fd, sizeof *leader);
	make_shared_mutex(&leader->lock);
	pid_t cellar = start("cellar", name), attic = start("attic", name);
	wait_for(cellar);
	wait_for(attic);
	printf("%s\n", leader->place);
	return shm_unlink(name);
}
