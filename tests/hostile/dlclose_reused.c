// hostile: one thread loads a library, writes its data and unloads it; another, which is not ordered, has it at the same place
// companion: -fPIC
#include "../gate.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { DATA_BYTES = 1 << 20 };
static struct gate gate;
static uintptr_t places[2];
static void use(int number)
{
	void *library = dlopen("../libcompanion.so", RTLD_NOW);
	char *data = library ? dlsym(library, "library_data") : NULL;
	if (!data)
		exit(1);
	places[number] = (uintptr_t)data;
	memset(data, 2, DATA_BYTES);
	if (dlclose(library))
		exit(2);
}
static void *second(void *argument)
{
	gate_wait(&gate, 1);
	use(1);
	return argument;
}
int main(void)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, second, NULL))
		return 1;
	use(0);
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	printf("the same: %d\n", places[0] == places[1]);
	return 0;
}
