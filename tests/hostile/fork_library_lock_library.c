#include <pthread.h>
#include <string.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char a[300], b[300];
static void lock(void)
{
	pthread_mutex_lock(&mutex);
}
static void unlock(void)
{
	pthread_mutex_unlock(&mutex);
}
__attribute__((constructor)) static void start(void)
{
	pthread_atfork(lock, unlock, unlock);
}
void library_work(void)
{
	pthread_mutex_lock(&mutex);
	memcpy(a, b, sizeof(a));
	pthread_mutex_unlock(&mutex);
}
