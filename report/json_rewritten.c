/* See json_rewritten.h. */
#include "json_rewritten.h"
#include "rewritten.h"

static void write_skip(struct report_json *json, const struct report_skip *skip)
{
	report_json_open(json, NULL, '{');
	report_json_text(json, "reason", skip->reason);
	report_json_text(json, "text", report_skip_text(skip->reason));
	report_json_bool(json, "loss", report_skip_loses(skip->reason));
	report_json_number(json, "accesses", skip->accesses);
	report_json_number(json, "bytes", skip->bytes);
	report_json_number(json, "estimated", skip->estimated);
	report_json_close(json, '}');
}

static void write_numbers(struct report_json *json, const struct report_rewritten *module)
{
	struct report_share share = report_share_find(module);
	report_json_hundredths(json, "percent", report_share_hundredths(&share));
	report_json_number(json, "accesses", share.accesses);
#define RT_NUMBER(name, text) report_json_number(json, #name, module->numbers.name);
#include "shadow/rewritten.def"
#undef RT_NUMBER
	report_json_open(json, "skipped", '[');
	for (uint32_t i = 0; i < module->skip_count; i++)
		write_skip(json, &module->skips[i]);
	report_json_close(json, ']');
}

void report_json_rewritten(struct report_json *json, const struct report *report)
{
	const struct report_rewritten_row *row = report_rewritten_list(report);
	report_json_open(json, "rewritten", '[');
	for (; row; row = row->hh.next) {
		const struct report_rewritten *module = row->module;
		report_json_open(json, NULL, '{');
		report_json_text(json, "path", module->path);
		report_json_text(json, "build_id", *module->build_id ? module->build_id : NULL);
		report_json_text(json, "state", report_rewritten_word(module->state));
		report_json_text(json, "why", *module->why ? module->why : NULL);
		report_json_number(json, "processes", row->processes);
		if (report_rewritten_has_numbers(module))
			write_numbers(json, module);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}
