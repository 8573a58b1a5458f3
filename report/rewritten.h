/* How much of each module's plain loads and stores was checked by rewriting it, over all processes.
 *
 * An access that is not checked is no loss where no second thread could see it. The others count, and so do those that code
 * which was not taken apart may have: of all these together a share was checked. */
#ifndef RACETRACK_REPORT_REWRITTEN_H
#define RACETRACK_REPORT_REWRITTEN_H

#include "report.h"

struct report_rewritten_row {
	const struct report_rewritten *module; /* of several processes: the one with the least share */
	uint32_t processes;                    /* in how many it was so */
	const struct report_process *last;
	UT_hash_handle hh;
};

/* Every module and state of it once, in the order of first appearance: an uthash list, NULL if there is none. */
struct report_rewritten_row *report_rewritten_list(const struct report *report);

struct report_share {
	uint64_t accesses; /* that were counted: checked, and not checked for any reason */
	uint64_t checked;
	uint64_t lost;      /* not checked, and a loss */
	uint64_t estimated; /* further ones, in code that was not taken apart */
	uint32_t
		undone; /* of several modules: those that were only checked until their code was made writable */
};

struct report_share report_share_find(const struct report_rewritten *module);
/* Adds another's. */
void report_share_add(struct report_share *share, const struct report_share *other);
/* Hundredths of a percent that were checked, rounded down; 10000 where there is nothing to check. */
uint32_t report_share_hundredths(const struct report_share *share);
/* "97.3%" */
const char *report_share_words(const struct report_share *share);
/* What is to be said behind the share and the modules: "", or until when some of them were checked. */
const char *report_share_end(const struct report_share *share);

/* Of all modules that were rewritten, and how many these are; 0: nothing was checked so. */
uint32_t report_rewritten_sum(const struct report *report, struct report_share *share);

/* A reason, for people; the name itself where it is not known. */
const char *report_skip_text(const char *reason);
/* A race may be missed for it. */
bool report_skip_loses(const char *reason);
/* Something of it was counted: it was rewritten, or looked through for what its hooks do not tell of. */
bool report_rewritten_has_numbers(const struct report_rewritten *module);
/* "rewritten", "left-out", ... */
const char *report_rewritten_word(uint8_t state);

#endif
