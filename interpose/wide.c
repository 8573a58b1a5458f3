/* The wide character functions and their fortified forms. */
#include "multibyte.h"
#include "shapes.h"
#include "span.h"
#include "wrap.h"

#define WIDE_BYTES(count)       ((count) * sizeof(wchar_t))
#define READS_WIDE(from, count) RT_READS(from, WIDE_BYTES(count))
#define WRITES_WIDE(to, count)  RT_WRITES(to, WIDE_BYTES(count))
#define READS_WIDE_STRING(text) RT_READS(text, rt_span_wide_string(text, SIZE_MAX))

/* ---- memory ---- */

#define TELL_COPY(name, to, from, count)                                                                     \
	RT_TELL(name, {                                                                                      \
		READS_WIDE(from, count);                                                                     \
		WRITES_WIDE(to, count);                                                                      \
	})

RT_COPIES_COUNT(wmemcpy, wchar_t, TELL_COPY)
RT_COPIES_COUNT(wmemmove, wchar_t, TELL_COPY)
RT_COPIES_COUNT(wmempcpy, wchar_t, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__wmemcpy_chk, wchar_t, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__wmemmove_chk, wchar_t, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__wmempcpy_chk, wchar_t, TELL_COPY)

wchar_t *rt_wrap_wmemset(wchar_t *to, wchar_t c, size_t count)
{
	RT_TELL(wmemset, WRITES_WIDE(to, count));
	return rt_real.wmemset(to, c, count);
}

wchar_t *rt_wrap___wmemset_chk(wchar_t *to, wchar_t c, size_t count, size_t room)
{
	RT_TELL(__wmemset_chk, WRITES_WIDE(to, count));
	return rt_real.__wmemset_chk(to, c, count, room);
}

int rt_wrap_wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
	RT_TELL(wmemcmp, {
		size_t same = 0;
		while (same < count && a[same] == b[same])
			same++;
		READS_WIDE(a, same + (same < count));
		READS_WIDE(b, same + (same < count));
	});
	return rt_real.wmemcmp(a, b, count);
}

wchar_t *rt_wrap_wmemchr(const wchar_t *from, wchar_t c, size_t count)
{
	wchar_t *found = rt_real.wmemchr(from, c, count);
	RT_TELL(wmemchr, READS_WIDE(from, found ? (size_t)(found - from) + 1 : count));
	return found;
}

/* ---- measuring, copying, appending ---- */

size_t rt_wrap_wcslen(const wchar_t *text)
{
	size_t length = rt_real.wcslen(text);
	RT_TELL(wcslen, READS_WIDE(text, length + 1));
	return length;
}

size_t rt_wrap_wcsnlen(const wchar_t *text, size_t most)
{
	size_t length = rt_real.wcsnlen(text, most);
	RT_TELL(wcsnlen, READS_WIDE(text, length + (length < most)));
	return length;
}

#define TELL_COPY_STRING(name, to, from, most)                                                               \
	RT_TELL(name, {                                                                                      \
		size_t span = rt_span_wide_string(from, SIZE_MAX);                                           \
		RT_READS(from, span);                                                                        \
		RT_WRITES(to, span);                                                                         \
	})

RT_COPIES(wcscpy, wchar_t, TELL_COPY_STRING)
RT_COPIES(wcpcpy, wchar_t, TELL_COPY_STRING)
RT_COPIES_CHECKED(__wcscpy_chk, wchar_t, TELL_COPY_STRING)
RT_COPIES_CHECKED(__wcpcpy_chk, wchar_t, TELL_COPY_STRING)

/* Pads with NULs: all of `count` is written. */
#define TELL_COPY_PADDED(name, to, from, count)                                                              \
	RT_TELL(name, {                                                                                      \
		RT_READS(from, rt_span_wide_string(from, count));                                            \
		WRITES_WIDE(to, count);                                                                      \
	})

RT_COPIES_COUNT(wcsncpy, wchar_t, TELL_COPY_PADDED)
RT_COPIES_COUNT(wcpncpy, wchar_t, TELL_COPY_PADDED)
RT_COPIES_COUNT_CHECKED(__wcsncpy_chk, wchar_t, TELL_COPY_PADDED)
RT_COPIES_COUNT_CHECKED(__wcpncpy_chk, wchar_t, TELL_COPY_PADDED)

/* Appends at most `most` characters and a NUL, over the old one. */
#define TELL_APPEND(name, to, from, most)                                                                    \
	RT_TELL(name, {                                                                                      \
		size_t old = rt_real.wcslen(to);                                                             \
		size_t more = rt_real.wcsnlen(from, most);                                                   \
		RT_READS(from, rt_span_wide_string(from, most));                                             \
		READS_WIDE(to, old + 1);                                                                     \
		WRITES_WIDE(to + old, more + 1);                                                             \
	})

RT_COPIES(wcscat, wchar_t, TELL_APPEND)
RT_COPIES_CHECKED(__wcscat_chk, wchar_t, TELL_APPEND)
RT_COPIES_COUNT(wcsncat, wchar_t, TELL_APPEND)
RT_COPIES_COUNT_CHECKED(__wcsncat_chk, wchar_t, TELL_APPEND)

/* ---- comparing ---- */

/* Characters beyond ASCII count as equal when folding: a locale may say so. */
static size_t count_compared(const wchar_t *a, const wchar_t *b, size_t most, bool fold)
{
	size_t i = 0;
	for (; i < most; i++) {
		wchar_t left = a[i], right = b[i];
		bool foreign = (unsigned)left > 0x7f || (unsigned)right > 0x7f;
		bool same = left == right ||
			    (fold && (foreign ? left && right : rt_fold(left) == rt_fold(right)));
		if (!same || !left)
			return i + 1;
	}
	return most;
}

#define TELL_COMPARE(name, a, b, most, fold)                                                                 \
	RT_TELL(name, {                                                                                      \
		size_t compared = count_compared(a, b, most, fold);                                          \
		READS_WIDE(a, compared);                                                                     \
		READS_WIDE(b, compared);                                                                     \
	})

RT_COMPARES(wcscmp, wchar_t, TELL_COMPARE, false)
RT_COMPARES(wcscasecmp, wchar_t, TELL_COMPARE, true)
RT_COMPARES_COUNT(wcsncmp, wchar_t, TELL_COMPARE, false)
RT_COMPARES_COUNT(wcsncasecmp, wchar_t, TELL_COMPARE, true)

#define TELL_TWO_STRINGS(name, a, b)                                                                         \
	RT_TELL(name, {                                                                                      \
		READS_WIDE_STRING(a);                                                                        \
		READS_WIDE_STRING(b);                                                                        \
	})

int rt_wrap_wcscoll(const wchar_t *a, const wchar_t *b)
{
	TELL_TWO_STRINGS(wcscoll, a, b);
	return rt_real.wcscoll(a, b);
}

size_t rt_wrap_wcsxfrm(wchar_t *to, const wchar_t *from, size_t room)
{
	size_t length = rt_real.wcsxfrm(to, from, room);
	RT_TELL(wcsxfrm, {
		READS_WIDE_STRING(from);
		WRITES_WIDE(to, length < room ? length + 1 : room);
	});
	return length;
}
