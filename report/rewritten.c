/* See rewritten.h. */
#include "rewritten.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name, *text;
	bool lost;
} reasons[] = {
#define RT_SKIP(symbol, name, lost, text) {name, text, lost},
#include "rewrite/skips.def"
#undef RT_SKIP
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

const char *report_skip_text(const char *reason)
{
	for (size_t i = 0; i < REASONS; i++)
		if (!strcmp(reasons[i].name, reason))
			return reasons[i].text;
	return reason;
}

bool report_skip_loses(const char *reason)
{
	for (size_t i = 0; i < REASONS; i++)
		if (!strcmp(reasons[i].name, reason))
			return reasons[i].lost;
	return true;
}

const char *report_rewritten_word(uint8_t state)
{
	static const char *const words[] = {"rewritten", "left-out", "hooks", "failed", "undone"};
	return words[state];
}

bool report_rewritten_has_numbers(const struct report_rewritten *module)
{
	return module->state == RT_REWRITTEN_DONE || module->numbers.functions;
}

/* ---- shares ---- */

struct report_share report_share_find(const struct report_rewritten *module)
{
	struct report_share share = {.accesses = module->numbers.checked, .checked = module->numbers.checked};
	for (uint32_t i = 0; i < module->skip_count; i++) {
		const struct report_skip *skip = &module->skips[i];
		bool loses = report_skip_loses(skip->reason);
		share.accesses += skip->accesses;
		share.lost += loses ? skip->accesses : 0;
		share.estimated += loses ? skip->estimated : 0;
	}
	return share;
}

void report_share_add(struct report_share *share, const struct report_share *other)
{
	share->accesses += other->accesses;
	share->checked += other->checked;
	share->lost += other->lost;
	share->estimated += other->estimated;
}

uint32_t report_share_hundredths(const struct report_share *share)
{
	uint64_t all = share->checked + share->lost + share->estimated;
	return all ? (uint32_t)((double)share->checked * 10000 / (double)all) : 10000;
}

const char *report_share_words(const struct report_share *share)
{
	uint32_t tenths = report_share_hundredths(share) / 10;
	return tenths == 1000 ? "100%"
			      : report_arena_format("%" PRIu32 ".%" PRIu32 "%%", tenths / 10, tenths % 10);
}

const char *report_share_end(const struct report_share *share)
{
	return share->undone ? report_arena_format(
				       ", until the code of %" PRIu32 " was made writable", share->undone)
			     : "";
}

/* ---- modules ---- */

static uint32_t hundredths_of(const struct report_rewritten *module)
{
	struct report_share share = report_share_find(module);
	return report_share_hundredths(&share);
}

struct report_rewritten_row *report_rewritten_list(const struct report *report)
{
	struct report_rewritten_row *rows = NULL;
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		for (size_t j = 0; j < process->rewritten_count; j++) {
			const struct report_rewritten *module = &process->rewritten[j];
			const char *key = report_arena_format(
				"%u %s %s %s", module->state, module->build_id, module->why, module->path);
			struct report_rewritten_row *row;
			HASH_FIND_STR(rows, key, row);
			if (!row) {
				row = report_arena_take(1, sizeof(*row));
				row->module = module;
				HASH_ADD_KEYPTR(hh, rows, key, strlen(key), row);
			}
			if (hundredths_of(module) < hundredths_of(row->module))
				row->module = module;
			row->processes += row->last != process;
			row->last = process;
		}
	}
	return rows;
}

uint32_t report_rewritten_sum(const struct report *report, struct report_share *sum)
{
	const struct report_rewritten_row *row = report_rewritten_list(report);
	uint32_t modules = 0;
	*sum = (struct report_share){0};
	for (; row; row = row->hh.next) {
		struct report_share share = report_share_find(row->module);
		if (row->module->state != RT_REWRITTEN_DONE && row->module->state != RT_REWRITTEN_UNDONE)
			continue;
		sum->undone += row->module->state == RT_REWRITTEN_UNDONE;
		report_share_add(sum, &share);
		modules++;
	}
	return sum->checked ? modules : 0;
}
