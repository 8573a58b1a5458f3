/* What is known of threads, which outlives them. */
#include "thread_table.h"

uint32_t rt_thread_info_new(uint32_t parent, rt_ctx_t created_at, uint8_t flags)
{
	if (rt_threads.info_count >= rt_threads.info_room)
		return 0;
	uint32_t id = rt_threads.info_count++;
	rt_threads.infos[id] =
		(struct rt_thread_info){.id = id, .parent = parent, .created_at = created_at, .flags = flags};
	return id;
}

/* In a forked child: the first thread, of which its information does not say so yet. Most children end before anybody asks, and
 * what they write is copied. */
static RT_AT_FORK struct {
	uint32_t id, tid;
} forked;

static void settle_forked(struct rt_thread_info *info)
{
	info->tid = forked.tid;
	info->flags |= RT_THREAD_MAIN;
	forked.id = 0;
}

struct rt_thread_info *rt_thread_info_of(uint32_t id)
{
	if (id && RT_UNLIKELY(id == forked.id))
		settle_forked(&rt_threads.infos[id]);
	return id && id < rt_threads.info_count ? &rt_threads.infos[id] : NULL;
}

/* What was recorded is in the parent's file. */
void rt_thread_infos_forked(const struct rt_thread *self)
{
	forked.id = self->id;
	forked.tid = self->tid;
	for (uint32_t i = 1; i < rt_threads.info_count; i++)
		if (rt_threads.infos[i].recorded)
			rt_threads.infos[i].recorded = false;
}

static void set_name(struct rt_thread *thread, const char *name)
{
	struct rt_thread_info *info = thread ? rt_thread_info_of(thread->id) : NULL;
	if (!info)
		return;
	rt_string_copy(info->name, sizeof(info->name), name);
	info->recorded = false;
}

void rt_thread_name(struct rt_thread *self, const char *name)
{
	set_name(self, name);
}

void rt_thread_name_other(struct rt_thread *self, uint64_t handle, const char *name)
{
	(void)self;
	rt_spin_lock(&rt_threads.spin);
	set_name(rt_thread_of_handle(handle), name);
	rt_spin_unlock(&rt_threads.spin);
}
