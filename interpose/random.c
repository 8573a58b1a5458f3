/* Random numbers from a state that the caller keeps. */
#include "result.h"

#define DRAWS(name, kind, number)                                                                            \
	int rt_wrap_##name(kind *state, number *to)                                                          \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(state, to), !result, {                                     \
			RT_WRITES_VALUE(state);                                                              \
			RT_WRITES_VALUE(to);                                                                 \
		});                                                                                          \
	}
/* The number that is drawn from is the caller's; the state has the constants. */
#define DRAWS_FROM(name, number)                                                                             \
	int rt_wrap_##name(unsigned short from[3], struct drand48_data *state, number *to)                   \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(from, state, to), !result, {                               \
			RT_WRITES(from, 3 * sizeof(*from));                                                  \
			RT_READS_VALUE(state);                                                               \
			RT_WRITES_VALUE(to);                                                                 \
		});                                                                                          \
	}
#define SEEDS(name, words)                                                                                   \
	int rt_wrap_##name(unsigned short from[words], struct drand48_data *state)                           \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(from, state), !result, {                                   \
			RT_READS(from, words * sizeof(*from));                                               \
			RT_WRITES_VALUE(state);                                                              \
		});                                                                                          \
	}

DRAWS(random_r, struct random_data, int32_t)
DRAWS(drand48_r, struct drand48_data, double)
DRAWS(lrand48_r, struct drand48_data, long)
DRAWS(mrand48_r, struct drand48_data, long)
DRAWS_FROM(erand48_r, double)
DRAWS_FROM(nrand48_r, long)
DRAWS_FROM(jrand48_r, long)
SEEDS(seed48_r, 3)
SEEDS(lcong48_r, 7)

int rt_wrap_rand_r(unsigned int *state)
{
	RT_RESULT_BODY(rand_r, rt_real.rand_r(state), true, RT_WRITES_VALUE(state));
}

int rt_wrap_srandom_r(unsigned int seed, struct random_data *state)
{
	RT_RESULT_BODY(srandom_r, rt_real.srandom_r(seed, state), !result, RT_WRITES_VALUE(state));
}

int rt_wrap_initstate_r(unsigned int seed, char *memory, size_t bytes, struct random_data *state)
{
	RT_RESULT_BODY(initstate_r, rt_real.initstate_r(seed, memory, bytes, state), !result,
		RT_WRITES_VALUE(state));
}

int rt_wrap_setstate_r(char *memory, struct random_data *state)
{
	RT_RESULT_BODY(setstate_r, rt_real.setstate_r(memory, state), !result, RT_WRITES_VALUE(state));
}

int rt_wrap_srand48_r(long seed, struct drand48_data *state)
{
	RT_RESULT_BODY(srand48_r, rt_real.srand48_r(seed, state), !result, RT_WRITES_VALUE(state));
}
