/* What became of the modules whose plain loads and stores were to be checked by rewriting them: for the record.
 *
 * Who may include it: rewrite/, process.c. */
#ifndef RACETRACK_SHADOW_REWRITTEN_H
#define RACETRACK_SHADOW_REWRITTEN_H

#include "base.h"
#include "record_format.h"

struct rt_rewritten_skip {
	const char *reason; /* a name of rewrite/skips.def; stays */
	uint64_t accesses;
	uint64_t bytes;     /* of code that was not taken apart for this reason */
	uint64_t estimated; /* accesses in them */
};

struct rt_rewritten {
	enum rt_rewritten_state state;
	const char *path, *why; /* why: "" where it is rewritten; stays */
	const uint8_t *build_id;
	size_t build_id_bytes;
	struct rt_rewritten_numbers numbers;
	const struct rt_rewritten_skip *skips;
	uint32_t skip_count;
};

/* Copies it. One thread at a time; outside the engine, too. */
RT_HIDDEN void rt_rewritten_add(const struct rt_rewritten *module);
/* Writes records of those that the record file lacks. Under the findings' lock. */
RT_HIDDEN void rt_rewritten_record(uint32_t generation);

#endif
