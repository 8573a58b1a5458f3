/* See json.h. */
#include "json.h"

#include <inttypes.h>

#include "utf8.h"

static void put_string(FILE *out, const char *text)
{
	const char *from = text;
	uint32_t code;
	fputc('"', out);
	while ((code = report_utf8_next(&text))) {
		if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
			fprintf(out, "\\u%04x", code);
		else if (code == REPORT_UTF8_BAD)
			fputs("\\ufffd", out);
		else
			fwrite(from, 1, (size_t)(text - from), out);
		from = text;
	}
	fputc('"', out);
}

static void start_item(struct report_json *json, const char *key)
{
	if (json->filled)
		fputc(',', json->out);
	if (json->depth)
		fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
	json->filled = true;
	if (key) {
		put_string(json->out, key);
		fputs(": ", json->out);
	}
}

void report_json_open(struct report_json *json, const char *key, char bracket)
{
	start_item(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->filled = false;
}

void report_json_close(struct report_json *json, char bracket)
{
	json->depth--;
	if (json->filled)
		fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
	fputc(bracket, json->out);
	json->filled = true;
	if (!json->depth)
		fputc('\n', json->out);
}

void report_json_text(struct report_json *json, const char *key, const char *text)
{
	start_item(json, key);
	if (text)
		put_string(json->out, text);
	else
		fputs("null", json->out);
}

void report_json_number(struct report_json *json, const char *key, uint64_t number)
{
	start_item(json, key);
	fprintf(json->out, "%" PRIu64, number);
}

void report_json_hundredths(struct report_json *json, const char *key, uint32_t number)
{
	start_item(json, key);
	fprintf(json->out, "%" PRIu32 ".%02" PRIu32, number / 100, number % 100);
}

void report_json_bool(struct report_json *json, const char *key, bool yes)
{
	start_item(json, key);
	fputs(yes ? "true" : "false", json->out);
}

void report_json_address(struct report_json *json, const char *key, uint64_t address)
{
	start_item(json, key);
	fprintf(json->out, "\"0x%" PRIx64 "\"", address);
}
