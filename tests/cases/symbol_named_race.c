// A function that is looked up in the C library by its name is the wrapped one, by whatever name the library goes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include "pair.h"

typedef void *copy_function(void *to, const void *from, size_t bytes);

static char from[64], to[64];
static copy_function *copy, *copy_version, *copy_needed;

static void first(void)
{
	copy(to, from, 8);              // race: race-data plain
	copy_version(to + 16, from, 8); // race: race-data version
	copy_needed(to + 32, from, 8);  // race: race-data needed
}

static void second(void)
{
	copy(to, from, 8);              // race: race-data plain
	copy_version(to + 16, from, 8); // race: race-data version
	copy_needed(to + 32, from, 8);  // race: race-data needed
}

int main(void)
{
	void *library = dlopen("libc.so.6", RTLD_NOW), *other = dlopen("libpthread.so.0", RTLD_NOW);
	MUST(library && other);
	copy = (copy_function *)dlsym(library, "memcpy");
	copy_version = (copy_function *)dlvsym(library, "memcpy", "GLIBC_2.14");
	copy_needed = (copy_function *)dlsym(other, "memcpy");
	MUST(copy && copy_version && copy_needed);
	pair_run(first, second);
	return 0;
}
