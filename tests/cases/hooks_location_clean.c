// Where an address lies: in the block that lives, whatever was freed around its start or inside of it.
#include <stdlib.h>
#include <string.h>
#include "pair.h"

enum { BLOCKS = 100, STEPS = 4000 };

const char *__tsan_locate_address(
	uintptr_t address, char *name, unsigned long name_bytes, uintptr_t *start, unsigned long *bytes);

static struct {
	char *at;
	size_t bytes;
} blocks[BLOCKS];

static size_t some_bytes(void)
{
	static const int most[] = {64, 600, 5000, 200000};
	return (size_t)(1 + rand() % most[rand() % 4]);
}

static void check(unsigned i)
{
	uintptr_t start;
	unsigned long bytes;
	char name[64];
	const char *type = __tsan_locate_address((uintptr_t)blocks[i].at + (size_t)rand() % blocks[i].bytes,
		name, sizeof name, &start, &bytes);
	MUST(!strcmp(type, "heap") && start == (uintptr_t)blocks[i].at && bytes == blocks[i].bytes);
}

static void step(void)
{
	unsigned i = (unsigned)rand() % BLOCKS;
	if (blocks[i].at) {
		check(i);
		free(blocks[i].at);
		blocks[i].at = NULL;
		return;
	}
	blocks[i].bytes = some_bytes();
	MUST(blocks[i].at = malloc(blocks[i].bytes));
}

static void steps(void)
{
	for (int i = 0; i < STEPS; i++)
		step();
}

static void nothing(void)
{
}

int main(void)
{
	steps();
	pair_run(steps, nothing);
	steps();
	return 0;
}
