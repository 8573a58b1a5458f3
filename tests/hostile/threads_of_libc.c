// hostile: threads that the C library makes itself: timers, asynchronous I/O, look-ups, message queues
// cflags: -lanl
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static sem_t fired;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[100];
static void on_timer(union sigval value)
{
	char *copy = strdup("timer");
	pthread_mutex_lock(&mutex);
	strcpy(text, copy);
	pthread_mutex_unlock(&mutex);
	free(copy);
	sem_post(&fired);
}
static void *work(void *argument)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		strcpy(text, "thread");
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	timer_t timer;
	char buffer[10] = "";
	sem_init(&fired, 0, 0);
	pthread_create(&thread, NULL, work, NULL);
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_timer};
	struct itimerspec soon = {{0, 1000000}, {0, 1000000}};
	printf("%d\n", timer_create(CLOCK_MONOTONIC, &event, &timer));
	timer_settime(timer, 0, &soon, NULL);
	for (int i = 0; i < 50; i++)
		while (sem_wait(&fired))
			;
	timer_delete(timer);
	struct aiocb block = {.aio_fildes = open("/dev/zero", O_RDONLY), .aio_buf = buffer, .aio_nbytes = 10};
	block.aio_sigevent = (struct sigevent){.sigev_notify = SIGEV_NONE};
	const struct aiocb *list[] = {&block};
	printf("%d\n", aio_read(&block));
	while (aio_error(&block) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	printf("%zd\n", aio_return(&block));
	struct gaicb look_up = {.ar_name = "localhost"}, *look_ups[] = {&look_up};
	printf("%d\n", getaddrinfo_a(GAI_WAIT, look_ups, 1, NULL));
	pthread_join(thread, NULL);
	return 0;
}
