#include "frames.h"

#include "context.h"
#include "thread.h"

enum { FIRST_ROOM = 256, ROOM_MOST = 1 << 24 };

__thread struct rt_hot racetrack_hot = {
	.expected = RT_HOT_NO_SEGMENT | RT_HOT_CONTEXT | RT_HOT_WRITE | RT_HOT_BYTES};
uint32_t racetrack_watching RT_AT_FORK;

rt_ctx_t rt_frames_path(void)
{
	struct rt_hot *hot = &racetrack_hot;
	if (RT_LIKELY(hot->top > hot->first && hot->top[-1].context))
		return hot->top[-1].context;
	struct rt_frame *frame = hot->top;
	while (frame > hot->first && !frame[-1].context)
		frame--;
	rt_ctx_t context = frame > hot->first ? frame[-1].context : 0;
	for (; frame < hot->top; frame++) {
		rt_ctx_t child = frame->known;
		const struct rt_trie_node *node = &rt_contexts.nodes[child]; /* the root is nobody's child */
		if (node->key != frame->pc || node->parent != context || !child)
			child = rt_context_child(context, frame->pc);
		context = child ? child : context; /* no room: a shorter stack is better than none */
		frame->context = frame->known = context;
	}
	return context;
}

rt_ctx_t rt_frames_context(uintptr_t pc)
{
	rt_ctx_t context = rt_frames_path();
	rt_ctx_t place = rt_context_child(context, pc);
	return place ? place : context;
}

struct rt_site rt_frames_site(uintptr_t pc)
{
	return (struct rt_site){.pc = pc};
}

static void set_room(struct rt_frame *frames, uint32_t count, uint32_t room)
{
	racetrack_hot.first = frames;
	racetrack_hot.top = frames + count;
	racetrack_hot.end = frames + room;
}

void rt_frames_grow(struct rt_thread *self)
{
	struct rt_hot *hot = &racetrack_hot;
	uint32_t count = (uint32_t)(hot->top - hot->first), room = (uint32_t)(hot->end - hot->first);
	uint32_t wider = room ? 2 * room : FIRST_ROOM;
	struct rt_frame *frames = wider <= ROOM_MOST ? rt_alloc(wider * sizeof(*frames)) : NULL;
	if (!frames)
		return;
	rt_bytes_copy(frames, hot->first, count * sizeof(*frames));
	rt_free(hot->first, room * sizeof(*frames));
	self->frames = frames;
	self->frames_room = wider;
	set_room(frames, count, wider);
}

void rt_frames_unwind(uintptr_t sp)
{
	struct rt_hot *hot = &racetrack_hot;
	hot->deeper = 0;
	while (hot->top > hot->first && hot->top[-1].sp < sp)
		hot->top--;
}

struct rt_frame *rt_frames_take(uint32_t *count)
{
	struct rt_hot *hot = &racetrack_hot;
	*count = (uint32_t)(hot->top - hot->first);
	struct rt_frame *frames = *count ? rt_alloc(*count * sizeof(*frames)) : NULL;
	if (frames)
		rt_bytes_copy(frames, hot->first, *count * sizeof(*frames));
	hot->top = hot->first;
	return frames;
}

void rt_frames_put(struct rt_frame *frames, uint32_t count)
{
	struct rt_hot *hot = &racetrack_hot;
	if (frames && count <= (uint32_t)(hot->end - hot->first)) {
		rt_bytes_copy(hot->first, frames, count * sizeof(*frames));
		hot->top = hot->first + count;
	}
	rt_free(frames, count * sizeof(*frames));
}

void rt_frames_fini(struct rt_thread *thread)
{
	rt_free(thread->frames, thread->frames ? thread->frames_room * sizeof(struct rt_frame) : 0);
}
