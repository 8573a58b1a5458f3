#include "abroad_parts.h"

#include "counters.h"
#include "fault.h"
#include "message.h"
#include "object.h"
#include "slot.h"
#include "sys.h"

enum {
	CHUNKS_MOST = (RT_THREAD_BLOCKS - RT_SESSION_FIRST_BLOCK) / RT_CHUNK_EPOCHS + 2, /* of one clock */
	EXCLUSIVE = 0,
	SHARED = 1
};

/* ---- clocks ---- */

static struct rt_session_chunk *chunk_at(uint32_t index)
{
	rt_fault_prevent(&rt_session.tables->chunks[index], sizeof(struct rt_session_chunk));
	return &rt_session.tables->chunks[index];
}

/* The chunk of a list for a group of slots; NULL: there is none, and none can be made. */
static struct rt_session_chunk *chunk_of(uint32_t *list, uint32_t group)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t *link = list;
	uint32_t fresh = RT_SESSION_CHUNKS;
	for (unsigned steps = 0; steps < CHUNKS_MOST; steps++) {
		uint32_t next = __atomic_load_n(link, __ATOMIC_ACQUIRE);
		if (!next) {
			if (fresh == RT_SESSION_CHUNKS)
				fresh = rt_session_take(&tables->header.chunks, RT_SESSION_CHUNKS, 1);
			if (fresh == RT_SESSION_CHUNKS)
				return NULL;
			chunk_at(fresh)->group = group;
			if (__atomic_compare_exchange_n(
				    link, &next, fresh + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
				return chunk_at(fresh);
		}
		if (next > RT_SESSION_CHUNKS)
			break;
		struct rt_session_chunk *chunk = chunk_at(next - 1);
		if (chunk->group == group)
			return chunk;
		link = &chunk->next;
	}
	__atomic_store_n(list, 0, __ATOMIC_RELAXED); /* it was damaged: what is lost now is lost once */
	return NULL;
}

/* What could not be told to others is no longer known to have happened before. */
static RT_COLD void lose_clock(void)
{
	rt_count(RT_COUNTER_NO_SESSION);
	rt_session_spoil();
}

static void raise(uint32_t *epoch, rt_epoch_t to)
{
	uint32_t there = __atomic_load_n(epoch, __ATOMIC_RELAXED);
	while (there < to &&
		!__atomic_compare_exchange_n(epoch, &there, to, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

/* Those of processes lie as their numbers do: of many that begin and end each would have a page of its own. */
static uint32_t first_place(uint64_t key)
{
	bool process = (key & RT_SYNC_KEY_PROCESS) == RT_SYNC_KEY_PROCESS;
	return (uint32_t)(process ? key >> 2 : rt_hash64(key));
}

static struct rt_session_sync *sync_of(uint64_t key, bool create)
{
	struct rt_session_sync *syncs = rt_session.tables->syncs;
	uint32_t index =
		rt_session_place(syncs, RT_SESSION_SYNCS, sizeof(*syncs), key, first_place(key), create);
	if (index == RT_SESSION_SYNCS && create)
		lose_clock();
	return index == RT_SESSION_SYNCS ? NULL : &syncs[index];
}

static void raise_clock(uint32_t *list, const struct rt_clock *clock)
{
	rt_slot_t local;
	uint32_t slot;
	for (uint32_t i = 0; (slot = rt_abroad_bound(i, &local)); i++) {
		rt_epoch_t epoch = rt_clock_get(clock, local);
		if (!epoch)
			continue;
		struct rt_session_chunk *chunk = chunk_of(list, slot / RT_CHUNK_EPOCHS);
		if (chunk)
			raise(&chunk->epochs[slot % RT_CHUNK_EPOCHS], epoch);
		else
			lose_clock();
	}
}

/* Calls rt_abroad_know() for every epoch in a list. */
static void visit_clock(
	const uint32_t *list, void (*know)(void *argument, rt_slot_t local, rt_epoch_t epoch), void *argument)
{
	uint32_t next = __atomic_load_n(list, __ATOMIC_ACQUIRE);
	for (unsigned steps = 0; next && next <= RT_SESSION_CHUNKS && steps < CHUNKS_MOST; steps++) {
		const struct rt_session_chunk *chunk = chunk_at(next - 1);
		uint32_t group = __atomic_load_n(&chunk->group, __ATOMIC_RELAXED),
			 first = group < RT_BLOCKS ? group * RT_CHUNK_EPOCHS : RT_BLOCKS;
		for (uint32_t i = 0; i < RT_CHUNK_EPOCHS; i++) {
			rt_epoch_t epoch = __atomic_load_n(&chunk->epochs[i], __ATOMIC_ACQUIRE);
			rt_slot_t local = epoch && epoch < RT_ABROAD_EPOCHS && rt_abroad_is_slot(first + i)
						  ? rt_abroad_local_of(first + i)
						  : RT_SLOT_NONE;
			if (local != RT_SLOT_NONE)
				know(argument, local, epoch);
		}
		next = __atomic_load_n(&chunk->next, __ATOMIC_ACQUIRE);
	}
}

void rt_abroad_know(void *argument, rt_slot_t local, rt_epoch_t epoch)
{
	struct rt_thread *self = argument;
	if (local == self->slot || rt_clock_get(&self->clock, local) >= epoch)
		return;
	if (!rt_clock_set(&self->clock, local, epoch))
		rt_count(RT_COUNTER_NO_SYNC);
	rt_thread_learnt(self);
}

static void add(void *argument, rt_slot_t local, rt_epoch_t epoch)
{
	struct rt_clock *clock = argument;
	if (rt_clock_get(clock, local) < epoch && !rt_clock_set(clock, local, epoch))
		rt_count(RT_COUNTER_NO_SYNC);
}

void rt_abroad_raise(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	struct rt_session_sync *sync = sync_of(key, true);
	if (sync)
		raise_clock(&sync->first[mode == RT_LOCK_SHARED ? SHARED : EXCLUSIVE], &self->clock);
	rt_thread_hold_epoch(self, true);
}

void rt_abroad_release_key(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	rt_abroad_raise(self, key, mode);
	rt_thread_released(self);
}

void rt_abroad_publish(uint64_t key, const struct rt_clock *clock)
{
	struct rt_session_sync *sync = sync_of(key, true);
	if (sync)
		raise_clock(&sync->first[EXCLUSIVE], clock);
}

/* Takes in what the mode says of an object, by know(). */
static void acquire(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode,
	void (*know)(void *argument, rt_slot_t local, rt_epoch_t epoch))
{
	struct rt_session_sync *sync = sync_of(key, false);
	if (!sync)
		return;
	visit_clock(&sync->first[EXCLUSIVE], know, self);
	if (mode == RT_LOCK_EXCLUSIVE)
		visit_clock(&sync->first[SHARED], know, self);
}

void rt_abroad_acquire_key(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	acquire(self, key, mode, rt_abroad_know);
}

void rt_abroad_collect(uint64_t key, struct rt_clock *clock)
{
	struct rt_session_sync *sync = sync_of(key, false);
	if (sync)
		visit_clock(&sync->first[EXCLUSIVE], add, clock);
}

void rt_abroad_own(struct rt_thread *self, uint64_t key)
{
	struct rt_session_sync *sync = rt_abroad_settle(self) ? sync_of(key, true) : NULL;
	if (sync)
		__atomic_store_n(&sync->owner, self->segment, __ATOMIC_RELAXED);
}

static uint64_t *variables_of(uint64_t key, uint64_t *bit)
{
	uint64_t hash = rt_hash64(~key);
	*bit = 1ull << hash % 64;
	uint64_t *bits = &rt_session.tables->variables[hash / 64 % (RT_SESSION_VARIABLES / 64)];
	rt_fault_prevent(bits, sizeof(*bits));
	return bits;
}

void rt_abroad_set_variable(uint64_t key)
{
	struct rt_session_sync *sync = sync_of(key, true);
	uint64_t bit, *bits = variables_of(key, &bit);
	if (!sync)
		return;
	__atomic_fetch_or(bits, bit, __ATOMIC_RELAXED);
	__atomic_store_n(&sync->variable, 1, __ATOMIC_RELEASE);
}

bool rt_abroad_is_variable(uint64_t key)
{
	uint64_t bit, *bits = variables_of(key, &bit);
	if (!(__atomic_load_n(bits, __ATOMIC_RELAXED) & bit))
		return false;
	const struct rt_session_sync *sync = sync_of(key, false);
	return sync && __atomic_load_n(&sync->variable, __ATOMIC_ACQUIRE);
}

void rt_abroad_owner_died(struct rt_thread *self, uint64_t key)
{
	struct rt_session_owner owner;
	const struct rt_session_sync *sync = sync_of(key, false);
	uint32_t segment = sync ? __atomic_load_n(&sync->owner, __ATOMIC_RELAXED) : 0;
	if (!rt_abroad_owner(segment, &owner) || owner.process == rt_session.process)
		return;
	/* A robust lock may outlive a thread of a process that goes on. */
	if (rt_session_lives(rt_session_process(owner.process)))
		rt_abroad_know_block(self, segment >> RT_EPOCH_BITS);
	else
		rt_abroad_ended(self, owner.process);
}

/* ---- for wrappers ---- */

uint64_t rt_memory_key(const volatile void *address)
{
	return rt_sync_key((uintptr_t)address);
}

bool rt_sync_is_abroad(void)
{
	return rt_watching && rt_session_is_on();
}

void rt_sync_release_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	rt_abroad_release(self, key, mode);
}

/* Its own threads are none of the others. */
static void know_others(void *argument, rt_slot_t local, rt_epoch_t epoch)
{
	if (rt_slot_is_guest(local))
		rt_abroad_know(argument, local, epoch);
}

void rt_sync_acquire_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	if (rt_key_is_abroad(key))
		acquire(self, key, mode, know_others);
}
