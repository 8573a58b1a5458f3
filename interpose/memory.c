/* The mem* functions and their fortified forms. */
#include "shapes.h"
#include "span.h"
#include "wrap.h"
#include "shadow/infer.h"

/* What is read and written by the same call is written: whatever races with the one races with the other. */
#define TELL_COPY(name, to, from, bytes)                                                                     \
	RT_TELL(name, {                                                                                      \
		struct rt_span read = rt_span_outside(from, to, bytes);                                      \
		RT_READS(read.start, read.length);                                                           \
		RT_WRITES(to, bytes);                                                                        \
	})

RT_COPIES_COUNT(memcpy, void, TELL_COPY)
RT_COPIES_COUNT(memmove, void, TELL_COPY)
RT_COPIES_COUNT(mempcpy, void, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__memcpy_chk, void, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__memmove_chk, void, TELL_COPY)
RT_COPIES_COUNT_CHECKED(__mempcpy_chk, void, TELL_COPY)

void rt_wrap_bcopy(const void *from, void *to, size_t bytes)
{
	TELL_COPY(bcopy, to, from, bytes);
	rt_real.bcopy(from, to, bytes);
}

void *rt_wrap_memccpy(void *to, const void *from, int c, size_t bytes)
{
	RT_TELL(memccpy, {
		size_t span = rt_span_to(from, rt_real.memchr(from, c, bytes), bytes);
		RT_READS(from, span);
		RT_WRITES(to, span);
	});
	return rt_real.memccpy(to, from, c, bytes);
}

void rt_wrap_swab(const void *from, void *to, ssize_t bytes)
{
	if (bytes > 0)
		TELL_COPY(swab, to, from, (size_t)bytes & ~(size_t)1);
	rt_real.swab(from, to, bytes);
}

#define FILLS(to, bytes)                                                                                     \
	do {                                                                                                 \
		RT_WRITES(to, bytes);                                                                        \
		rt_infer_overwritten((uintptr_t)(to), bytes);                                                \
	} while (0)

void *rt_wrap_memset(void *to, int c, size_t bytes)
{
	RT_TELL(memset, FILLS(to, bytes));
	return rt_real.memset(to, c, bytes);
}

void *rt_wrap___memset_chk(void *to, int c, size_t bytes, size_t room)
{
	RT_TELL(__memset_chk, FILLS(to, bytes));
	return rt_real.__memset_chk(to, c, bytes, room);
}

void rt_wrap_bzero(void *to, size_t bytes)
{
	RT_TELL(bzero, FILLS(to, bytes));
	rt_real.bzero(to, bytes);
}

void rt_wrap_explicit_bzero(void *to, size_t bytes)
{
	RT_TELL(explicit_bzero, FILLS(to, bytes));
	rt_real.explicit_bzero(to, bytes);
}

void rt_wrap___explicit_bzero_chk(void *to, size_t bytes, size_t room)
{
	RT_TELL(__explicit_bzero_chk, FILLS(to, bytes));
	rt_real.__explicit_bzero_chk(to, bytes, room);
}

#define TELL_COMPARE(name, a, b, bytes, fold)                                                                \
	RT_TELL(name, {                                                                                      \
		size_t span = rt_span_difference(a, b, bytes);                                               \
		RT_READS(a, span);                                                                           \
		RT_READS(b, span);                                                                           \
	})

RT_COMPARES_COUNT(memcmp, void, TELL_COMPARE, false)
RT_COMPARES_COUNT(bcmp, void, TELL_COMPARE, false)

void *rt_wrap_memchr(const void *from, int c, size_t bytes)
{
	void *found = rt_real.memchr(from, c, bytes);
	RT_TELL(memchr, RT_READS(from, rt_span_to(from, found, bytes)));
	return found;
}

void *rt_wrap_memrchr(const void *from, int c, size_t bytes)
{
	char *found = rt_real.memrchr(from, c, bytes);
	const char *first = found ? found : (const char *)from;
	RT_TELL(memrchr, RT_READS(first, (size_t)((const char *)from + bytes - first)));
	return found;
}

void *rt_wrap_rawmemchr(const void *from, int c)
{
	void *found = rt_real.rawmemchr(from, c);
	RT_TELL(rawmemchr, RT_READS(from, rt_span_to(from, found, 0)));
	return found;
}

void *rt_wrap_memmem(const void *from, size_t bytes, const void *what, size_t what_bytes)
{
	char *found = rt_real.memmem(from, bytes, what, what_bytes);
	RT_TELL(memmem, {
		RT_READS(from, found ? (size_t)(found - (const char *)from) + what_bytes : bytes);
		RT_READS(what, what_bytes);
	});
	return found;
}
