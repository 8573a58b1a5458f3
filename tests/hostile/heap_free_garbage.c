// hostile: frees what never was a block: a number, the stack, the middle of a block
// run: ulimit -c 0
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void try(void *what, int which)
{
	int status;
	fflush(stdout);
	if (!fork()) {
		switch (which) {
		case 0:
			free(what);
			break;
		case 1:
			what = realloc(what, 100);
			break;
		}
		_exit(0);
	}
	wait(&status);
	printf("%d: %x\n", which, status);
}
int main(void)
{
	long local[8] = {0};
	char *block = malloc(100);
	void *bad[] = {(void *)16, (void *)0x123456789abcull, (void *)-16, (void *)0x8000000000000000ull,
		&local[2], block + 32, block + 1, (void *)0x7fffffffe000ull, stdout, &bad};
	for (int which = 0; which < 2; which++)
		for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			try(bad[i], which);
	return 0;
}
