/* What orders processes and none of their threads. A process without a session is alone. */
#include "engine.h"

bool rt_sync_is_abroad(void)
{
	return false;
}

void rt_sync_release_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	(void)self, (void)key, (void)mode;
}

void rt_sync_acquire_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	(void)self, (void)key, (void)mode;
}
