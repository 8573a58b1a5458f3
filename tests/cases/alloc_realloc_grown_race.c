// cflags: -fno-builtin
// A block that one thread reallocates again and again, to more bytes each time: what was written of it the last time is not looked at
// anew, and counts as much, as long as it stays; and is freed when it goes.
#include <semaphore.h>
#include <stdlib.h>
#include "steps.h"

static char *blocks[STEPS_MOST];
static sem_t released;
#define BLOCK (blocks[__LINE__])

static void grow_here(char *block, size_t bytes)
{
	void *fresh = realloc(block, bytes); // race: race-data BEGIN MIDDLE END NEAR; race-free STORED
	MUST((uintptr_t)fresh == (uintptr_t)block);
}

/* Rooms of sizes of their own, which nobody else gets: all bytes are there from the beginning. */
static char *grown(size_t room)
{
	char *block = malloc(room - 8);
	MUST(block && malloc(room));
	for (size_t bytes = room - 6; bytes <= room; bytes += 2)
		grow_here(block, bytes);
	return block;
}

static void move(char *block)
{
	void *fresh = realloc(block, 300000); // race: race-free MOVED REST PAGE; use-after-free OWN
	MUST((uintptr_t)fresh != (uintptr_t)block);
}

static char *grown_and_moved(size_t room)
{
	char *block = grown(room);
	move(block);
	return block;
}

static void steps(void)
{
	STEP(BLOCK = grown(1000), racetrack_read(BLOCK, 1));        // race: race-data BEGIN
	STEP(BLOCK = grown(1048), racetrack_write(BLOCK + 500, 8)); // race: race-data MIDDLE
	STEP(BLOCK = grown(1096), racetrack_read(BLOCK + 1092, 2)); // race: race-data END
	STEP(BLOCK = grown(1144), racetrack_read(BLOCK + 1142, 2));
	STEP(BLOCK = grown_and_moved(1192), racetrack_read(BLOCK + 200, 8));   // race: race-free MOVED
	STEP(BLOCK = grown_and_moved(1240), racetrack_read(BLOCK + 1238, 2));  // race: race-free REST
	STEP(BLOCK = grown_and_moved(20008), racetrack_read(BLOCK + 9000, 1)); // race: race-free PAGE
	STEP(BLOCK = grown(9000), racetrack_read(BLOCK + 5000, 1));            // race: race-data NEAR
}

/* By the thread itself, in another epoch; and what another one stored in the last bytes, before the next time. */
static struct gate turn;
static char *growing;

static void use_own(void)
{
	char *block = grown_and_moved(1288);
	MUST(!sem_post(&released));
	racetrack_read(block + 300, 1); // race: use-after-free OWN
	growing = grown(1336);
	gate_open(&turn, 1);
	gate_wait(&turn, 2);
	grow_here(growing, 1336);
}

static void *store_between(void *unused)
{
	gate_wait(&turn, 1);
	racetrack_write(growing + 1335, 1); // race: race-free STORED
	gate_open(&turn, 2);
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST(!sem_init(&released, 0, 0));
	steps_run();
	MUST(!pthread_create(&thread, NULL, store_between, NULL));
	use_own();
	pthread_join(thread, NULL);
	return 0;
}
