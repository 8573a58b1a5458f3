/* What image.c, symtab.c, places.c and atomics.c share; nobody else includes it. */
#ifndef RACETRACK_REPORT_IMAGE_PRIVATE_H
#define RACETRACK_REPORT_IMAGE_PRIVATE_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "image.h"
#include "model.h"

/* A part of the address range of one compilation unit. */
struct report_unit {
	Dwarf_Addr low, high;
	Dwarf_Off die;
};

/* A symbol of the file's table. */
struct report_symbol {
	uint64_t low, high;
	bool data;  /* a variable, else code */
	bool sized; /* else `high` is the end of its section, or the next symbol */
	bool local;
	const char *name; /* mangled, in libdw's memory */
};

/* Sorted by low, of several with one low the best first. */
struct report_symbols {
	struct report_symbol *all;
	size_t count, room;
};

struct report_image {
	const char *key; /* build id and path */
	const char *path, *build_id, *trouble;
	Dwfl_Module *module; /* NULL: nothing is known of it */
	GElf_Addr elf_bias;  /* what libdwfl adds to the file's own addresses */
	bool symbols_read;
	bool is_ada; /* some of it is: known when the symbols have been read */
	struct report_symbols symbols;
	struct report_symbols locals; /* thread-local ones: `low` is the offset in the module's storage */
	bool units_read;
	struct report_unit *units; /* sorted by low */
	size_t unit_count, unit_room;
	struct report_places *places; /* by address, what was looked up already */
	UT_hash_handle hh;
};

/* A name of the image's, demangled. */
const char *report_image_name(struct report_image *image, const char *name);
/* The demangled name of the function that covers the address, or NULL. */
const char *report_image_symbol(struct report_image *image, uint64_t address);

#endif
