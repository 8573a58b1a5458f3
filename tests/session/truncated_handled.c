// hostile: a mapped file is cut short, by a thread, while another writes into it, plainly and by memset: the handler of
// hostile: SIGBUS sees the address, and jumps out
#include <setjmp.h>
#include <signal.h>
#include "sides.h"

static sigjmp_buf out;
static char *mapping;
static volatile long where = -1;

static void catch (int number, siginfo_t *info, void *context)
{
	where = (char *)info->si_addr - mapping;
	siglongjmp(out, info->si_code);
}
static void touch(const char *what, void (*way)(void))
{
	int code = sigsetjmp(out, 1);
	if (!code)
		way();
	printf("%s: code %d at %ld\n", what, code, where);
}
static void plainly(void)
{
	*(volatile char *)(mapping + 3 * PAGE + 17) = 1;
}
static void by_call(void)
{
	memset(mapping + 3 * PAGE, 1, 64);
}
static void *idle(void *gate)
{
	gate_wait(gate, 1);
	return NULL;
}
int main(void)
{
	static struct gate gate;
	struct sigaction action = {.sa_sigaction = catch, .sa_flags = SA_SIGINFO};
	pthread_t thread;
	int fd = make_file("file", 4 * PAGE);
	mapping = map_shared(fd, 0, 4 * PAGE);
	sigaction(SIGBUS, &action, NULL);
	MUST(pthread_create(&thread, NULL, idle, &gate) == 0);
	touch("before", plainly);
	MUST(ftruncate(fd, PAGE) == 0);
	touch("plainly", plainly);
	touch("by a call", by_call);
	MUST(ftruncate(fd, 4 * PAGE) == 0);
	touch("grown again", plainly);
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	return 0;
}
