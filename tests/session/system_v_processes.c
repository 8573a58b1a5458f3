// hostile: two processes attach a System V segment, each for itself
// expect: race-shared
// with: forward backward
#include <sys/ipc.h>
#include <sys/shm.h>
#include "sides.h"

static int id;

static void first(void)
{
	first_write((char *)shmat(id, NULL, 0) + PAGE);
}
static void second(void)
{
	second_write((char *)shmat(id, NULL, 0) + PAGE);
}
int main(int count, char **arguments)
{
	id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	run_processes(is_backward(count, arguments), first, second);
	MUST(shmctl(id, IPC_RMID, NULL) == 0);
	return 0;
}
