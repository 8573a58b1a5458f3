#include "lock.h"

#include "abroad.h"
#include "context.h"
#include "counters.h"
#include "object.h"
#include "sync.h"
#include "thread.h"

static uint64_t lock_key(const struct rt_held_lock *lock)
{
	return ((uint64_t)lock->sync << 1) | (lock->mode == RT_LOCK_SHARED);
}

/* The locks from the one with that number on are new, or lie in another place. */
static void make_lockset(struct rt_thread *self, uint32_t from)
{
	uint32_t lockset = from ? self->held[from - 1].lockset : 0;
	for (uint32_t i = from; i < self->held_count; i++)
		lockset = self->held[i].lockset =
			rt_trie_child(&rt_locksets, lockset, lock_key(&self->held[i]));
	self->lockset = lockset;
}

static struct rt_held_lock *find_held(struct rt_thread *self, uint64_t key)
{
	for (uint32_t i = self->held_count; i-- > 0;)
		if (self->held[i].key == key)
			return &self->held[i];
	return NULL;
}

static bool push_held(struct rt_thread *self, struct rt_held_lock lock)
{
	if (self->held_count == self->held_room) {
		uint32_t room = self->held_room ? 2 * self->held_room : 8;
		struct rt_held_lock *held =
			rt_alloc_more(self->held, self->held_room * sizeof(*held), room * sizeof(*held));
		if (!held)
			return false;
		self->held = held;
		self->held_room = room;
	}
	self->held[self->held_count++] = lock;
	return true;
}

void rt_lock_watch(struct rt_thread *self)
{
	for (uint32_t i = 0; i < self->held_count; i++) {
		struct rt_sync *sync = rt_sync_lock(self, NULL, self->held[i].key, "mutex");
		if (!sync)
			continue;
		self->held[i].sync = sync->id;
		rt_sync_unlock(sync);
	}
	make_lockset(self, 0);
}

/* What readers tell the next writer nobody takes while there are readers. */
static void take(struct rt_thread *self, struct rt_sync *sync, enum rt_lock_mode mode)
{
	rt_message_take(self, &sync->exclusive);
	if (mode == RT_LOCK_EXCLUSIVE) {
		rt_message_take(self, &sync->shared);
		rt_message_retake(self, &sync->exclusive);
	}
	rt_message_retake(self, &sync->shared);
}

void rt_lock_acquire(
	struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind, enum rt_lock_mode mode)
{
	uint32_t id = 0;
	key = rt_sync_key(key);
	if (rt_watching) {
		struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
		if (sync) {
			id = sync->id;
			if (!self->ignore_sync)
				take(self, sync, mode);
			rt_sync_unlock(sync);
		}
		if (rt_key_is_abroad(key) && !self->ignore_sync) {
			rt_abroad_acquire_key(self, key, mode);
			rt_abroad_own(self, key);
		}
		self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
	}
	struct rt_held_lock *held = find_held(self, key);
	if (held) {
		held->depth++;
		return;
	}
	struct rt_held_lock lock = {.key = key, .sync = id, .mode = (uint16_t)mode, .depth = 1};
	if (push_held(self, lock) && rt_watching)
		make_lockset(self, self->held_count - 1);
}

/* Takes the lock off the list when its last level goes; the mode it was held in. */
static enum rt_lock_mode drop_held(struct rt_thread *self, uint64_t key)
{
	struct rt_held_lock *held = find_held(self, key);
	if (!held)
		return RT_LOCK_EXCLUSIVE;
	enum rt_lock_mode mode = (enum rt_lock_mode)held->mode;
	if (--held->depth)
		return mode;
	uint32_t left = (uint32_t)(held - self->held);
	self->held_count--;
	for (; held < &self->held[self->held_count]; held++)
		*held = held[1];
	if (rt_watching)
		make_lockset(self, left);
	return mode;
}

void rt_lock_release(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	key = rt_sync_key(key);
	enum rt_lock_mode mode = drop_held(self, key);
	if (!rt_watching || self->ignore_sync)
		return;
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return;
	rt_message_put(self, mode == RT_LOCK_SHARED ? &sync->shared : &sync->exclusive);
	rt_sync_unlock(sync);
	rt_abroad_release(self, key, mode);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_lock_owner_died(struct rt_thread *self, uint64_t key)
{
	key = rt_sync_key(key);
	if (rt_watching)
		rt_thread_inherit(self, key);
	if (rt_key_is_abroad(key))
		rt_abroad_owner_died(self, key);
}

void rt_lock_abandon(struct rt_thread *thread)
{
	for (uint32_t i = 0; i < thread->held_count; i++) {
		struct rt_sync *sync = rt_sync_lock(thread, NULL, thread->held[i].key, "mutex");
		if (!sync)
			continue;
		rt_message_add(&sync->exclusive, &thread->clock);
		rt_sync_unlock(sync);
	}
}

bool rt_lock_is_held(const struct rt_thread *thread, uint64_t key)
{
	return find_held((struct rt_thread *)thread, key) != NULL;
}
