/* Functions that there are for bytes, for texts and for wide ones, plain and fortified: a prototype's shape each. What a call is told
 * by is a macro of whoever uses them: TELL(name, to, from, count), TELL(name, a, b, count, fold).
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_SHAPES_H
#define RACETRACK_INTERPOSE_SHAPES_H

/* ---- copying, appending ---- */

#define RT_COPIES(name, type, TELL)                                                                          \
	type *rt_wrap_##name(type *to, const type *from)                                                     \
	{                                                                                                    \
		TELL(name, to, from, SIZE_MAX);                                                              \
		return rt_real.name(to, from);                                                               \
	}
#define RT_COPIES_CHECKED(name, type, TELL)                                                                  \
	type *rt_wrap_##name(type *to, const type *from, size_t room)                                        \
	{                                                                                                    \
		TELL(name, to, from, SIZE_MAX);                                                              \
		return rt_real.name(to, from, room);                                                         \
	}
#define RT_COPIES_COUNT(name, type, TELL)                                                                    \
	type *rt_wrap_##name(type *to, const type *from, size_t count)                                       \
	{                                                                                                    \
		TELL(name, to, from, count);                                                                 \
		return rt_real.name(to, from, count);                                                        \
	}
#define RT_COPIES_COUNT_CHECKED(name, type, TELL)                                                            \
	type *rt_wrap_##name(type *to, const type *from, size_t count, size_t room)                          \
	{                                                                                                    \
		TELL(name, to, from, count);                                                                 \
		return rt_real.name(to, from, count, room);                                                  \
	}

/* ---- comparing: `fold`, where letters of both cases may be equal ---- */

#define RT_COMPARES(name, type, TELL, fold)                                                                  \
	int rt_wrap_##name(const type *a, const type *b)                                                     \
	{                                                                                                    \
		TELL(name, a, b, SIZE_MAX, fold);                                                            \
		return rt_real.name(a, b);                                                                   \
	}
#define RT_COMPARES_COUNT(name, type, TELL, fold)                                                            \
	int rt_wrap_##name(const type *a, const type *b, size_t count)                                       \
	{                                                                                                    \
		TELL(name, a, b, count, fold);                                                               \
		return rt_real.name(a, b, count);                                                            \
	}

#endif
