// hostile: frees a block twice
// run: ulimit -c 0
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
	char *volatile block = malloc(50);
	puts("before");
	fflush(stdout);
	free(block);
	free(block);
	puts("not reached");
	return 0;
}
