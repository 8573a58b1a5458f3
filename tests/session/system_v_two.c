// hostile: two processes use two System V segments, made by one key after the other
// with: forward backward
#include <sys/ipc.h>
#include <sys/shm.h>
#include "sides.h"

static void use(void (*write_)(char *))
{
	int id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	char *at = shmat(id, NULL, 0);
	MUST(shmctl(id, IPC_RMID, NULL) == 0 && at != (void *)-1);
	write_(at + PAGE);
	MUST(shmdt(at) == 0);
}
static void first(void)
{
	use(first_write);
}
static void second(void)
{
	use(second_write);
}
int main(int count, char **arguments)
{
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
