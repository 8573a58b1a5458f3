/* Names in which the compiler puts the parts one behind the other, with underscores between them: see demangle.h. */
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "demangle.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* ---- gfortran: __MODULE_MOD_NAME ---- */

const char *report_spelled_fortran(const char *name)
{
	const char *module = name + 2, *middle = strstr(module, "_MOD_");
	if (strncmp(name, "__", 2) || !middle || middle == module || !middle[5])
		return NULL;
	return report_arena_format("%.*s::%s", (int)(middle - module), module, middle + 5);
}

/* ---- OCaml: camlMODULE__MODULE__NAME_NUMBER; $ and two digits stand for a character ---- */

static int hexadecimal(char c)
{
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t without_number(const char *name)
{
	size_t bytes = strlen(name), end = bytes;
	while (end && is_digit(name[end - 1]))
		end--;
	return end < bytes && end > 1 && name[end - 1] == '_' && name[end - 2] != '_' ? end - 1 : bytes;
}

const char *report_spelled_ocaml(const char *name)
{
	if (strncmp(name, "caml", 4) || !is_upper(name[4]) || !strstr(name, "__"))
		return NULL;
	size_t bytes = without_number(name), used = 0;
	char *text = report_arena_take(bytes, 1);
	for (size_t i = 4; i < bytes; i++) {
		int high = name[i] == '$' && i + 2 < bytes ? hexadecimal(name[i + 1]) : -1;
		int low = high >= 2 && high < 8 ? hexadecimal(name[i + 2]) : -1;
		bool is_end = i > 4 && i + 2 < bytes && name[i] == '_' && name[i + 1] == '_';
		text[used++] = low >= 0 ? (char)(high * 16 + low) : is_end ? '.' : name[i];
		i += low >= 0 ? 2 : is_end;
	}
	return text;
}

/* ---- GNAT: package__package__name ---- */

bool report_name_is_ada(const char *name)
{
	return !strncmp(name, "_ada_", 5) || !strncmp(name, "system__", 8) || !strncmp(name, "ada__", 5);
}

/* What GNAT makes of a task's body, and of a protected object's operations, which libiberty does not know: as if they were
 * procedures of a package. And what gcc adds. */
static char *simplify(const char *name)
{
	size_t bytes = strcspn(name, "."), used = 0;
	char *text = report_arena_take(bytes + 1, 1);
	if (bytes > 2 && !memcmp(name + bytes - 2, "TB", 2))
		bytes -= name[bytes - 3] == 'K' ? 3 : 2;
	for (size_t i = 0; i < bytes; i++) {
		if (i + 4 <= bytes && !memcmp(name + i, "PT__", 4))
			i += 2;
		text[used++] = name[i];
	}
	return text;
}

/* libiberty puts what it does not understand into brackets. */
const char *report_spelled_ada(const char *name)
{
	char *simple = simplify(name);
	bool has_parts = strstr(simple, "__") || !strncmp(simple, "_ada_", 5);
	char *text = has_parts ? ada_demangle(simple, DMGL_NO_OPTS) : NULL;
	const char *kept = text && *text != '<' ? report_arena_copy(text, strlen(text)) : NULL;
	free(text);
	return kept;
}
