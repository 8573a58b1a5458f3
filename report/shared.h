/* Findings in memory that several addresses or processes share: who the other processes are, where in the shared object the
 * bytes lie, and who maps them.
 *
 * Who may include it: the formats and words.c. Strings live as long as the program and are clean (utf8.h). */
#ifndef RACETRACK_REPORT_SHARED_H
#define RACETRACK_REPORT_SHARED_H

#include "model.h"

/* Its sides are in different processes. */
bool report_finding_crosses(const struct report_finding *finding);

/* The pid that stands as 0 for the file's own process. */
uint32_t report_pid_of(const struct report_finding *finding, uint32_t pid);

/* The processes of the finding's sides, then those of its mappings that are known, each once; the first is the file's own.
 * Of a side's that no record tells of there is only the pid. `left_out`: those past `most`. */
size_t report_peers_collect(
	const struct report_finding *finding, struct report_peer *peers, size_t most, size_t *left_out);

/* Its command line, or what else is known of what it runs. */
const char *report_peer_words(const struct report_peer *peer);

/* "POSIX shared memory '/ring'"; and for programs: "posix-shm". */
const char *report_object_words(const struct report_object *object);
const char *report_object_kind(const struct report_object *object);

/* Where the overlap begins, and a side: in the shared object, or in memory where there is none. A side in an unknown mapping
 * has no known start: false. */
uint64_t report_overlap_start(const struct report_finding *finding);
bool report_party_start(
	const struct report_finding *finding, const struct report_party *party, uint64_t *start);

enum { REPORT_HISTORY_ROWS = 64, REPORT_HISTORY_PIDS = 8, REPORT_PAGE_BYTES = 4096 };

/* Mappings of one place that differ in nothing but their process. */
struct report_history_row {
	const struct report_mapping *mapping; /* of the first process */
	bool threads_known;                   /* who mapped each, for all of them */
	size_t count;
	uint32_t pids[REPORT_HISTORY_PIDS]; /* of the first ones */
};

/* The mappings of the page, or pages, that the overlap lies in. */
struct report_history {
	uint64_t low, high; /* offsets in the object, of the first byte and the one behind the last */
	struct report_history_row rows[REPORT_HISTORY_ROWS];
	size_t row_count;
	bool more; /* there are others, which are not listed */
};
void report_history_collect(const struct report_finding *finding, struct report_history *history);
/* The next mapping of the page behind index `*at`, which it moves on; NULL: that was all. */
const struct report_mapping *report_mapping_next(const struct report_finding *finding, size_t *at);

/* "process 4711", "processes 4711, 4712"; "main thread", "" where it is not known who mapped each. */
const char *report_row_processes(const struct report_history_row *row);
const char *report_row_thread(const struct report_finding *finding, const struct report_history_row *row);

/* "read-write, at 0x7f..-0x7f.., from offset 0x1000": what stands behind a mapping's process and thread. */
const char *report_mapping_words(const struct report_mapping *mapping);

/* The location's stack, 0 where the mappings tell the same. */
uint32_t report_location_stack(const struct report_finding *finding);

#endif
