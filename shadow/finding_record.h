/* A finding as a record, with what it refers to: each stack, thread and lock once in a record file.
 *
 * Who may include it: finding.c. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_FINDING_RECORD_H
#define RACETRACK_SHADOW_FINDING_RECORD_H

#include "finding.h"

struct rt_finding {
	const char *rule, *message; /* the latter may be NULL */
	enum rt_certainty certainty;
	uintptr_t variable; /* that the inference is about; 0: none */
	const struct rt_side *sides;
	uint32_t count;
	uintptr_t overlap; /* what all sides touch */
	size_t overlap_bytes;
	const struct rt_shared_range *shared; /* what it lies in; NULL: no shared memory */
};

/* What finding.c and shared_finding.c share: the rule of a race between two classes of memory; nobody wants to hear of the race;
 * true the first time for a key; records a finding that was claimed, and tells of it. */
RT_HIDDEN const char *rt_finding_class_rule(enum rt_class a, enum rt_class b);
RT_HIDDEN bool rt_finding_is_unwanted(rt_ctx_t context, bool atomic, const struct rt_race *race);
RT_HIDDEN bool rt_finding_claim(uint64_t key);
RT_HIDDEN void rt_finding_add(struct rt_thread *self, const struct rt_finding *finding);

/* Writes it, and fills in where the overlap is. Findings' lock held. */
RT_HIDDEN void rt_finding_record(const struct rt_finding *finding, struct rt_memory_location *location);
/* In a forked child: its record file needs everything again. */
RT_HIDDEN void rt_finding_record_forked(void);
/* The wrapped function that a frame names, if it does. Findings' lock held. */
RT_HIDDEN void rt_finding_record_function(uint64_t pc);

#endif
