/* Mathematical functions that leave a second result behind a pointer. */
#include "result.h"

double rt_wrap_frexp(double x, int *to)
{
	RT_RESULT_BODY(frexp, rt_real.frexp(x, to), true, RT_WRITES_VALUE(to));
}

float rt_wrap_frexpf(float x, int *to)
{
	RT_RESULT_BODY(frexpf, rt_real.frexpf(x, to), true, RT_WRITES_VALUE(to));
}

long double rt_wrap_frexpl(long double x, int *to)
{
	RT_RESULT_BODY(frexpl, rt_real.frexpl(x, to), true, RT_WRITES_VALUE(to));
}

double rt_wrap_modf(double x, double *to)
{
	RT_RESULT_BODY(modf, rt_real.modf(x, to), true, RT_WRITES_VALUE(to));
}

float rt_wrap_modff(float x, float *to)
{
	RT_RESULT_BODY(modff, rt_real.modff(x, to), true, RT_WRITES_VALUE(to));
}

long double rt_wrap_modfl(long double x, long double *to)
{
	RT_RESULT_BODY(modfl, rt_real.modfl(x, to), true, RT_WRITES(to, 10));
}

double rt_wrap_remquo(double x, double y, int *to)
{
	RT_RESULT_BODY(remquo, rt_real.remquo(x, y, to), true, RT_WRITES_VALUE(to));
}

float rt_wrap_remquof(float x, float y, int *to)
{
	RT_RESULT_BODY(remquof, rt_real.remquof(x, y, to), true, RT_WRITES_VALUE(to));
}

long double rt_wrap_remquol(long double x, long double y, int *to)
{
	RT_RESULT_BODY(remquol, rt_real.remquol(x, y, to), true, RT_WRITES_VALUE(to));
}

double rt_wrap_lgamma_r(double x, int *to)
{
	RT_RESULT_BODY(lgamma_r, rt_real.lgamma_r(x, to), true, RT_WRITES_VALUE(to));
}

float rt_wrap_lgammaf_r(float x, int *to)
{
	RT_RESULT_BODY(lgammaf_r, rt_real.lgammaf_r(x, to), true, RT_WRITES_VALUE(to));
}

long double rt_wrap_lgammal_r(long double x, int *to)
{
	RT_RESULT_BODY(lgammal_r, rt_real.lgammal_r(x, to), true, RT_WRITES_VALUE(to));
}

#define BOTH_BODY(name)                                                                                      \
	rt_real.name(x, sine, cosine);                                                                       \
	RT_TELL(name, {                                                                                      \
		RT_WRITES(sine, BYTES);                                                                      \
		RT_WRITES(cosine, BYTES);                                                                    \
	})

/* Of a long double ten bytes are written. */
#define BYTES (sizeof(*sine) == sizeof(long double) ? 10 : sizeof(*sine))

void rt_wrap_sincos(double x, double *sine, double *cosine)
{
	BOTH_BODY(sincos);
}

void rt_wrap_sincosf(float x, float *sine, float *cosine)
{
	BOTH_BODY(sincosf);
}

void rt_wrap_sincosl(long double x, long double *sine, long double *cosine)
{
	BOTH_BODY(sincosl);
}
