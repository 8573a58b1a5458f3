// hostile: loads and unloads a library whose code is on the stacks of calls, 300 times, beside a thread; with RTLD_DEEPBIND too
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static volatile int stop;
static void *work(void *argument)
{
	char a[100] = {0}, b[100];
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		memcpy(b, a, 100);
		free(strdup(b));
	}
	return argument;
}
static void *run(void *function)
{
	return (void *)(long)((int (*)(const char *))function)("from a thread");
}
int main(void)
{
	pthread_t thread, other;
	int total = 0;
	pthread_create(&other, NULL, work, NULL);
	for (int i = 0; i < 300; i++) {
		void *library = dlopen("../libcompanion.so", RTLD_NOW | (i & 1 ? RTLD_DEEPBIND : 0));
		if (!library) {
			puts(dlerror());
			return 1;
		}
		int (*function)(const char *) = dlsym(library, "library_function");
		total += function("text");
		void *result;
		pthread_create(&thread, NULL, run, function);
		pthread_join(thread, &result);
		total += (int)(long)result;
		dlclose(library);
	}
	stop = 1;
	pthread_join(other, NULL);
	printf("%d\n", total);
	return 0;
}
