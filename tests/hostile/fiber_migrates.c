// hostile: one fiber that is resumed by another thread each time, ordered by a mutex
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
static ucontext_t fiber, callers[2];
static int turn, current;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static void body(void)
{
	char here[100] = "";
	for (int i = 0;; i++) {
		snprintf(here, sizeof(here), "%d", i);
		free(strdup(here));
		swapcontext(&fiber, &callers[current]);
	}
}
static void *run(void *argument)
{
	int which = argument != NULL;
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&mutex);
		while (turn != which)
			pthread_cond_wait(&condition, &mutex);
		current = which;
		swapcontext(&callers[which], &fiber);
		turn = !which;
		pthread_cond_signal(&condition);
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	getcontext(&fiber);
	fiber.uc_stack.ss_sp = malloc(65536);
	fiber.uc_stack.ss_size = 65536;
	makecontext(&fiber, body, 0);
	pthread_create(&thread, NULL, run, "");
	run(NULL);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
