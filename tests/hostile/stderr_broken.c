// hostile: its errors go to a pipe that nobody reads any more
// run: exec 2> >(exec sleep 0); sleep 0.2
// options: verbosity=1
#include <stdio.h>
int main(void)
{
	puts("out");
	return 5;
}
