#include "judge.h"

#include "context.h"

static bool (*judge_end)(const uint64_t *stack, uint32_t count);
static bool (*judge_any)(const uint64_t *stack, uint32_t count);

void rt_finding_set_judge(bool (*counts_references)(const uint64_t *stack, uint32_t count),
	bool (*destroys_exception)(const uint64_t *stack, uint32_t count))
{
	judge_end = counts_references;
	judge_any = destroys_exception;
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

bool rt_judge_is_counted(rt_ctx_t context)
{
	struct judged judged;
	if (!judge_end)
		return false;
	judged.count = 0;
	rt_context_frames(context, take_judged, &judged);
	return (rt_judge_is_end(context) &&
		       judge_end(judged.pcs, judged.count < END_FRAMES ? judged.count : END_FRAMES)) ||
	       judge_any(judged.pcs, judged.count);
}
