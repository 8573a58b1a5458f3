#include "thread_table.h"

#include "slot.h"

enum { HANDLE_BUCKETS = 1024 };

struct rt_thread_table rt_threads RT_AT_FORK;
static struct rt_thread *handles[HANDLE_BUCKETS];

static struct rt_thread **bucket_of(uint64_t handle)
{
	return &handles[rt_hash64(handle) % HANDLE_BUCKETS];
}

void rt_thread_put_handle(struct rt_thread *thread, uint64_t handle)
{
	struct rt_thread **bucket = bucket_of(handle);
	for (struct rt_thread **link = bucket; *link; link = &(*link)->next)
		if ((*link)->handle == handle) { /* of a thread that ended: the C library reuses handles */
			*link = (*link)->next;
			break;
		}
	thread->handle = handle;
	thread->next = *bucket;
	*bucket = thread;
}

void rt_thread_drop_handle(struct rt_thread *thread)
{
	for (struct rt_thread **link = bucket_of(thread->handle); *link; link = &(*link)->next)
		if (*link == thread) {
			*link = thread->next;
			return;
		}
}

struct rt_thread *rt_thread_of_handle(uint64_t handle)
{
	for (struct rt_thread *thread = *bucket_of(handle); thread; thread = thread->next)
		if (thread->handle == handle)
			return thread;
	return NULL;
}

struct rt_thread *rt_thread_of_id(uint32_t id)
{
	struct rt_thread *thread = rt_threads.live;
	while (thread && thread->id != id)
		thread = rt_link_of(thread)->next_live;
	return thread;
}

void rt_thread_link(struct rt_thread *thread)
{
	struct rt_live_link *link = rt_link_of(thread);
	link->previous_live = NULL;
	link->next_live = rt_threads.live;
	if (rt_threads.live)
		rt_link_of(rt_threads.live)->previous_live = thread;
	rt_threads.live = thread;
	rt_threads.live_count++;
}

void rt_thread_unlink(struct rt_thread *thread)
{
	struct rt_live_link *link = rt_link_of(thread);
	if (link->previous_live)
		rt_link_of(link->previous_live)->next_live = link->next_live;
	else
		rt_threads.live = link->next_live;
	if (link->next_live)
		rt_link_of(link->next_live)->previous_live = link->previous_live;
	rt_threads.live_count--;
}

rt_epoch_t rt_thread_tell_epoch(rt_slot_t slot, rt_epoch_t epoch)
{
	struct rt_thread *thread = rt_thread_of_id(rt_thread_of_epoch(slot, epoch));
	const struct rt_boundaries *all = rt_slot_left(slot);
	if (thread && thread->slot == slot) {
		rt_thread_hold_epoch(thread, true);
		all = &thread->boundaries;
	}
	rt_epoch_t told = rt_boundary_after(all, epoch);
	return told > epoch ? told : epoch; /* of another process's thread nothing is known */
}
