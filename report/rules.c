/* See rules.h. */
#include "rules.h"

#include <string.h>

#include "shadow/record_format.h"

const struct report_rule report_rules[] = {
#define RT_RULE(id, certainty, title, text) {id, RT_##certainty, title, text},
#include "shadow/rules.def"
#undef RT_RULE
};
const size_t report_rule_count = sizeof(report_rules) / sizeof(report_rules[0]);

struct report_rule report_rule_find(const char *id)
{
	for (size_t i = 0; i < report_rule_count; i++)
		if (!strcmp(report_rules[i].id, id))
			return report_rules[i];
	return (struct report_rule){id, RT_CERTAIN, id, ""};
}

static const struct {
	const char *word;
	bool is_write;
} kinds[] = {
#define RT_KIND(symbol, word, is_write, is_atomic) {word, is_write},
#include "shadow/kinds.def"
#undef RT_KIND
};

const char *report_kind_word(uint8_t kind)
{
	return kinds[kind].word;
}

bool report_kind_is_write(uint8_t kind)
{
	return kinds[kind].is_write;
}

const char *report_certainty_word(uint8_t certainty)
{
	static const char *const words[] = {"certain", "inferred", "predicted", "note"};
	return words[certainty];
}

const char *report_certainty_headline(uint8_t certainty)
{
	static const char *const words[] = {"WARNING", "WARNING", "PREDICTED", "NOTE"};
	return words[certainty];
}
