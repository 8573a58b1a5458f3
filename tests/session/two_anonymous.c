// hostile: two children make shared anonymous memory each, and the grandchildren of each use it
// with: forward backward
#include "sides.h"

static void use(void (*write_)(char *))
{
	char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(at != MAP_FAILED);
	pid_t child = fork();
	if (child == 0) {
		write_(at);
		_exit(0);
	}
	end_side(child);
	write_(at);
}
static void first(void)
{
	use(first_write);
}
static void second(void)
{
	use(second_write);
}
int main(int count, char **arguments)
{
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
