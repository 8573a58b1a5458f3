// cflags: -fno-builtin
// Results in each thread's own memory, of values that both read at the same time; and one place of results under a lock.
#define _GNU_SOURCE
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "local.h"

static const char path[] = "/", number[] = "123x";
static pthread_mutexattr_t kind;
static pthread_attr_t attributes;
static sigset_t set;
static regex_t pattern;
static struct timespec span = {0, 1};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct timespec latest;
static struct pollfd watched;

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void use_shared_values(void)
{
	struct stat status;
	struct statvfs system;
	regmatch_t found[2];
	sigset_t old;
	int type, state, stored[3] = {3, 1, 2};
	char *end;
	MUST(!stat(path, &status) && !statvfs(path, &system) && !chdir("."));
	MUST(!pthread_mutexattr_gettype(&kind, &type) && !pthread_attr_getdetachstate(&attributes, &state));
	MUST(!pthread_sigmask(SIG_SETMASK, &set, &old) && !sigismember(&set, SIGUSR2));
	MUST(!regexec(&pattern, "abc", 2, found, 0) && strtol(number, &end, 10) == 123);
	MUST(!nanosleep(&span, NULL) && !usleep(1) && !sleep(0) && !sched_yield());
	thrd_yield();
	qsort(stored, 3, sizeof(*stored), compare);
}

static void use_own_memory(void)
{
	struct timespec now;
	struct utsname names;
	struct passwd user, *found;
	struct addrinfo *addresses;
	struct pollfd ready;
	struct sockaddr_un address;
	socklen_t bytes = sizeof(address);
	char texts[1024], file[] = "result_XXXXXX";
	int pair[2], status, made;
	MUST(!clock_gettime(CLOCK_REALTIME, &now) && !uname(&names) && time(&now.tv_sec) > 0);
	MUST(!getpwuid_r(0, &user, texts, sizeof(texts), &found));
	MUST(!getaddrinfo("127.0.0.1", NULL, NULL, &addresses));
	freeaddrinfo(addresses);
	MUST(!pipe(pair));
	ready = (struct pollfd){pair[0], POLLIN, 0};
	MUST(!poll(&ready, 1, 0));
	close(pair[0]);
	close(pair[1]);
	made = local_listen(&address, &bytes);
	MUST(!getsockname(made, (struct sockaddr *)&address, &bytes));
	close(made);
	MUST((made = mkstemp(file)) >= 0 && !unlink(file) && !close(made));
	pid_t child = fork();
	if (!child)
		_exit(0);
	MUST(waitpid(child, &status, 0) == child);
}

/* Who polls one entry after the other writes what came, and nothing else of it. */
static void use_under_lock(void)
{
	MUST(watched.fd == -1);
	pthread_mutex_lock(&lock);
	MUST(!clock_gettime(CLOCK_REALTIME, &latest) && !poll(&watched, 1, 0));
	pthread_mutex_unlock(&lock);
}

static void use_all(void)
{
	use_shared_values();
	use_own_memory();
	use_under_lock();
}

int main(void)
{
	watched.fd = -1;
	MUST(!pthread_mutexattr_init(&kind) && !pthread_attr_init(&attributes) && !sigemptyset(&set));
	MUST(!regcomp(&pattern, "\\(b\\)", 0));
	pair_run(use_all, use_all);
	return 0;
}
