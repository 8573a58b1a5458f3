// hostile: a mapped file is cut short while it is in use, and nobody handles SIGBUS
#include <sys/resource.h>
#include "sides.h"

static void *idle(void *gate)
{
	gate_wait(gate, 1);
	return NULL;
}
int main(void)
{
	static struct gate gate;
	struct rlimit none = {0, 0};
	pthread_t thread;
	int fd = make_file("file", 4 * PAGE);
	char *mapping = map_shared(fd, 0, 4 * PAGE);
	setrlimit(RLIMIT_CORE, &none);
	MUST(pthread_create(&thread, NULL, idle, &gate) == 0);
	mapping[3 * PAGE] = 1;
	MUST(ftruncate(fd, PAGE) == 0);
	printf("before\n");
	fflush(stdout);
	((volatile char *)mapping)[3 * PAGE] = 2;
	printf("after\n");
	return 0;
}
