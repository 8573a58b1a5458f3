#include "abroad.h"

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

/* Blocks of processes that this one knows to have ended, from the newest on; 0: none. */
static struct {
	uint32_t count;
	uint32_t blocks[64];
} ended;

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
	rt_fault_prevent(&rt_session.tables->blocks[session], sizeof(struct rt_session_block));
	if (!__atomic_load_n(&rt_session.tables->blocks[session].owner, __ATOMIC_ACQUIRE))
		return RT_SLOT_NONE;            /* nobody's: a number that was damaged */
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

/* NULL: there is no such owner. */
const struct rt_session_owner *rt_abroad_owner_at(uint32_t number)
{
	if (!number || number > RT_SESSION_OWNERS)
		return NULL;
	struct rt_session_owner *owner = &rt_session.tables->owners[number - 1];
	rt_fault_prevent(owner, sizeof(*owner));
	return owner;
}

/* Says who has a block from an epoch on. False: there is no room. */
static bool add_owner(uint32_t number, rt_epoch_t from, uint32_t thread)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t index = rt_session_take(&tables->header.owners, RT_SESSION_OWNERS, 1);
	if (index == RT_SESSION_OWNERS)
		return false;
	struct rt_session_process *own = rt_session_process(rt_session.process);
	struct rt_session_owner *owner = (struct rt_session_owner *)rt_abroad_owner_at(index + 1);
	const struct rt_thread_info *info = rt_thread_info_of(thread);
	*owner = (struct rt_session_owner){.block = number,
		.from = from,
		.before = tables->blocks[number].owner,
		.process = rt_session.process,
		.next = own->owned,
		.pid = own->pid,
		.thread = thread,
		.tid = (uint32_t)rt_sys_gettid()};
	rt_string_copy(owner->name, sizeof(owner->name), info ? info->name : "");
	rt_session_keep();
	__atomic_store_n(&own->owned, index + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&tables->blocks[number].owner, index + 1, __ATOMIC_RELEASE);
	return true;
}

uint32_t rt_abroad_take_block(rt_slot_t local, rt_epoch_t base, uint32_t thread)
{
	struct rt_session_tables *tables = rt_session.tables;
	if (!tables) /* it had to leave the session */
		return 0;
	uint32_t number = rt_session_take(&tables->header.blocks, RT_THREAD_BLOCKS, 1);
	if (!is_session_slot(number) || rt_epoch_blocks[number].slot != unknown.slot)
		return 0; /* none is left; or it was given out before, by a count that was damaged */
	rt_spin_lock(&slots.spin);
	if (!slots.session[local])
		bind(local, number);
	struct rt_session_block *block = &tables->blocks[number];
	rt_fault_prevent(block, sizeof(*block));
	block->slot = slots.session[local];
	rt_spin_unlock(&slots.spin);
	block->base = base;
	block->holder = rt_session.process + 1;
	set_block(number, (struct rt_epoch_block){base, local});
	return add_owner(number, base, thread) ? number : 0;
}

/* ---- blocks that are used again ---- */

/* A process that this one waited for ended: what it had may be had again, by this one and those that it forks. */
static void note_ended(uint32_t number)
{
	uint32_t at = __atomic_fetch_add(&ended.count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&ended.blocks[at % RT_COUNT(ended.blocks)], number, __ATOMIC_RELAXED);
}

