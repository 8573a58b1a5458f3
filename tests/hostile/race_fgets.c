// hostile: fgets into a buffer that another thread searches
// expect: race-data
// times: 20
#include <stdio.h>
#include <string.h>
#include "pair.h"
static char line[64] = "none";
static void first(void)
{
	FILE *file = fopen("/proc/self/comm", "r");
	fgets(line, sizeof(line), file);
	fclose(file);
}
static char *volatile found;
static void second(void)
{
	found = strchr(line, 1);
}
int main(void)
{
	pair_run(first, second);
	return 0;
}
