// hostile: writes behind its blocks, so that the allocator finds its own lists destroyed
// run: ulimit -c 0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
	char *volatile a = malloc(2000), *volatile b = malloc(2000), *volatile c = malloc(2000);
	puts("before");
	fflush(stdout);
	memset(a, 'A', 2100);
	free(b);
	free(a);
	free(c);
	for (int i = 0; i < 100; i++)
		malloc(i * 100);
	puts("not reached");
	return 0;
}
