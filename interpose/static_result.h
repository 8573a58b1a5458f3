/* The shapes of functions whose result lies in one place for all threads: see hidden_state.h.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_STATIC_RESULT_H
#define RACETRACK_INTERPOSE_STATIC_RESULT_H

#include "hidden_state.h"
#include "result.h"

#define RT_STATIC_RESULT_BODY(function, bytes, call, ...)                                                    \
	static struct rt_hidden hidden = {.name = "the result of " #function};                               \
	__auto_type result = call;                                                                           \
	if (result)                                                                                          \
		RT_TELL(function, {                                                                          \
			__VA_ARGS__;                                                                         \
			rt_hidden_use(self, &site, &hidden, result, bytes, RT_WRITE);                        \
		});                                                                                          \
	return result

/* `bytes` of the result. */
#define RT_RESULT_VALUE sizeof(*result)
#define RT_RESULT_TEXT  (rt_real.strlen(result) + 1)

#define RT_STATIC_NEXT(type, name, bytes)                                                                    \
	type rt_wrap_##name(void)                                                                            \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, bytes, rt_real.name(), (void)0);                                 \
	}
#define RT_STATIC_BY_KEY(type, name, bytes, key_type)                                                        \
	type rt_wrap_##name(key_type key)                                                                    \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, bytes, rt_real.name(key), (void)0);                              \
	}
#define RT_STATIC_BY_NAME(type, name, bytes)                                                                 \
	type rt_wrap_##name(const char *text)                                                                \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, bytes, rt_real.name(text), RT_READS_TEXT(text));                 \
	}
#define RT_STATIC_OF_VALUE(type, name, bytes, value_type)                                                    \
	type rt_wrap_##name(const value_type *value)                                                         \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, bytes, rt_real.name(value), RT_READS_VALUE(value));              \
	}

/* ... and functions that only move, or begin, what is kept between calls: `state`. */
#define RT_KEEPS(type, name, parameters, call, state)                                                        \
	type rt_wrap_##name parameters                                                                       \
	{                                                                                                    \
		RT_TELL(name, RT_USES_HIDDEN(state, RT_WRITE));                                              \
		return call;                                                                                 \
	}

#endif
