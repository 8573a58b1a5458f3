// A process that ends gives up what it held: who gets it comes after all that it did.
#define _GNU_SOURCE
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include "sides.h"

enum { WAYS = 4 };

static char *memory;
static int set;

static int file_of(int way)
{
	char name[20];
	snprintf(name, sizeof(name), "file%d", way);
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	return fd;
}

/* Waits until it is got. */
static void get(int way)
{
	struct flock lock = {.l_type = F_WRLCK, .l_start = 100, .l_len = way == 1 ? 0 : 8};
	struct sembuf down = {0, -1, SEM_UNDO};
	switch (way) {
	case 0:
		MUST(!flock(file_of(way), LOCK_EX));
		break;
	case 1:
	case 2:
		MUST(!fcntl(file_of(way), F_SETLKW, &lock));
		break;
	default:
		MUST(!semop(set, &down, 1));
	}
}

static pid_t start(int way, struct gate *gate, int first)
{
	pid_t child = fork();
	MUST(child >= 0);
	if (child)
		return child;
	if (!first)
		gate_wait(gate, way + 1);
	get(way);
	if (first)
		gate_open(gate, way + 1);
	racetrack_write(memory + 64 * way, 8);
	__asm__ volatile("" ::: "memory");
	if (way % 2)
		_exit(0);
	exit(0);
}

int main(void)
{
	struct gate *gate = make_gate();
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	set = semget(IPC_PRIVATE, 1, 0600);
	MUST(memory != MAP_FAILED && !semctl(set, 0, SETVAL, 1));
	for (int way = 0; way < WAYS; way++) {
		pid_t second = start(way, gate, 0), first = start(way, gate, 1);
		end_side(second);
		end_side(first);
	}
	MUST(!semctl(set, 0, IPC_RMID));
	return 0;
}
