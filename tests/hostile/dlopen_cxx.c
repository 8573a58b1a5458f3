// hostile: the C++ library comes by dlopen, for one library alone, whose calls of it are the first
// companion: -Wl,--no-as-needed -l:libstdc++.so.6
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static void *work(void *made)
{
	return (void *)(long)((int (*)(void))made)();
}

int main(void)
{
	pthread_t thread;
	void *library = dlopen("../libcompanion.so", RTLD_NOW | RTLD_LOCAL), *value = NULL;
	void *made = library ? dlsym(library, "made") : NULL;
	if (!made) {
		puts(dlerror());
		return 1;
	}
	pthread_create(&thread, NULL, work, made);
	pthread_join(thread, &value);
	printf("%d %ld\n", ((int (*)(void))made)(), (long)value);
	return 0;
}
