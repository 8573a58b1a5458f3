// hostile: maps more than there is of a file, makes the file longer and uses what it has got
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *early, *late;

static void first(void)
{
	first_write(early + 5 * PAGE);
	early[5 * PAGE] = 'a';
}
static void second(void)
{
	second_write(late + PAGE);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 10);
	early = map_shared(fd, 0, 8 * PAGE);
	MUST(ftruncate(fd, 8 * PAGE) == 0);
	late = map_shared(fd, 4 * PAGE, 2 * PAGE);
	run_threads(is_backward(count, arguments), first, second);
	printf("%c\n", late[PAGE]);
	return 0;
}
