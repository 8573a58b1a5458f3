#include "abroad.h"

#include "counters.h"
#include "message.h"
#include "object.h"
#include "slot.h"
#include "sys.h"

enum { CHUNKS_MOST = 2048 /* of one clock: more is damage */, EXCLUSIVE = 0, SHARED = 1 };

/* No epoch of any clock: what is not understood is not ordered. */
static const struct rt_epoch_block unknown = {
	.base = (1u << 30) - (1u << RT_EPOCH_BITS), .slot = RT_BLOCKS - 1};

/* Which slot is which. */
static struct {
	struct rt_spin spin;
	uint16_t session[RT_BLOCKS]; /* of a slot of this process; 0: none */
	uint16_t local[RT_BLOCKS];   /* of a session slot, and one; 0: none */
	rt_slot_t bound[RT_BLOCKS];  /* those that are something in the session */
	uint32_t bound_count;
} slots;

static bool is_session_slot(uint32_t slot)
{
	return slot >= RT_SESSION_FIRST_BLOCK && slot < RT_THREAD_BLOCKS;
}

/* Lock held. */
static void bind(rt_slot_t local, uint32_t session)
{
	slots.session[local] = (uint16_t)session;
	slots.local[session] = (uint16_t)(local + 1);
	slots.bound[slots.bound_count] = local;
	__atomic_store_n(&slots.bound_count, slots.bound_count + 1, __ATOMIC_RELEASE);
}

/* This process's slot for a session slot, a guest's if there was none; RT_SLOT_NONE: there is none left. */
static rt_slot_t local_of(uint32_t session)
{
	uint16_t there = __atomic_load_n(&slots.local[session], __ATOMIC_ACQUIRE);
	if (RT_LIKELY(there))
		return there - 1u;
	rt_slot_t guest = rt_slot_take_guest(); /* not under the lock: slot.c's comes first */
	if (guest == RT_SLOT_NONE)
		return guest;
	rt_spin_lock(&slots.spin);
	if (!slots.local[session])
		bind(guest, session);
	rt_slot_t local =
		slots.local[session] - 1u; /* another thread's, and a guest too many, which is rare */
	rt_spin_unlock(&slots.spin);
	return local;
}

/* ---- blocks ---- */

static void set_block(uint32_t block, struct rt_epoch_block what)
{
	_Static_assert(sizeof(what) == sizeof(uint64_t), "read as it is written");
	__atomic_store(&rt_epoch_blocks[block], &what, __ATOMIC_RELEASE);
}

void rt_abroad_init(void)
{
	for (uint32_t block = RT_SESSION_FIRST_BLOCK; block < RT_THREAD_BLOCKS; block++)
		set_block(block, unknown);
}

uint32_t rt_abroad_take_block(rt_slot_t local, rt_epoch_t base, uint32_t thread)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t number = rt_session_take(&tables->header.blocks, RT_THREAD_BLOCKS, 1);
	if (!is_session_slot(number))
		return 0;
	rt_spin_lock(&slots.spin);
	if (!slots.session[local])
		bind(local, number);
	struct rt_session_block *block = &tables->blocks[number];
	block->slot = slots.session[local];
	rt_spin_unlock(&slots.spin);
	block->base = base;
	block->thread = thread;
	const struct rt_thread_info *info = rt_thread_info_of(thread);
	block->tid = (uint32_t)rt_sys_gettid();
	rt_string_copy(block->name, sizeof(block->name), info ? info->name : "");
	rt_session_keep(rt_session.process);
	set_block(number, (struct rt_epoch_block){base, local});
	__atomic_store_n(&block->process, rt_session.process + 1, __ATOMIC_RELEASE);
	return number;
}

bool rt_abroad_settle_slow(struct rt_thread *self)
{
	return rt_session_is_on() && rt_slot_settle(self);
}

