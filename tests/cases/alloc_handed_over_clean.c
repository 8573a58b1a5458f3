// cflags: -fno-builtin
// A block that goes through a semaphore to the thread that frees it.
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"

static sem_t full;
static char *block;

static void make(void)
{
	block = strndup("a text that is handed over", 12);
	MUST(sem_post(&full) == 0);
}

static void take(void)
{
	MUST(sem_wait(&full) == 0);
	MUST(strlen(block) == 12);
	block = realloc(block, 1000);
	memset(block, 0, 1000);
	free(block);
}

int main(void)
{
	sem_init(&full, 0, 0);
	pair_run(make, take);
	return 0;
}
