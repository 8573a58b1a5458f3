/* See demangle.h. */
#include "demangle.h"

#include <dlfcn.h>
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const char *keep(char *text)
{
	const char *kept = text ? report_arena_copy(text, strlen(text)) : NULL;
	free(text);
	return kept;
}

/* ---- C++ ---- */

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

static const char *demangle_cxx(const char *name)
{
	demangle_fn *demangle = find_demangler();
	int status = 0;
	return demangle ? keep(demangle(name, NULL, NULL, &status)) : NULL;
}

/* ---- Rust, D ---- */

static const char *demangle_rust(const char *name)
{
	return keep(rust_demangle(name, DMGL_NO_OPTS));
}

/* gcc adds `.part.0` and its like to what it makes of a function: the same is written behind names of C++'s. */
static const char *demangle_d(const char *name)
{
	const char *dot = strchr(name, '.');
	if (!dot)
		return keep(dlang_demangle(name, DMGL_NO_OPTS));
	const char *whole = keep(dlang_demangle(report_arena_copy(name, (size_t)(dot - name)), DMGL_NO_OPTS));
	return whole ? report_arena_format("%s [clone %s]", whole, dot) : NULL;
}

/* ---- all ---- */

static const struct {
	const char *beginning;
	const char *(*demangle)(const char *name); /* NULL: it is none */
} schemes[] = {
	{"_R", demangle_rust},
	{"_ZN", demangle_rust}, /* as it was before _R: C++'s, with a number at the end */
	{"_Z", demangle_cxx},
	{"_D", demangle_d},
	{"__", report_spelled_fortran},
	{"caml", report_spelled_ocaml},
};

const char *report_name_demangle(const char *name)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		const char *beginning = schemes[i].beginning;
		const char *text =
			strncmp(name, beginning, strlen(beginning)) ? NULL : schemes[i].demangle(name);
		if (text)
			return text;
	}
	return name;
}

const char *report_name_demangle_ada(const char *name)
{
	const char *text = report_spelled_ada(name);
	return text ? text : report_name_demangle(name);
}
