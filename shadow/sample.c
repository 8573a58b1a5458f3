#include "sample.h"

#include "process.h"
#include "sys.h"

struct rt_sample rt_sample = {.share = RT_SAMPLE_ALL};

void rt_sample_init(void)
{
	static const char prefix[] = "sample:";
	const char *text = rt_options.rewrite;
	uint64_t percent = 0;
	if (!rt_bytes_equal(text, prefix, sizeof(prefix) - 1))
		return;
	for (text += sizeof(prefix) - 1; *text >= '0' && *text <= '9'; text++)
		percent = percent * 10 + (uint64_t)(*text - '0');
	rt_sample.seed = rt_hash64(rt_sys_clock_ns(0) ^ (uint64_t)rt_sys_getpid() << 48);
	rt_sample.share = RT_SAMPLE_ALL * percent / 100;
}
