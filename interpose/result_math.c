/* Mathematical functions that leave a second result behind a pointer. */
#include "result.h"

/* Of a long double ten bytes are written. */
#define BYTES(to) (__builtin_types_compatible_p(__typeof__(*(to)), long double) ? 10 : sizeof(*(to)))

#define SPLITS(type, name, part)                                                                             \
	type rt_wrap_##name(type x, part *to)                                                                \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(x, to), true, if (to) RT_WRITES(to, BYTES(to)));           \
	}
#define DIVIDES(type, name)                                                                                  \
	type rt_wrap_##name(type x, type y, int *to)                                                         \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(x, y, to), true, RT_WRITES_VALUE(to));                     \
	}
#define FINDS_BOTH(type, name)                                                                               \
	void rt_wrap_##name(type x, type *sine, type *cosine)                                                \
	{                                                                                                    \
		rt_real.name(x, sine, cosine);                                                               \
		RT_TELL(name, {                                                                              \
			RT_WRITES(sine, BYTES(sine));                                                        \
			RT_WRITES(cosine, BYTES(cosine));                                                    \
		});                                                                                          \
	}

SPLITS(double, frexp, int)
SPLITS(float, frexpf, int)
SPLITS(long double, frexpl, int)
SPLITS(double, modf, double)
SPLITS(float, modff, float)
SPLITS(long double, modfl, long double)
SPLITS(double, lgamma_r, int)
SPLITS(float, lgammaf_r, int)
SPLITS(long double, lgammal_r, int)

DIVIDES(double, remquo)
DIVIDES(float, remquof)
DIVIDES(long double, remquol)

FINDS_BOTH(double, sincos)
FINDS_BOTH(float, sincosf)
FINDS_BOTH(long double, sincosl)
