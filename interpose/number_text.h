/* Numbers read from texts.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_NUMBER_TEXT_H
#define RACETRACK_INTERPOSE_NUMBER_TEXT_H

#include "result.h"

/* Reads the number and the character that ends it. `stop` stays NULL where the real function refuses and stores no end. */
#define RT_NUMBER_BODY(type, name, call)                                                                     \
	__typeof__(*end) stop = NULL;                                                                        \
	type number = (type)call;                                                                            \
	if (!stop)                                                                                           \
		return number;                                                                               \
	RT_TELL(name, {                                                                                      \
		RT_READS(text, (size_t)(stop - text + 1) * sizeof(*text));                                   \
		RT_WRITES_VALUE(end);                                                                        \
	});                                                                                                  \
	if (end)                                                                                             \
		*end = stop;                                                                                 \
	return number

#define RT_READS_NUMBER(type, name, character)                                                               \
	type rt_wrap_##name(const character *text, character **end)                                          \
	{                                                                                                    \
		RT_NUMBER_BODY(type, name, rt_real.name(text, &stop));                                       \
	}
#define RT_READS_NUMBER_BASE(type, name, character)                                                          \
	type rt_wrap_##name(const character *text, character **end, int base)                                \
	{                                                                                                    \
		RT_NUMBER_BODY(type, name, rt_real.name(text, &stop, base));                                 \
	}

#endif
