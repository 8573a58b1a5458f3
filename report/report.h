/* The whole report: what several record files say, grouped and sorted; what every output format prints.
 *
 * A group is what a person sees as one defect: findings of one rule whose top project frames are the same lines, from
 * whichever side, thread or process. Its fingerprint names it in later runs and later versions of the program: the rule
 * and the top project frames' functions and files, without lines or addresses. Two groups may share a fingerprint. */
#ifndef RACETRACK_REPORT_REPORT_H
#define RACETRACK_REPORT_REPORT_H

#include <stdio.h>

#include "model.h"
#include "suppress.h"

struct report_group {
	char fingerprint[17];
	const char *key;
	struct report_finding *finding; /* the first one of the group, of the surest */
	uint64_t count;
	uint32_t *pids; /* of the processes it was found in */
	size_t pid_count, pid_room;
	UT_hash_handle hh;
};

struct report {
	struct report_process **processes;
	size_t process_count, process_room;
	struct report_group **groups;
	size_t group_count, group_room;
	struct report_group *groups_by_key;
	uint64_t suppressed; /* findings */
	struct report_suppressions suppressions;
	bool print_suppressions;
	const char **errors; /* one line each: input that could not be read */
	size_t error_count, error_room;
};

void report_process_add(struct report *report, struct report_process *process);
void report_error_add(struct report *report, const char *line);

/* Takes the findings that came since the last call: suppressed ones are counted, the others grouped. `on_group` is called
 * for every group that is new, and may be NULL. */
void report_findings_take(struct report *report, struct report_process *process,
	void (*on_group)(void *context, const struct report_group *group), void *context);

/* Certain ones first, notes last, and otherwise as they were found. */
void report_groups_sort(struct report *report);

/* Groups that are not notes: what makes a run fail. */
size_t report_warnings_count(const struct report *report);
size_t report_notes_count(const struct report *report);
/* And those that are no more than inferred. */
size_t report_inferred_count(const struct report *report);

#endif
