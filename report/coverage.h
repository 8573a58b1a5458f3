/* What a report covers: where accesses came from, which modules ran, and counters over all processes. A report says what
 * it could not have seen. */
#ifndef RACETRACK_REPORT_COVERAGE_H
#define RACETRACK_REPORT_COVERAGE_H

#include "report.h"

struct report_source_row {
	const char *name; /* for programs */
	bool watched;
	const char *text; /* for people */
};

enum { REPORT_SOURCES = 3 };

/* Fills rows[REPORT_SOURCES]. */
void report_sources_list(const struct report *report, struct report_source_row *rows);

struct report_module_row {
	const char *path, *build_id;
	uint32_t processes; /* in how many it was loaded */
	const struct report_process *last;
	UT_hash_handle hh;
};

/* Every module once, in the order of first appearance: an uthash list, NULL if there is none. */
struct report_module_row *report_modules_list(const struct report *report);

struct report_counter_row {
	const char *name;
	uint64_t value; /* the sum over all processes */
	UT_hash_handle hh;
};

struct report_counter_row *report_counters_sum(const struct report *report);

#endif
