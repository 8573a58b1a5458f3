// hostile: one thread loads a library, writes its data and unloads it; another, which is not ordered, has it at the same place
// companion: -fPIC
#include "../gate.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { DATA_BYTES = 1 << 20, TRIES = 20 /* the place may have gone to somebody else */ };
static struct gate gates[TRIES];
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
static void *second(void *gate)
{
	gate_wait(gate, 1);
	use(1);
	return NULL;
}
static bool is_reused(struct gate *gate)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, second, gate))
		exit(3);
	use(0);
	gate_open(gate, 1);
	pthread_join(thread, NULL);
	return places[0] == places[1];
}
int main(void)
{
	bool reused = false;
	for (int i = 0; i < TRIES && !reused; i++)
		reused = is_reused(&gates[i]);
	printf("the same: %d\n", reused);
	return 0;
}
