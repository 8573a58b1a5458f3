#include "glance.h"

#include "origin.h"

static void mark(struct rt_body *body, uint32_t load)
{
	const uint32_t more = RT_MARK_WAITS | RT_MARK_FLAG | RT_MARK_RING | RT_MARK_OWN;
	if (!(body->marks[load] & more))
		body->marks[load] |= RT_MARK_GLANCE;
}

void rt_glance_find(struct rt_body *body)
{
	uint32_t one, other;
	for (uint32_t i = 0; i < body->count; i++)
		if (rt_origin_compares(body, i, &one, &other)) {
			mark(body, one);
			mark(body, other);
		}
}
