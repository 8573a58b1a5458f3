// hostile: calls memcpy, strlen, malloc's and mutex functions from a stack that is not aligned
// open: wrappers rely on an aligned stack
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char from[64] = "text", to[64];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long call(void *function, long a, long b, long c)
{
	long result;
	__asm__ volatile("movq %%rsp, %%rbx; andq $-16, %%rsp; subq $136, %%rsp; call *%1; movq %%rbx, %%rsp"
			 : "=a"(result), "+r"(function), "+D"(a), "+S"(b), "+d"(c)
			 :
			 : "rbx", "rcx", "r8", "r9", "r10", "r11", "memory", "cc");
	return result;
}
static void *work(void *argument)
{
	char local[64];
	call(memcpy, (long)local, (long)from, 64);
	call(memmove, (long)local, (long)from, 64);
	printf("%ld\n", call(strlen, (long)local, 0, 0));
	printf("%ld\n", call(memcmp, (long)local, (long)from, 64));
	printf("%ld\n", call(pthread_mutex_lock, (long)&mutex, 0, 0));
	printf("%ld\n", call(pthread_mutex_unlock, (long)&mutex, 0, 0));
	return argument;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	return 0;
}
