// hostile: a command line of a megabyte and a race
// expect: race-data
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"
static char text[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
int main(int argc, char **argv)
{
	if (argc == 1) {
		char **arguments = calloc(1001, sizeof(char *));
		arguments[0] = "program";
		for (int i = 1; i < 1000; i++) {
			arguments[i] = malloc(1001);
			memset(arguments[i], i % 256 ? i % 256 : '\n', 1000);
			arguments[i][1000] = 0;
		}
		execv("/proc/self/exe", arguments);
		return 1;
	}
	printf("%d\n", argc);
	pair_run(first, second);
	return 0;
}
