/* Characters from one encoding to another. A state is written only where a character is not complete: others read it. */
#include "result.h"
#include "span.h"

int rt_wrap_mblen(const char *from, size_t bytes)
{
	RT_RESULT_BODY(mblen, rt_real.mblen(from, bytes), from && result > 0, RT_READS(from, (size_t)result));
}

int rt_wrap_mbtowc(wchar_t *to, const char *from, size_t bytes)
{
	RT_RESULT_BODY(mbtowc, rt_real.mbtowc(to, from, bytes), from && result > 0, {
		RT_READS(from, (size_t)result);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_wctomb(char *to, wchar_t character)
{
	RT_RESULT_BODY(
		wctomb, rt_real.wctomb(to, character), to && result > 0, RT_WRITES(to, (size_t)result));
}

size_t rt_wrap_mbrlen(const char *from, size_t bytes, mbstate_t *given)
{
	RT_RESULT_BODY(mbrlen, rt_real.mbrlen(from, bytes, given), from && result <= bytes, {
		RT_READS(from, result ? result : 1);
		RT_READS_VALUE(given);
	});
}

size_t rt_wrap_mbrtowc(wchar_t *to, const char *from, size_t bytes, mbstate_t *given)
{
	RT_RESULT_BODY(mbrtowc, rt_real.mbrtowc(to, from, bytes, given), from && result <= bytes, {
		RT_READS(from, result ? result : 1);
		RT_WRITES_VALUE(to);
		RT_READS_VALUE(given);
	});
}

size_t rt_wrap_wcrtomb(char *to, wchar_t character, mbstate_t *given)
{
	RT_RESULT_BODY(wcrtomb, rt_real.wcrtomb(to, character, given), to && result != (size_t)-1, {
		RT_WRITES(to, result);
		RT_READS_VALUE(given);
	});
}

/* ---- texts: how far a call came is left in *from, which is NULL where it came to the end ---- */

#define TEXT_BODY(name, call, length)                                                                        \
	__typeof__(*from) start = *from;                                                                     \
	size_t result = call;                                                                                \
	if (result != (size_t)-1 && to)                                                                      \
		RT_TELL(name, {                                                                              \
			size_t taken = *from ? (size_t)(*from - start) : (length) + 1;                       \
			RT_READS(start, taken * sizeof(*start));                                             \
			RT_WRITES(to, (result + !*from) * sizeof(*to));                                      \
			RT_WRITES_VALUE(from);                                                               \
			RT_READS_VALUE(given);                                                               \
		});                                                                                          \
	return result

size_t rt_wrap_mbsrtowcs(wchar_t *to, const char **from, size_t room, mbstate_t *given)
{
	TEXT_BODY(mbsrtowcs, rt_real.mbsrtowcs(to, from, room, given), rt_real.strlen(start));
}

size_t rt_wrap_mbsnrtowcs(wchar_t *to, const char **from, size_t bytes, size_t room, mbstate_t *given)
{
	TEXT_BODY(mbsnrtowcs, rt_real.mbsnrtowcs(to, from, bytes, room, given), rt_real.strlen(start));
}

size_t rt_wrap_wcsrtombs(char *to, const wchar_t **from, size_t room, mbstate_t *given)
{
	TEXT_BODY(wcsrtombs, rt_real.wcsrtombs(to, from, room, given), rt_real.wcslen(start));
}

size_t rt_wrap_wcsnrtombs(char *to, const wchar_t **from, size_t count, size_t room, mbstate_t *given)
{
	TEXT_BODY(wcsnrtombs, rt_real.wcsnrtombs(to, from, count, room, given), rt_real.wcslen(start));
}

/* ---- between any two encodings: told as far as it came, whatever stopped it ---- */

static void tell_converted(struct rt_thread *self, struct rt_site *site, char *start, char **at, size_t *left,
	enum rt_access_kind kind)
{
	if (!start || !at)
		return;
	rt_call_access(self, site, start, (size_t)(*at - start), kind);
	rt_call_access(self, site, at, sizeof(*at), RT_WRITE);
	rt_call_access(self, site, left, sizeof(*left), RT_WRITE);
}

size_t rt_wrap_iconv(iconv_t how, char **from, size_t *left, char **to, size_t *room)
{
	char *from_start = from ? *from : NULL, *to_start = to ? *to : NULL;
	size_t result = rt_real.iconv(how, from, left, to, room);
	RT_TELL(iconv, {
		tell_converted(self, &site, from_start, from, left, RT_READ);
		tell_converted(self, &site, to_start, to, room, RT_WRITE);
	});
	return result;
}