/* Takes over a block whose last epoch the thread knows. */
static bool claim_block(const struct rt_clock *clock, uint32_t number, struct rt_abroad_again *again)
{
	struct rt_session_block *block = &rt_session.tables->blocks[number];
	uint32_t nobody = 0, slot = block->slot, base = block->base,
		 last = __atomic_load_n(&block->last, __ATOMIC_ACQUIRE);
	const uint32_t most = (1u << RT_EPOCH_BITS) * 3 / 4; /* what is nearly used up is not worth it */
	rt_slot_t local = is_session_slot(slot) ? slots.local[slot] : 0;
	if (!local-- || !last || last < base || last - base > most || rt_clock_get(clock, local) < last ||
		!__atomic_compare_exchange_n(&block->holder, &nobody, rt_session.process + 1, false,
			__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return false;
	if (__atomic_load_n(&block->last, __ATOMIC_ACQUIRE) != last) {
		__atomic_store_n(&block->holder, 0, __ATOMIC_RELEASE);
		return false;
	}
	*again = (struct rt_abroad_again){
		.slot = local, .segment = (number << RT_EPOCH_BITS) + (last - base), .epoch = last};
	set_block(number, (struct rt_epoch_block){base, local});
	return true;
}

bool rt_abroad_take_again(const struct rt_clock *clock, uint32_t thread, struct rt_abroad_again *again)
{
	for (unsigned i = 0; i < RT_COUNT(ended.blocks); i++) {
		uint32_t number = __atomic_exchange_n(&ended.blocks[i], 0, __ATOMIC_RELAXED);
		if (!number || !claim_block(clock, number, again))
			continue;
		if (add_owner(number, again->epoch + 1, thread))
			return true;
		__atomic_store_n(&rt_session.tables->blocks[number].holder, 0, __ATOMIC_RELEASE);
	}
	return false;
}

void rt_abroad_leave(struct rt_thread *self)
{
	uint32_t number = self->segment >> RT_EPOCH_BITS;
	if (!rt_session.tables || !is_session_slot(number))
		return;
	struct rt_session_block *block = &rt_session.tables->blocks[number];
	rt_epoch_t last = rt_clock_get(&self->clock, self->slot);
	rt_slot_unsettle(self); /* what runs yet is of other epochs */
	__atomic_store_n(&block->last, last, __ATOMIC_RELEASE);
	__atomic_store_n(&block->holder, 0, __ATOMIC_RELEASE);
}

/* ---- who it is ---- */

uint32_t rt_abroad_owner(uint32_t segment, struct rt_session_owner *owner)
{
	enum { STEPS = 1 << 16 };
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t number = segment >> RT_EPOCH_BITS;
	if (!tables || !is_session_slot(number))
		return 0;
	rt_fault_prevent(&tables->blocks[number], sizeof(struct rt_session_block));
	uint32_t base = __atomic_load_n(&tables->blocks[number].base, __ATOMIC_RELAXED),
		 next = __atomic_load_n(&tables->blocks[number].owner, __ATOMIC_ACQUIRE);
	rt_epoch_t epoch = base + (segment & ((1u << RT_EPOCH_BITS) - 1));
	const struct rt_session_owner *there;
	for (unsigned steps = 0; (there = rt_abroad_owner_at(next)) && steps < STEPS; steps++) {
		rt_bytes_copy(owner, there, sizeof(*owner));
		owner->name[sizeof(owner->name) - 1] = 0;
		if (owner->process >= RT_SESSION_PROCESSES || !owner->pid)
			return 0;
		if (owner->from <= epoch)
			return next;
		next = owner->before;
	}
	return 0;
}

bool rt_abroad_settle_slow(struct rt_thread *self)
{
	return rt_session_is_on() && rt_slot_settle(self);
}

bool rt_abroad_learn_block(uint32_t number)
{
	if (!rt_session.tables || !is_session_slot(number) || rt_epoch_blocks[number].slot != unknown.slot)
		return false;
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	rt_fault_prevent(block, sizeof(*block));
	if (!__atomic_load_n(&block->owner, __ATOMIC_ACQUIRE))
		return false;
	uint32_t slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED);
	rt_slot_t local = is_session_slot(slot) && base < unknown.base ? local_of(slot) : RT_SLOT_NONE;
	if (local != RT_SLOT_NONE)
		set_block(number, (struct rt_epoch_block){base, local});
	return local != RT_SLOT_NONE;
}

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

static struct rt_session_sync *sync_of(uint64_t key, bool create)
{
	struct rt_session_sync *syncs = rt_session.tables->syncs;
	uint32_t index = rt_session_place(syncs, RT_SESSION_SYNCS, sizeof(*syncs), key, create);
	if (index == RT_SESSION_SYNCS && create)
		lose_clock();
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
			lose_clock();
	}
}

/* Calls know() for every epoch in a list. */
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
		__atomic_store_n(&sync->owner, self->segment, __ATOMIC_RELAXED);
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

/* All epochs of a block: those up to its last, or all that it can have. */
static void know_block(struct rt_thread *self, uint32_t number)
{
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	uint32_t slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED),
		 last = __atomic_load_n(&block->last, __ATOMIC_ACQUIRE);
	bool used_up = last && !__atomic_load_n(&block->holder, __ATOMIC_ACQUIRE);
	rt_slot_t local = is_session_slot(slot) && base < unknown.base ? local_of(slot) : RT_SLOT_NONE;
	if (local == RT_SLOT_NONE)
		return;
	know(self, local, used_up && last < unknown.base ? last : base + (1u << RT_EPOCH_BITS) - 1);
	if (used_up)
		note_ended(number);
}

/* Those of an owner that has been followed by another one. */
static void know_former(struct rt_thread *self, uint32_t number, uint32_t owner)
{
	enum { STEPS = 1 << 16 };
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t slot = tables->blocks[number].slot,
		 next = __atomic_load_n(&tables->blocks[number].owner, __ATOMIC_ACQUIRE);
	const struct rt_session_owner *there;
	for (unsigned steps = 0; (there = rt_abroad_owner_at(next)) && steps < STEPS; steps++) {
		uint32_t before = __atomic_load_n(&there->before, __ATOMIC_RELAXED),
			 from = __atomic_load_n(&there->from, __ATOMIC_RELAXED);
		if (before == owner) {
			rt_slot_t local = is_session_slot(slot) && from && from < unknown.base
						  ? local_of(slot)
						  : RT_SLOT_NONE;
			if (local != RT_SLOT_NONE)
				know(self, local, from - 1);
			return;
		}
		next = before;
	}
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
		know_block(self, segment >> RT_EPOCH_BITS);
	else
		rt_abroad_ended(self, owner.process);
}

/* It will have no more epochs. What it had may be another process's by now: then that knew its end, and so does this thread. */
void rt_abroad_ended(struct rt_thread *self, uint32_t process)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t next = __atomic_load_n(&rt_session_process(process)->owned, __ATOMIC_ACQUIRE);
	const struct rt_session_owner *owner;
	for (uint32_t steps = 0; (owner = rt_abroad_owner_at(next)) && steps < RT_THREAD_BLOCKS; steps++) {
		uint32_t block = __atomic_load_n(&owner->block, __ATOMIC_RELAXED);
		if (is_session_slot(block) &&
			__atomic_load_n(&tables->blocks[block].owner, __ATOMIC_RELAXED) == next)
			know_block(self, block);
		else if (is_session_slot(block))
			know_former(self, block, next);
		next = __atomic_load_n(&owner->next, __ATOMIC_RELAXED);
	}
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
	if (rt_slot_is_guest(local))
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
