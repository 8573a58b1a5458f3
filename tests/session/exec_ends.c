// hostile: starts itself anew in the same process, which then is the last of its session
#include "sides.h"

int main(int count, char **arguments)
{
	char *mapping = map_shared(make_file("file", PAGE), 0, PAGE);
	first_write(mapping);
	printf("%d\n", count);
	fflush(stdout);
	if (count == 1)
		execl(arguments[0], arguments[0], "again", NULL);
	return 0;
}
