// hostile: fibers by swapcontext, whose stacks come from malloc and mmap and go again, moved between two threads
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
enum { FIBERS = 200, STACK = 65536 };
static ucontext_t callers[2], fibers[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[64];
static void nested(int which, int depth)
{
	char frame[100];
	snprintf(frame, sizeof(frame), "%d %d", which, depth);
	if (depth) {
		nested(which, depth - 1);
		return;
	}
	for (int i = 0; i < 5; i++) {
		pthread_mutex_lock(&mutex);
		strcpy(text, frame);
		pthread_mutex_unlock(&mutex);
		free(strdup(frame));
		swapcontext(&fibers[which], &callers[which]);
	}
}
static void start(int which)
{
	nested(which, 10);
}
static void *run(void *argument)
{
	int which = argument != NULL;
	for (int i = 0; i < FIBERS; i++) {
		void *stack =
			i & 1 ? malloc(STACK)
			      : mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		getcontext(&fibers[which]);
		fibers[which].uc_stack.ss_sp = stack;
		fibers[which].uc_stack.ss_size = STACK;
		fibers[which].uc_link = &callers[which];
		makecontext(&fibers[which], (void (*)(void))start, 1, which);
		for (int j = 0; j < 5; j++) {
			swapcontext(&callers[which], &fibers[which]);
			char other[64];
			strcpy(other, "the thread's own");
		}
		if (i & 1)
			free(stack);
		else
			munmap(stack, STACK);
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, run, "");
	run(NULL);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
