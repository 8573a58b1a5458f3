// Libraries that come and go.
#include <dlfcn.h>
#include <stdio.h>
#include "pair.h"

static void use(void)
{
	for (int i = 0; i < 10; i++) {
		void *library = dlopen("libutil.so.1", RTLD_NOW);
		MUST(library);
		MUST(dlclose(library) == 0);
	}
}

int main(void)
{
	pair_run(use, use);
	puts("done");
	return 0;
}
