// A thread in an ended one's place in the clocks: what it unlocks tells also what its creator knew, though the last one to unlock it
// was the ended thread.
#include "pair.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;
static int handed;

static void *use_lock(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *wait_and_look(void *unused)
{
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	pthread_mutex_lock(&lock);
	racetrack_write(&handed, sizeof(handed));
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t looks, first, second;
	MUST(!pthread_create(&looks, NULL, wait_and_look, NULL));
	gate_wait(&gate, 1);
	MUST(!pthread_create(&first, NULL, use_lock, NULL));
	pthread_join(first, NULL);
	racetrack_write(&handed, sizeof(handed));
	MUST(!pthread_create(&second, NULL, use_lock, NULL));
	pthread_join(second, NULL);
	gate_open(&gate, 2);
	pthread_join(looks, NULL);
	return 0;
}
