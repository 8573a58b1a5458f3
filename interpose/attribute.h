/* The shapes of functions on attributes: plain memory, each as a whole.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_ATTRIBUTE_H
#define RACETRACK_INTERPOSE_ATTRIBUTE_H

#include "result.h"

#define RT_MAKES(name, object_type)                                                                          \
	int rt_wrap_##name(object_type *object)                                                              \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(object), !result, RT_WRITES_VALUE(object));                \
	}
#define RT_SETS(name, object_type, value_type)                                                               \
	int rt_wrap_##name(object_type *object, value_type value)                                            \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(object, value), !result, RT_WRITES_VALUE(object));         \
	}
#define RT_SETS_FROM(name, object_type, value_type)                                                          \
	int rt_wrap_##name(object_type *object, const value_type *from)                                      \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(object, from), !result, {                                  \
			RT_WRITES_VALUE(object);                                                             \
			RT_READS_VALUE(from);                                                                \
		});                                                                                          \
	}
#define RT_GETS(name, object_type, value_type)                                                               \
	int rt_wrap_##name(const object_type *object, value_type *to)                                        \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(object, to), !result, {                                    \
			RT_READS_VALUE(object);                                                              \
			RT_WRITES_VALUE(to);                                                                 \
		});                                                                                          \
	}

#endif
