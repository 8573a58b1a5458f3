// hostile: stack overflows caught on another stack and left by siglongjmp, in main and in a thread, many times
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static __thread sigjmp_buf back;
static volatile int sink;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[30];
static int recurse(int depth)
{
	char frame[200];
	memset(frame, depth, sizeof(frame));
	sink = recurse(depth + 1) + frame[depth % 200];
	return sink;
}
static void on_segv(int number)
{
	static const char message[] = "overflow\n";
	write(1, message, sizeof(message) - 1);
	siglongjmp(back, 1);
}
static void *overflow(void *argument)
{
	stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
	sigaltstack(&stack, NULL);
	for (volatile int i = 0; i < 5; i++) {
		if (!sigsetjmp(back, 1))
			recurse(0);
		pthread_mutex_lock(&mutex);
		strcpy(text, argument);
		pthread_mutex_unlock(&mutex);
	}
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_handler = on_segv, .sa_flags = SA_ONSTACK};
	sigaction(SIGSEGV, &action, NULL);
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, overflow, "thread");
	overflow("main");
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
