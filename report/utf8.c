/* See utf8.h. */
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

uint32_t report_utf8_next(const char **at)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)*at;
	uint32_t code = *p;
	unsigned more = code >= 0xf0 ? 3 : code >= 0xe0 ? 2 : 1;
	if (!code)
		return 0;
	++*at;
	if (code < 0x80)
		return code;
	if (code < 0xc2 || code > 0xf4)
		return REPORT_UTF8_BAD;
	code &= 0x3fu >> more;
	for (unsigned i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return REPORT_UTF8_BAD;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return REPORT_UTF8_BAD;
	*at += more;
	return code;
}

static bool is_plain(uint32_t code)
{
	return code == '\t' || (code >= 0x20 && code != 0x7f && (code < 0x80 || code >= 0xa0));
}

const char *report_text_clean(const char *text)
{
	const char *at = text, *from;
	char *copy, *out;
	uint32_t code = 1;
	while (code && (from = at, code = report_utf8_next(&at)) && is_plain(code) &&
		!(code == REPORT_UTF8_BAD && at - from == 1))
		;
	if (!code)
		return text;
	copy = out = report_arena_take(strlen(text) + 1, 1);
	at = text;
	while (from = at, (code = report_utf8_next(&at))) {
		if (!is_plain(code) || (code == REPORT_UTF8_BAD && at - from == 1)) {
			*out++ = '?';
			continue;
		}
		memcpy(out, from, (size_t)(at - from));
		out += at - from;
	}
	*out = 0;
	return copy;
}
