/* A journal in a mapped file, which grows: its mapping moves, as there is no room where it is. Row R6, repaired: nobody
 * reads while it moves, and the reader takes the new address.
 */
/* expect: nothing */
#include <string.h>

#include "../shared.h"

enum { BYTES = 4096 };

static char *journal;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *show(void *unused)
{
	char line[64];
	pthread_mutex_lock(&lock);
	printf("%s\n", strcpy(line, journal));
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *grow(void *unused)
{
	pthread_mutex_lock(&lock);
	char *grown = mremap(journal, BYTES, 4 * BYTES, MREMAP_MAYMOVE);
	must(grown == MAP_FAILED || grown == journal);
	journal = grown;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	/* What lies behind it, so that it has to move. */
	char *room = mmap(NULL, 2 * BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = make_memory(4 * BYTES);
	journal = mmap(room, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	must(room == MAP_FAILED || journal == MAP_FAILED);
	snprintf(journal, BYTES, "opened by %d", getpid());
	run_both(show, grow, NULL, NULL);
	return 0;
}
