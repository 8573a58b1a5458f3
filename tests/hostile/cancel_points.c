// hostile: cancels threads in every cancellation point, with cleanup handlers that lock, copy and post
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, log_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t never;
static int pair[2];
static char log_text[10000];
static pthread_t victim_of_join;
static void clean(void *argument)
{
	pthread_mutex_lock(&log_mutex);
	strcat(log_text, argument);
	strcat(log_text, "\n");
	pthread_mutex_unlock(&log_mutex);
	free(malloc(20));
}
static void unlock(void *argument)
{
	strcat(log_text, "unlock ");
	pthread_mutex_unlock(argument);
}
static void *wait_condition(void *argument)
{
	pthread_mutex_lock(&log_mutex);
	pthread_cleanup_push(unlock, &log_mutex);
	for (;;)
		pthread_cond_wait(&condition, &log_mutex);
	pthread_cleanup_pop(1);
}
static void *wait_timed(void *argument)
{
	struct timespec until = {4000000000, 0};
	pthread_mutex_lock(&log_mutex);
	pthread_cleanup_push(unlock, &log_mutex);
	for (;;)
		pthread_cond_timedwait(&condition, &log_mutex, &until);
	pthread_cleanup_pop(1);
}
#define VICTIM(name, statement)                                                                              \
	static void *name(void *argument)                                                                    \
	{                                                                                                    \
		char buffer[10];                                                                             \
		struct iovec part = {buffer, 10};                                                            \
		pthread_cleanup_push(clean, #name);                                                          \
		for (;;) {                                                                                   \
			statement;                                                                           \
		}                                                                                            \
		pthread_cleanup_pop(0);                                                                      \
	}
VICTIM(in_read, read(pair[0], buffer, 10))
VICTIM(in_recv, recv(pair[0], buffer, 10, 0))
VICTIM(in_readv, readv(pair[0], &part, 1))
VICTIM(in_sem_wait, sem_wait(&never))
VICTIM(in_join, pthread_join(victim_of_join, NULL))
VICTIM(in_pause, pause())
VICTIM(in_printf, fputs("", stdout); pthread_testcancel())
VICTIM(in_sleep, usleep(1000))
VICTIM(in_copy, memcpy(buffer, "123456789", 10); pthread_testcancel())
static void *compute_async(void *argument)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (volatile long i = 0;; i++)
		;
}
int main(void)
{
	void *(*functions[])(void *) = {wait_condition, wait_timed, in_read, in_recv, in_readv, in_sem_wait,
		in_join, in_pause, in_printf, in_sleep, in_copy, compute_async};
	sem_init(&never, 0, 0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	pthread_create(&victim_of_join, NULL, in_pause, NULL);
	for (int round = 0; round < 10; round++)
		for (unsigned i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
			pthread_t thread;
			void *result;
			pthread_create(&thread, NULL, functions[i], NULL);
			if (round & 1)
				usleep(200);
			pthread_cancel(thread);
			pthread_join(thread, &result);
			if (result != PTHREAD_CANCELED)
				puts("not cancelled");
		}
	pthread_mutex_lock(&log_mutex);
	printf("%zu\n", strlen(log_text) > 100);
	pthread_mutex_unlock(&log_mutex);
	return 0;
}
