// hostile: closes its errors, then its data file has number 2, and it has a race
// expect: race-data
// follower: html
// file: data
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "pair.h"
static char text[8], other[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
int main(void)
{
	close(2);
	printf("%d\n", open("data", O_RDWR | O_CREAT | O_TRUNC, 0600));
	write(2, "mine\n", 5);
	pair_run(first, second);
	write(2, "mine too\n", 9);
	return 0;
}
