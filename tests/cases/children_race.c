// A child that is not waited for before its parent goes on: neither has to come first.
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *shared;

int main(void)
{
	int status;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	if (!child) {
		memset(shared, 'c', 64); // race: race-shared both
		_exit(0);
	}
	memset(shared, 'p', 64); // race: race-shared both
	return waitpid(child, &status, 0) != child;
}
