// hostile: errno after calls that succeed, in a process with threads
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>
#include <wchar.h>
static void *idle(void *argument)
{
	pause();
	return argument;
}
#define KEEPS(call)                                                                                          \
	do {                                                                                                 \
		errno = 77;                                                                                  \
		(void)(call);                                                                                \
		printf("%s %d\n", #call, errno);                                                             \
	} while (0)
static ssize_t cookie_write(void *cookie, const char *text, size_t bytes)
{
	return bytes;
}
int main(void)
{
	pthread_t thread;
	char text[100], *end, *allocated;
	size_t bytes;
	wchar_t wide[100];
	pthread_create(&thread, NULL, idle, NULL);
	FILE *memory = open_memstream(&allocated, &bytes), *read_memory = fmemopen("text", 4, "r");
	FILE *cookie = fopencookie(NULL, "w", (cookie_io_functions_t){.write = cookie_write});
	KEEPS(fputs("text", memory));
	KEEPS(fclose(memory));
	KEEPS(fgets(text, 10, read_memory));
	KEEPS(fclose(read_memory));
	KEEPS(fclose(cookie));
	KEEPS(free(malloc(100)));
	KEEPS(free(malloc(1 << 24)));
	KEEPS(strcpy(text, "abc"));
	KEEPS(strtol("12", &end, 10));
	KEEPS(strtol("12", &end, 99));
	KEEPS(strtod("1e999", NULL));
	KEEPS(snprintf(text, 100, "%s %ls %.3s %m", "a", L"b", "\xff\xff\xff\xff"));
	KEEPS(swprintf(wide, 100, L"%s %.2s", "a", "\xff\xff"));
	KEEPS(snprintf(NULL, 0, "%s", NULL));
	KEEPS(mbstowcs(wide, "text", 100));
	int shm = shmget(IPC_PRIVATE, 4096, 0600);
	void *address = shmat(shm, NULL, 0);
	KEEPS(shmdt(address));
	KEEPS(shmctl(shm, IPC_RMID, NULL));
	KEEPS(close(open("/dev/null", O_RDONLY)));
	KEEPS(close(-1));
	KEEPS(pthread_mutex_unlock(&(pthread_mutex_t)PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP));
	KEEPS(munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096));
	return 0;
}
