/* Where in a variable are atomic ones, by its type: C's _Atomic; the classes of that name in C++; Rust's. Only such as a plain
 * move loads and stores as a whole. Debug information is not trusted. */
#ifndef RACETRACK_REPORT_ATOMICS_H
#define RACETRACK_REPORT_ATOMICS_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>

/* `count` atomics of `bytes`, each `stride` behind the one before, the first at `offset`. */
struct report_atomic_run {
	uint64_t offset, stride, count;
	uint32_t bytes;
};

/* Of one variable; what it has more is left out. */
enum { REPORT_ATOMIC_RUNS = 1024 };

/* Remembers which types of a file have none. */
struct report_atomic_types;
struct report_atomic_types *report_atomic_types_create(void);

/* The atomics of the variable; how many runs. */
size_t report_atomics_of(struct report_atomic_types *types, Dwarf_Die *variable,
	struct report_atomic_run runs[REPORT_ATOMIC_RUNS]);

#endif