uint32_t rt_abroad_process_of(uint32_t block)
{
	if (!is_session_slot(block) || !rt_session.tables)
		return RT_SESSION_PROCESSES;
	uint32_t process = __atomic_load_n(&rt_session.tables->blocks[block].process, __ATOMIC_ACQUIRE) - 1;
	return process < RT_SESSION_PROCESSES ? process : RT_SESSION_PROCESSES;
}

bool rt_abroad_learn_block(uint32_t number)
{
	if (rt_abroad_process_of(number) == RT_SESSION_PROCESSES ||
		rt_epoch_blocks[number].slot != unknown.slot)
		return false;
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	uint32_t slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED);
	rt_slot_t local = is_session_slot(slot) && base < unknown.base ? local_of(slot) : RT_SLOT_NONE;
	if (local != RT_SLOT_NONE)
		set_block(number, (struct rt_epoch_block){base, local});
	return local != RT_SLOT_NONE;
}

/* ---- clocks ---- */

/* The chunk of a list for a group of slots; NULL: there is none, and none can be made. */
static struct rt_session_chunk *chunk_of(uint32_t *link, uint32_t group)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t fresh = RT_SESSION_CHUNKS;
	for (unsigned steps = 0; steps < CHUNKS_MOST; steps++) {
		uint32_t next = __atomic_load_n(link, __ATOMIC_ACQUIRE);
		if (!next) {
			if (fresh == RT_SESSION_CHUNKS)
				fresh = rt_session_take(&tables->header.chunks, RT_SESSION_CHUNKS, 1);
			if (fresh == RT_SESSION_CHUNKS)
				return NULL;
			tables->chunks[fresh].group = group;
			if (__atomic_compare_exchange_n(
				    link, &next, fresh + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
				return &tables->chunks[fresh];
		}
		if (next > RT_SESSION_CHUNKS)
			return NULL;
		struct rt_session_chunk *chunk = &tables->chunks[next - 1];
		if (chunk->group == group)
			return chunk;
		link = &chunk->next;
	}
	return NULL;
}

static void raise(uint32_t *epoch, rt_epoch_t to)
{
	uint32_t there = __atomic_load_n(epoch, __ATOMIC_RELAXED);
	while (there < to &&
		!__atomic_compare_exchange_n(epoch, &there, to, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

static struct rt_session_sync *sync_of(uint64_t key, bool create)
{
	struct rt_session_sync *syncs = rt_session.tables->syncs;
	uint32_t index = rt_session_place(syncs, RT_SESSION_SYNCS, sizeof(*syncs), key, create);
	if (index == RT_SESSION_SYNCS && create)
		rt_count(RT_COUNTER_NO_SESSION);
	return index == RT_SESSION_SYNCS ? NULL : &syncs[index];
}

static void raise_clock(uint32_t *list, const struct rt_clock *clock)
{
	uint32_t count = __atomic_load_n(&slots.bound_count, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < count; i++) {
		rt_slot_t local = slots.bound[i];
		rt_epoch_t epoch = rt_clock_get(clock, local);
		uint32_t slot = slots.session[local];
		if (!epoch)
			continue;
		struct rt_session_chunk *chunk = chunk_of(list, slot / RT_CHUNK_EPOCHS);
		if (chunk)
			raise(&chunk->epochs[slot % RT_CHUNK_EPOCHS], epoch);
		else
			rt_count(RT_COUNTER_NO_SESSION);
	}
}

/* Calls know() for every epoch in a list. */
static void visit_clock(
	const uint32_t *list, void (*know)(void *argument, rt_slot_t local, rt_epoch_t epoch), void *argument)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t next = __atomic_load_n(list, __ATOMIC_ACQUIRE);
	for (unsigned steps = 0; next && next <= RT_SESSION_CHUNKS && steps < CHUNKS_MOST; steps++) {
		const struct rt_session_chunk *chunk = &tables->chunks[next - 1];
		uint32_t first = chunk->group < RT_BLOCKS ? chunk->group * RT_CHUNK_EPOCHS : RT_BLOCKS;
		for (uint32_t i = 0; i < RT_CHUNK_EPOCHS; i++) {
			rt_epoch_t epoch = __atomic_load_n(&chunk->epochs[i], __ATOMIC_ACQUIRE);
			rt_slot_t local = epoch && epoch < unknown.base && is_session_slot(first + i)
						  ? local_of(first + i)
						  : RT_SLOT_NONE;
			if (local != RT_SLOT_NONE)
				know(argument, local, epoch);
		}
		next = __atomic_load_n(&chunk->next, __ATOMIC_ACQUIRE);
	}
}

static void know(void *argument, rt_slot_t local, rt_epoch_t epoch)
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

void rt_abroad_acquire_key(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	struct rt_session_sync *sync = sync_of(key, false);
	if (!sync)
		return;
	visit_clock(&sync->first[EXCLUSIVE], know, self);
	if (mode == RT_LOCK_EXCLUSIVE)
		visit_clock(&sync->first[SHARED], know, self);
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
		__atomic_store_n(&sync->owner, self->segment >> RT_EPOCH_BITS, __ATOMIC_RELAXED);
}

static uint64_t *variables_of(uint64_t key, uint64_t *bit)
{
	uint64_t hash = rt_hash64(~key);
	*bit = 1ull << hash % 64;
	return &rt_session.tables->variables[hash / 64 % (RT_SESSION_VARIABLES / 64)];
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

/* ---- ends ---- */

/* All epochs of a block. */
static void know_block(struct rt_thread *self, uint32_t number)
{
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	uint32_t slot = block->slot, base = block->base;
	rt_slot_t local = is_session_slot(slot) && base < unknown.base ? local_of(slot) : RT_SLOT_NONE;
	if (local != RT_SLOT_NONE)
		know(self, local, base + (1u << RT_EPOCH_BITS) - 1);
}

void rt_abroad_owner_died(struct rt_thread *self, uint64_t key)
{
	const struct rt_session_sync *sync = sync_of(key, false);
	uint32_t block = sync ? __atomic_load_n(&sync->owner, __ATOMIC_RELAXED) : 0;
	uint32_t process = rt_abroad_process_of(block);
	if (process == RT_SESSION_PROCESSES || process == rt_session.process)
		return;
	/* A robust lock may outlive a thread of a process that goes on. */
	if (rt_session_lives(rt_session_process(process)))
		know_block(self, block);
	else
		rt_abroad_ended(self, process);
}

/* It will have no more epochs: the last of each of its blocks is known. */
void rt_abroad_ended(struct rt_thread *self, uint32_t process)
{
	uint32_t count = __atomic_load_n(&rt_session.tables->header.blocks, __ATOMIC_RELAXED);
	for (uint32_t i = RT_SESSION_FIRST_BLOCK; i < count && i < RT_THREAD_BLOCKS; i++)
		if (rt_abroad_process_of(i) == process)
			know_block(self, i);
}

/* ---- forks ---- */

/* The parent's slots go on in the parent: here they are guests' from now on. What the parent's threads do after the fork is of
 * later epochs: see rt_fork_prepare. */
void rt_abroad_forked(struct rt_thread *self)
{
	bool bound = slots.session[self->slot] != 0;
	for (uint32_t i = 0; i < slots.bound_count; i++)
		rt_slot_make_guest(slots.bound[i]);
	if (bound)
		rt_slot_move(self);
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
	if (rt_abroad_process_of(slots.session[local]) != rt_session.process)
		know(argument, local, epoch);
}

void rt_sync_acquire_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	struct rt_session_sync *sync = rt_key_is_abroad(key) ? sync_of(key, false) : NULL;
	if (!sync)
		return;
	visit_clock(&sync->first[EXCLUSIVE], know_others, self);
	if (mode == RT_LOCK_EXCLUSIVE)
		visit_clock(&sync->first[SHARED], know_others, self);
}
