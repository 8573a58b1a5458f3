#include "judge.h"

#include "context.h"

static bool (*judge)(const uint64_t *stack, uint32_t count);
static bool (*judge_address)(uintptr_t address);

void rt_finding_set_judge(bool (*counts_references)(const uint64_t *stack, uint32_t count),
	bool (*is_loaded)(uintptr_t address))
{
	judge = counts_references;
	judge_address = is_loaded;
}

enum { JUDGED_FRAMES = 12 };

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

bool rt_judge_is_counted(rt_ctx_t context)
{
	struct judged judged = {.count = 0};
	if (!judge || !rt_judge_is_end(context))
		return false;
	rt_context_frames(context, take_judged, &judged);
	return judge(judged.pcs, judged.count);
}

bool rt_judge_is_loaded(uintptr_t address)
{
	return judge_address && judge_address(address);
}
