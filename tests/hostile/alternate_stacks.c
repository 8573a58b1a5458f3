// hostile: handlers on small alternate stacks copy and compare in a storm of signals
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
static volatile sig_atomic_t count;
static pthread_barrier_t barrier;
static void on_signal(int number)
{
	char from[64] = "text", to[64];
	memcpy(to, from, sizeof(to));
	if (memcmp(to, from, sizeof(to)) || strlen(to) != 4)
		abort();
	strcat(to, "more");
	__atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
}
static void *work(void *argument)
{
	size_t bytes = (getauxval(AT_MINSIGSTKSZ) + 4096 + 4095) & ~4095ul;
	char *room = mmap(NULL, bytes + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(room, 4096, PROT_NONE);
	stack_t stack = {.ss_sp = room + 4096, .ss_size = bytes}, none = {.ss_flags = SS_DISABLE};
	if (sigaltstack(&stack, NULL))
		puts("sigaltstack");
	for (int i = 0; i < 3000; i++) {
		pthread_kill(pthread_self(), SIGUSR1);
		free(malloc(100));
	}
	sigaltstack(&none, NULL);
	munmap(room, bytes + 4096);
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
	pthread_t threads[2];
	sigfillset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	struct itimerval timer = {{0, 100}, {0, 100}};
	setitimer(ITIMER_REAL, &timer, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	work(NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", count > 1000);
	return 0;
}
