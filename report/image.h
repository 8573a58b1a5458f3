/* An ELF file with its symbols and debug information, by elfutils' libdw.
 *
 * An image is named by the path and the build id that a process recorded. Where the file at that path has another build
 * id, or has gone, its separate debug file (/usr/lib/debug/.build-id) serves if there is one; otherwise the image is
 * there but knows nothing, and says why. Symbols of a file that is not the recorded one are never used.
 *
 * Addresses are the file's own (pc - bias). Strings live as long as the program. */
#ifndef RACETRACK_REPORT_IMAGE_H
#define RACETRACK_REPORT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

struct report_image;

/* Where an address is in the source. Any of the strings may be NULL, line and column 0. */
struct report_place {
	const char *function; /* demangled */
	const char *file;     /* as the debug information has it: absolute, or relative to */
	const char *folder;   /* where the compiler ran; NULL: not known */
	unsigned line, column;
};

/* The function at an address and, behind it, those it was inlined into: at least one. */
struct report_places {
	uint64_t address;
	size_t count;
	struct report_place *places;
	UT_hash_handle hh;
};

struct report_variable {
	const char *name;
	uint64_t address, size;
};

/* Opened at the first call for these two strings, both of which must live on. Never NULL. */
struct report_image *report_image_get(const char *path, const char *build_id);

/* "file changed since", "file has gone", or NULL if the image is the recorded one. */
const char *report_image_trouble(const struct report_image *image);

/* Never NULL; looked up once per address. */
const struct report_places *report_image_places(struct report_image *image, uint64_t address);

/* The global or static variable that covers the address. */
bool report_image_variable(struct report_image *image, uint64_t address, struct report_variable *variable);

/* The thread-local variable that covers the offset in the module's thread-local storage; its address is an offset, too. */
bool report_image_local(struct report_image *image, uint64_t offset, struct report_variable *variable);

#endif
