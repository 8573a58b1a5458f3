/* Two threads have a mapping each, one after the other, at the same address: the kernel gave the range of the first to
 * the second. Row R7: it is another piece of memory, and nobody shares anything. The same with a thread's stack.
 */
/* expect: nothing */
#include "../shared.h"

enum { BYTES = 4096 };

static char *const address = (char *)0x10000000000; /* where nothing is */

static char *map_again(void)
{
	int fd = make_memory(BYTES);
	char *at = mmap(address, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	must(at != address);
	close(fd);
	return at;
}

/* What the last thread that lay here wrote is another variable. */
static void *use_stack(void *unused)
{
	char line[256];
	snprintf(line, sizeof line, "a line at %p", (void *)line);
	return unused;
}

/* Detached, so that nothing orders its end with what follows. */
static void use_a_stack(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, use_stack, NULL) || pthread_detach(thread));
}

static void *first(void *unused)
{
	char *at = map_again();
	snprintf(at, BYTES, "first at %p", (void *)at);
	munmap(at, BYTES);
	use_a_stack();
	day_reached(1);
	return unused;
}

static void *second(void *unused)
{
	day_wait(1);
	char *at = map_again();
	snprintf(at, BYTES, "second at %p", (void *)at);
	printf("%s\n", at);
	munmap(at, BYTES);
	use_a_stack();
	return unused;
}

int main(void)
{
	run_both(first, second, NULL, NULL);
	return 0;
}
