// A child that is not waited for before its parent goes on: neither has to come first.
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *shared;
static volatile size_t bytes = 64; /* a call, and not stores in its place */

int main(void)
{
	int status;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	if (!child) {
		memset(shared, 'c', bytes); // race: race-shared both
		_exit(0);
	}
	memset(shared, 'p', bytes); // race: race-shared both
	return waitpid(child, &status, 0) != child;
}
