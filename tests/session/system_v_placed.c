// hostile: attaches a System V segment at a place of its own choice, over another one, for reading only, and detaches it
// expect: race-alias
// with: forward backward
#include <sys/ipc.h>
#include <sys/shm.h>
#include "sides.h"

static char *one, *other;

static void first(void)
{
	racetrack_read(one, 8);
	__asm__ volatile("" ::: "memory");
}
static void second(void)
{
	second_write(other);
}
int main(int count, char **arguments)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600),
	    over = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	char *place = (char *)0x10000000000;
	MUST(shmat(over, place, 0) == place);
	MUST(shmat(id, place, SHM_REMAP | SHM_RDONLY) == place);
	one = place;
	other = shmat(id, NULL, 0);
	MUST(other != (void *)-1 && shmdt(shmat(id, NULL, 0)) == 0);
	MUST(shmctl(id, IPC_RMID, NULL) == 0 && shmctl(over, IPC_RMID, NULL) == 0);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
