/* The shape of calls that leave results in the program's memory, or take values from it, and order nothing: told after success,
 * when the pointers have proved good.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_RESULT_H
#define RACETRACK_INTERPOSE_RESULT_H

#include "wrap.h"

/* `done` says of `result` whether there is something to tell. */
#define RT_RESULT_BODY(name, call, done, ...)                                                                \
	__auto_type result = call;                                                                           \
	if (done)                                                                                            \
		RT_TELL(name, __VA_ARGS__);                                                                  \
	return result

/* ... of a call that uses a descriptor's number. */
#define RT_FD_RESULT_BODY(name, fd, call, done, ...)                                                         \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	RT_RESULT_BODY(name, call, done, __VA_ARGS__)

/* ... of a call that programs make all the time: what this thread has written there in its epoch already is not told again,
 * without entering the engine. */
#define RT_HOT_RESULT_BODY(name, call, done, to)                                                             \
	__auto_type result = call;                                                                           \
	if (RT_UNLIKELY(rt_watching) && (done) && (to) && !rt_is_covered(to, sizeof(*(to)), true))           \
		RT_TELL(name, RT_WRITES(to, sizeof(*(to))));                                                 \
	return result

/* One value, which need not be asked for. */
#define RT_WRITES_VALUE(to)                                                                                  \
	do {                                                                                                 \
		if (to)                                                                                      \
			RT_WRITES(to, sizeof(*(to)));                                                        \
	} while (0)
#define RT_READS_VALUE(from)                                                                                 \
	do {                                                                                                 \
		if (from)                                                                                    \
			RT_READS(from, sizeof(*(from)));                                                     \
	} while (0)

/* A C string with its NUL, where there is one. */
#define RT_WRITES_STRING(to)                                                                                 \
	do {                                                                                                 \
		if (to)                                                                                      \
			RT_WRITES(to, rt_real.strlen(to) + 1);                                               \
	} while (0)
#define RT_READS_TEXT(from)                                                                                  \
	do {                                                                                                 \
		if (from)                                                                                    \
			RT_READS_STRING(from);                                                               \
	} while (0)

/* What the kernel has of a set of signals. */
enum { RT_SIGNAL_SET_BYTES = NSIG / 8 };

#endif
