/* See demangle.h. */
#include "demangle.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

typedef char *demangle_fn(const char *name, char *buffer, size_t *bytes, int *status);

static demangle_fn *find_demangler(void)
{
	static bool asked;
	static demangle_fn *demangler;
	if (!asked) {
		void *library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
		asked = true;
		if (library)
			*(void **)&demangler = dlsym(library, "__cxa_demangle");
	}
	return demangler;
}

const char *report_name_demangle(const char *name)
{
	demangle_fn *demangle = strncmp(name, "_Z", 2) ? NULL : find_demangler();
	int status = 0;
	char *text = demangle ? demangle(name, NULL, NULL, &status) : NULL;
	if (text && !status)
		name = report_arena_copy(text, strlen(text));
	free(text);
	return name;
}
