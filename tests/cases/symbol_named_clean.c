// Threads and mutexes of a program that looks all of their functions up in the C library: what they order is seen. What is looked
// up without naming a library is what it would be by itself, and so are functions that nobody wraps, and old versions.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include "pair.h"

static __typeof__(pthread_create) *create;
static __typeof__(pthread_join) *join;
static __typeof__(pthread_mutex_lock) *lock, *unlock;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int under_mutex, until_joined;

static void *work(void *argument)
{
	for (int i = 0; i < 100; i++) {
		lock(&mutex);
		racetrack_write(&under_mutex, sizeof under_mutex);
		unlock(&mutex);
	}
	return argument;
}

static void *work_alone(void *argument)
{
	racetrack_write(&until_joined, sizeof until_joined);
	return work(argument);
}

static void check_others(void *library)
{
	MUST(!dlsym(library, "no_such_function") && dlerror() && !dlerror());
	MUST(!dlvsym(library, "memcpy", "GLIBC_9.9") && dlerror());
	MUST(dlvsym(library, "memcpy", "GLIBC_2.2.5") != dlsym(library, "memcpy"));
	MUST(dlsym(library, "strfry") == dlsym(RTLD_NEXT, "strfry"));
	MUST(dlsym(RTLD_DEFAULT, "pthread_join") == dlsym(library, "pthread_join"));
	MUST(dlsym(RTLD_NEXT, "pthread_join") && dlvsym(RTLD_NEXT, "pthread_join", "GLIBC_2.34"));
	MUST(dlsym(RTLD_DEFAULT, "stdout") == dlsym(library, "stdout"));
}

int main(void)
{
	void *library = dlopen("libpthread.so.0", RTLD_NOW);
	MUST(library);
	create = (__typeof__(create))dlsym(library, "pthread_create");
	join = (__typeof__(join))dlsym(library, "pthread_join");
	lock = (__typeof__(lock))dlsym(library, "pthread_mutex_lock");
	unlock = (__typeof__(unlock))dlsym(library, "pthread_mutex_unlock");
	MUST(create && join && lock && unlock);
	pthread_t one, other;
	MUST(create(&one, NULL, work_alone, NULL) == 0 && create(&other, NULL, work, NULL) == 0);
	check_others(library);
	join(one, NULL);
	racetrack_write(&until_joined, sizeof until_joined);
	join(other, NULL);
	racetrack_write(&under_mutex, sizeof under_mutex);
	puts("joined");
	return 0;
}
