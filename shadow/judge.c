#include "judge.h"

#include "context.h"
#include "memory.h"

static struct rt_judges judges;

void rt_finding_set_judges(struct rt_judges by)
{
	judges = by;
}

enum { JUDGED_FRAMES = 24, END_FRAMES = 12 };

struct judged {
	uint64_t pcs[JUDGED_FRAMES];
	uint32_t count;
};

static void take_judged(void *argument, uint64_t pc)
{
	struct judged *judged = argument;
	if (judged->count < JUDGED_FRAMES)
		judged->pcs[judged->count++] = pc;
}

bool rt_judge_is_end(rt_ctx_t context)
{
	return rt_context_kind(context) == RT_FREE ||
	       (rt_context_class(context) == RT_CLASS_DESCRIPTOR && rt_context_kind(context) == RT_WRITE);
}

static bool is_counted(rt_ctx_t context)
{
	struct judged judged;
	judged.count = 0;
	rt_context_frames(context, take_judged, &judged);
	return (rt_judge_is_end(context) && judges.counts_references(judged.pcs,
						    judged.count < END_FRAMES ? judged.count : END_FRAMES)) ||
	       judges.destroys_exception(judged.pcs, judged.count);
}

/* A race that is found again and again is judged once: context * 2 + verdict, 0 for none. */
static uint32_t verdicts[1 << 12];

bool rt_judge_is_counted(rt_ctx_t context)
{
	uint32_t *verdict = &verdicts[context % RT_COUNT(verdicts)];
	uint32_t known = __atomic_load_n(verdict, __ATOMIC_RELAXED);
	if (!judges.counts_references)
		return false;
	if (known >> 1 != context || !context) {
		known = context << 1 | is_counted(context);
		__atomic_store_n(verdict, known, __ATOMIC_RELAXED);
	}
	return known & 1;
}

bool rt_judge_is_exception(uintptr_t address)
{
	struct rt_memory_location location = {.kind = RT_LOCATION_UNKNOWN};
	struct judged judged;
	judged.count = 0;
	if (!judges.makes_exception)
		return false;
	if (rt_memory_locate_block(address, &location))
		rt_context_frames(location.context, take_judged, &judged);
	return judges.makes_exception(judged.pcs, judged.count);
}

bool rt_judge_is_loaded(uintptr_t address)
{
	return judges.is_loaded && judges.is_loaded(address);
}
