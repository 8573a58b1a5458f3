/* Names of functions and variables as people write them. */
#ifndef RACETRACK_REPORT_DEMANGLE_H
#define RACETRACK_REPORT_DEMANGLE_H

#include <stdbool.h>

/* The readable form of a name as C++, Rust, D, OCaml or a module of Fortran's have it in the symbol table, or `name` itself.
 * Lives as long as the program. libstdc++ is loaded only when the first name of C++'s comes; without it those stay as they
 * are. */
const char *report_name_demangle(const char *name);

/* The same of a name in code that GNAT compiled: Ada's are words with two underscores between them, as C's may be, too. */
const char *report_name_demangle_ada(const char *name);
/* Only GNAT makes names like this one. */
bool report_name_is_ada(const char *name);

/* Those that are spelled with underscores: of Fortran, OCaml, Ada. NULL: it is none. Lives as long as the program. */
const char *report_spelled_fortran(const char *name);
const char *report_spelled_ocaml(const char *name);
const char *report_spelled_ada(const char *name);

#endif
