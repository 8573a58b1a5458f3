// hostile: a block freed while another thread may still copy from it
// expect: race-free
// times: 20
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"
static char *block, copy[64];
static void first(void)
{
	memcpy(copy, block, 50);
}
static void second(void)
{
	free(block);
}
int main(void)
{
	block = calloc(1, 64);
	pair_run(first, second);
	return 0;
}
