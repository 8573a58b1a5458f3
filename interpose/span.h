/* How far memory and string functions look: the bytes they read, computed by the real functions.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_SPAN_H
#define RACETRACK_INTERPOSE_SPAN_H

#include "wrap.h"

/* Bytes up to and with the first difference, or all. */
static inline size_t rt_span_difference(const void *a, const void *b, size_t bytes)
{
	typedef uint64_t __attribute__((may_alias, aligned(1))) word;
	const unsigned char *left = a, *right = b;
	size_t i = 0;
	while (bytes - i >= sizeof(word) && *(const word *)(left + i) == *(const word *)(right + i))
		i += sizeof(word);
	while (i < bytes && left[i] == right[i])
		i++;
	return i < bytes ? i + 1 : bytes;
}

struct rt_span {
	const void *start;
	size_t length;
};

/* The bytes at `from` that are not among as many at `to`: at one end, or all. */
static inline struct rt_span rt_span_outside(const void *from, const void *to, size_t bytes)
{
	uintptr_t low = (uintptr_t)from, other = (uintptr_t)to;
	if (other >= low && other - low < bytes)
		return (struct rt_span){from, other - low};
	if (other < low && low - other < bytes)
		return (struct rt_span){(const char *)to + bytes, low - other};
	return (struct rt_span){from, bytes};
}

static inline int rt_fold(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* The same for strings, with the NUL; letters of both cases may be equal. Bytes beyond ASCII count as equal when
 * folding: a locale may say so, and reading a little too much of a string that is there is no fault. */
static inline size_t rt_span_string_difference(const char *a, const char *b, size_t most, bool fold)
{
	size_t i = 0;
	for (; i < most; i++) {
		unsigned char left = (unsigned char)a[i], right = (unsigned char)b[i];
		bool same =
			left == right ||
			(fold && ((left | right) & 0x80 ? left && right : rt_fold(left) == rt_fold(right)));
		if (!same || !left)
			return i + 1;
	}
	return most;
}

/* Up to and with `found`, or `bytes` when nothing was found. */
static inline size_t rt_span_to(const void *from, const void *found, size_t bytes)
{
	return found ? (size_t)((const char *)found - (const char *)from) + 1 : bytes;
}

/* A string with its NUL, at most `most` bytes. */
static inline size_t rt_span_string(const char *text, size_t most)
{
	size_t length = rt_real.strnlen(text, most);
	return length < most ? length + 1 : most;
}

static inline size_t rt_span_wide_string(const wchar_t *text, size_t most)
{
	size_t length = rt_real.wcsnlen(text, most);
	return (length < most ? length + 1 : most) * sizeof(wchar_t);
}

/* The token that starts at `text` after what strspn skips, and the byte after it, which becomes a NUL. */
static inline void rt_token_tell(
	struct rt_thread *self, struct rt_site *site, char *text, const char *set, bool skip)
{
	size_t start = skip ? rt_real.strspn(text, set) : 0;
	size_t end = start + rt_real.strcspn(text + start, set);
	rt_call_access(self, site, set, rt_real.strlen(set) + 1, RT_READ);
	rt_call_access(self, site, text, end + 1, RT_READ);
	if (text[end])
		rt_call_access(self, site, text + end, 1, RT_WRITE);
}

#endif
