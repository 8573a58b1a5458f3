// hostile: attaches a System V segment twice
// expect: race-alias
// with: forward backward
#include <sys/ipc.h>
#include <sys/shm.h>
#include "sides.h"

static char *one, *other;

static void first(void)
{
	first_write(one + PAGE);
}
static void second(void)
{
	second_write(other + PAGE);
}
int main(int count, char **arguments)
{
	int id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	one = shmat(id, NULL, 0);
	other = shmat(id, NULL, 0);
	MUST(shmctl(id, IPC_RMID, NULL) == 0 && one != (void *)-1 && other != (void *)-1);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
