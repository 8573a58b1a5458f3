/* How processes ended. Most say so themselves, by their last record; of one that was killed there is none, and then what is
 * known is whether it still runs, and what the one who waited for it saw. */
#ifndef RACETRACK_REPORT_ENDS_H
#define RACETRACK_REPORT_ENDS_H

#include <stdbool.h>

#include "model.h"
#include "report.h"

enum report_end {
	REPORT_END_EXIT,
	REPORT_END_EXEC,
	REPORT_END_ABORT,
	REPORT_END_SIGNAL,
	REPORT_END_UNKNOWN,
	REPORT_END_NOT_YET,
};

/* Looks whether the process runs, unless its records say that it does not. */
void report_end_look(struct report_process *process);

/* Takes "PID=STATUS", as a shell has it that waited for the process: 128+N after signal N. It counts for the last program
 * that the process became, and for that only where it did not say its end itself. False: it is no such text. */
bool report_end_tell(const struct report *report, const char *text);

enum report_end report_end_of(const struct report_process *process);

/* The words of the JSON report; NULL for one that runs. */
const char *report_end_name(enum report_end end);

/* True where the process's status is known, as a shell would have it. */
bool report_end_status(const struct report_process *process, uint32_t *status);

/* "SIGSEGV", of one that a signal ended. */
const char *report_end_signal(const struct report_process *process);

/* "exited with status 3", "ended by SIGSEGV", "running", ... */
const char *report_end_words(const struct report_process *process);

#endif
