// hostile: works in preinit_array, constructors, destructors, atexit and fini_array, with threads in the constructor
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[1000];
static void *work(void *argument)
{
	pthread_mutex_lock(&mutex);
	strcat(text, argument);
	pthread_mutex_unlock(&mutex);
	return strdup(argument);
}
static void all(char *name)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, name);
	for (int i = 0; i < 2; i++) {
		void *result;
		pthread_join(threads[i], &result);
		free(result);
	}
	char *line = NULL;
	asprintf(&line, "%s\n", name);
	write(1, line, strlen(line));
	free(line);
}
static void pre(int argc, char **argv, char **environment)
{
	all("preinit");
}
static void fini(void)
{
	all("fini_array");
}
static void at_end(void)
{
	all("atexit");
}
__attribute__((section(".preinit_array"), used)) static void (*pre_pointer)(int, char **, char **) = pre;
__attribute__((section(".fini_array"), used)) static void (*fini_pointer)(void) = fini;
__attribute__((constructor(101))) static void construct_first(void)
{
	all("constructor 101");
	atexit(at_end);
}
__attribute__((constructor)) static void construct(void)
{
	all("constructor");
}
__attribute__((destructor)) static void destruct(void)
{
	all("destructor");
}
int main(void)
{
	all("main");
	puts(text);
	return 0;
}
