/* The wide character functions that search, cut and convert, and the fortified forms of these. */
#include "multibyte.h"
#include "span.h"
#include "wrap.h"

#define WIDE_BYTES(count)       ((count) * sizeof(wchar_t))
#define READS_WIDE(from, count) RT_READS(from, WIDE_BYTES(count))
#define WRITES_WIDE(to, count)  RT_WRITES(to, WIDE_BYTES(count))
#define READS_WIDE_STRING(text) RT_READS(text, rt_span_wide_string(text, SIZE_MAX))

/* ---- searching ---- */

wchar_t *rt_wrap_wcschr(const wchar_t *text, wchar_t c)
{
	wchar_t *found = rt_real.wcschr(text, c);
	RT_TELL(wcschr, READS_WIDE(text, (found ? (size_t)(found - text) : rt_real.wcslen(text)) + 1));
	return found;
}

wchar_t *rt_wrap_wcschrnul(const wchar_t *text, wchar_t c)
{
	wchar_t *found = rt_real.wcschrnul(text, c);
	RT_TELL(wcschrnul, READS_WIDE(text, (size_t)(found - text) + 1));
	return found;
}

wchar_t *rt_wrap_wcsrchr(const wchar_t *text, wchar_t c)
{
	RT_TELL(wcsrchr, READS_WIDE_STRING(text));
	return rt_real.wcsrchr(text, c);
}

wchar_t *rt_wrap_wcsstr(const wchar_t *text, const wchar_t *what)
{
	RT_TELL(wcsstr, {
		READS_WIDE_STRING(text);
		READS_WIDE_STRING(what);
	});
	return rt_real.wcsstr(text, what);
}

size_t rt_wrap_wcsspn(const wchar_t *text, const wchar_t *set)
{
	size_t span = rt_real.wcsspn(text, set);
	RT_TELL(wcsspn, {
		READS_WIDE(text, span + 1);
		READS_WIDE_STRING(set);
	});
	return span;
}

size_t rt_wrap_wcscspn(const wchar_t *text, const wchar_t *set)
{
	size_t span = rt_real.wcscspn(text, set);
	RT_TELL(wcscspn, {
		READS_WIDE(text, span + 1);
		READS_WIDE_STRING(set);
	});
	return span;
}

wchar_t *rt_wrap_wcspbrk(const wchar_t *text, const wchar_t *set)
{
	wchar_t *found = rt_real.wcspbrk(text, set);
	RT_TELL(wcspbrk, {
		READS_WIDE(text, (found ? (size_t)(found - text) : rt_real.wcslen(text)) + 1);
		READS_WIDE_STRING(set);
	});
	return found;
}

/* ---- cutting ---- */

wchar_t *rt_wrap_wcstok(wchar_t *text, const wchar_t *set, wchar_t **rest)
{
	RT_TELL(wcstok, {
		wchar_t *from = text ? text : *rest;
		RT_WRITES(rest, sizeof(*rest));
		if (from) {
			size_t start = rt_real.wcsspn(from, set);
			size_t end = start + rt_real.wcscspn(from + start, set);
			READS_WIDE_STRING(set);
			READS_WIDE(from, end + 1);
			if (from[end])
				WRITES_WIDE(from + end, 1);
		}
	});
	return rt_real.wcstok(text, set, rest);
}

/* ---- converting ---- */

/* `count` characters were made, and a NUL where there was room; without `to` they were only counted. */
static void tell_widened(struct rt_thread *self, struct rt_site *site, const wchar_t *to, const char *from,
	size_t room, size_t count)
{
	bool whole = !to || count < room;
	size_t bytes = rt_multibyte_bytes(from, count) + whole;
	rt_call_access(self, site, from, bytes, RT_READ);
	if (to)
		rt_call_access(self, site, to, WIDE_BYTES(count + whole), RT_WRITE);
}

size_t rt_wrap_mbstowcs(wchar_t *to, const char *from, size_t room)
{
	size_t count = rt_real.mbstowcs(to, from, room);
	if (count != (size_t)-1)
		RT_TELL(mbstowcs, tell_widened(self, &site, to, from, room, count));
	return count;
}

size_t rt_wrap___mbstowcs_chk(wchar_t *to, const char *from, size_t count, size_t room)
{
	size_t made = rt_real.__mbstowcs_chk(to, from, count, room);
	if (made != (size_t)-1)
		RT_TELL(__mbstowcs_chk, tell_widened(self, &site, to, from, count, made));
	return made;
}

/* The same the other way. A character that does not fit whole ends the result early, without a NUL. */
static void tell_narrowed(struct rt_thread *self, struct rt_site *site, const char *to, const wchar_t *from,
	size_t room, size_t bytes)
{
	size_t count = rt_multibyte_fitting(from, bytes);
	bool whole = (!to || bytes < room) && !from[count]; /* what fills the room ends anywhere */
	rt_call_access(self, site, from, WIDE_BYTES(count + whole), RT_READ);
	if (to)
		rt_call_access(self, site, to, bytes + whole, RT_WRITE);
}

size_t rt_wrap_wcstombs(char *to, const wchar_t *from, size_t room)
{
	size_t bytes = rt_real.wcstombs(to, from, room);
	if (bytes != (size_t)-1)
		RT_TELL(wcstombs, tell_narrowed(self, &site, to, from, room, bytes));
	return bytes;
}

size_t rt_wrap___wcstombs_chk(char *to, const wchar_t *from, size_t count, size_t room)
{
	size_t bytes = rt_real.__wcstombs_chk(to, from, count, room);
	if (bytes != (size_t)-1)
		RT_TELL(__wcstombs_chk, tell_narrowed(self, &site, to, from, count, bytes));
	return bytes;
}
