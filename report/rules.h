/* The lists of rules and of access kinds, as tables. */
#ifndef RACETRACK_REPORT_RULES_H
#define RACETRACK_REPORT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report_rule {
	const char *id;
	uint8_t certainty; /* enum rt_certainty */
	const char *title;
	const char *text; /* what it means and what to do */
};

extern const struct report_rule report_rules[];
extern const size_t report_rule_count;

/* A rule that this program does not know yet gets its own id as title and an empty text. */
struct report_rule report_rule_find(const char *id);

/* The word of kinds.def. pre: kind < RT_KIND_COUNT */
const char *report_kind_word(uint8_t kind);
bool report_kind_is_write(uint8_t kind);

/* "certain", "inferred", "predicted", "note"; and as a headline of the text format. */
const char *report_certainty_word(uint8_t certainty);
const char *report_certainty_headline(uint8_t certainty);

#endif
