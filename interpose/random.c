/* Random numbers from a state that the caller keeps. */
#include "result.h"

int rt_wrap_rand_r(unsigned int *state)
{
	RT_RESULT_BODY(rand_r, rt_real.rand_r(state), true, RT_WRITES_VALUE(state));
}

int rt_wrap_random_r(struct random_data *state, int32_t *to)
{
	RT_RESULT_BODY(random_r, rt_real.random_r(state, to), !result, {
		RT_WRITES_VALUE(state);
		RT_WRITES_VALUE(to);
	});
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

int rt_wrap_drand48_r(struct drand48_data *state, double *to)
{
	RT_RESULT_BODY(drand48_r, rt_real.drand48_r(state, to), !result, {
		RT_WRITES_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_lrand48_r(struct drand48_data *state, long *to)
{
	RT_RESULT_BODY(lrand48_r, rt_real.lrand48_r(state, to), !result, {
		RT_WRITES_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_mrand48_r(struct drand48_data *state, long *to)
{
	RT_RESULT_BODY(mrand48_r, rt_real.mrand48_r(state, to), !result, {
		RT_WRITES_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_erand48_r(unsigned short from[3], struct drand48_data *state, double *to)
{
	RT_RESULT_BODY(erand48_r, rt_real.erand48_r(from, state, to), !result, {
		RT_WRITES(from, 3 * sizeof(*from));
		RT_READS_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_nrand48_r(unsigned short from[3], struct drand48_data *state, long *to)
{
	RT_RESULT_BODY(nrand48_r, rt_real.nrand48_r(from, state, to), !result, {
		RT_WRITES(from, 3 * sizeof(*from));
		RT_READS_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_jrand48_r(unsigned short from[3], struct drand48_data *state, long *to)
{
	RT_RESULT_BODY(jrand48_r, rt_real.jrand48_r(from, state, to), !result, {
		RT_WRITES(from, 3 * sizeof(*from));
		RT_READS_VALUE(state);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_srand48_r(long seed, struct drand48_data *state)
{
	RT_RESULT_BODY(srand48_r, rt_real.srand48_r(seed, state), !result, RT_WRITES_VALUE(state));
}

int rt_wrap_seed48_r(unsigned short from[3], struct drand48_data *state)
{
	RT_RESULT_BODY(seed48_r, rt_real.seed48_r(from, state), !result, {
		RT_READS(from, 3 * sizeof(*from));
		RT_WRITES_VALUE(state);
	});
}

int rt_wrap_lcong48_r(unsigned short from[7], struct drand48_data *state)
{
	RT_RESULT_BODY(lcong48_r, rt_real.lcong48_r(from, state), !result, {
		RT_READS(from, 7 * sizeof(*from));
		RT_WRITES_VALUE(state);
	});
}
