#include "slot.h"

#include "abroad.h"
#include "arena.h"
#include "counters.h"
#include "floor.h"

enum { REUSE_TRIES = 64 };

struct slot_owner {
	rt_epoch_t from_epoch;
	uint32_t thread;
};

/* What outlives the threads that used a slot. */
struct slot {
	rt_epoch_t epoch; /* the last one used; while a thread has the slot, its clock knows better */
	uint32_t segment; /* that epoch's; likewise */
	bool has_block;
	bool free;
	bool guest;   /* of a thread in another process */
	bool settled; /* its thread's epochs are the session's */
	rt_slot_t next_free;
	struct slot_owner *owners; /* ascending epochs */
	uint32_t owner_count, owner_room;
};

static struct {
	struct rt_spin spin;
	struct slot *items;
	uint32_t count, room;
	uint32_t blocks; /* of epochs, given out */
	rt_slot_t free_first,
		free_last; /* a queue: the longest free slot is the likeliest to be known to a creator */
} slots;

bool rt_slots_init(void)
{
	size_t bytes;
	slots.free_first = slots.free_last = RT_SLOT_NONE;
	slots.items = rt_reserve_hot(RT_BLOCKS * sizeof(struct slot), 1 << 14, &bytes);
	slots.room = (uint32_t)(bytes / sizeof(struct slot));
	return slots.items;
}

static uint32_t newest_owner(const struct slot *slot)
{
	return slot->owner_count ? slot->owners[slot->owner_count - 1].thread : 0;
}

/* Gives the slot its next segment. False: none is left, and the epoch stays. Lock held. */
static bool next_segment(rt_slot_t index)
{
	struct slot *slot = &slots.items[index];
	uint32_t last = (1u << RT_EPOCH_BITS) - 1;
	if (slot->has_block && (slot->segment & last) != last) {
		slot->segment++;
		slot->epoch++;
		return true;
	}
	uint32_t block = slot->settled ? rt_abroad_take_block(index, slot->epoch + 1, newest_owner(slot)) : 0;
	slot->settled = block != 0;
	if (!block) {
		if (slots.blocks >= RT_SESSION_FIRST_BLOCK)
			return false;
		block = slots.blocks++;
		rt_epoch_blocks[block] = (struct rt_epoch_block){slot->epoch + 1, index};
	}
	slot->epoch++;
	slot->segment = block << RT_EPOCH_BITS;
	slot->has_block = true;
	return true;
}

/* Of the threads that were in the slots last. */
static RT_SPARSE struct rt_boundaries left[RT_BLOCKS];

/* How far the thread came in its slot. */
static void note_last(const struct rt_thread *thread)
{
	rt_slot_t index = thread->slot;
	slots.items[index].segment = thread->segment + thread->behind;
	slots.items[index].epoch = rt_clock_get(&thread->clock, index);
	left[index] = thread->boundaries;
	rt_boundary_hold(&left[index], slots.items[index].epoch, true);
}

const struct rt_boundaries *rt_slot_left(rt_slot_t index)
{
	return &left[index];
}

/* The block of epochs is used up. */
static bool take_block(struct rt_thread *self)
{
	rt_spin_lock(&slots.spin);
	note_last(self);
	bool ticked = next_segment(self->slot);
	uint32_t segment = slots.items[self->slot].segment;
	rt_epoch_t epoch = slots.items[self->slot].epoch;
	rt_spin_unlock(&slots.spin);
	if (!ticked) {
		rt_count(RT_COUNTER_NO_EPOCH);
		return false;
	}
	self->segment = segment;
	self->behind = 0;
	rt_clock_set(&self->clock, self->slot, epoch);
	return true;
}

bool rt_thread_tick_slow(struct rt_thread *self)
{
	if (!self->ticks_left)
		rt_floor_tick(self);
	if (rt_thread_tick_quick(self))
		return true;
	rt_thread_ticked(self);
	return take_block(self);
}

/* Epochs of one block only, and of one that is not shared with other processes, which know no boundaries. */
void rt_thread_resume(struct rt_thread *self)
{
	const uint32_t last = (1u << RT_EPOCH_BITS) - 1, newest = self->segment + self->behind;
	rt_epoch_t now = rt_clock_get(&self->clock, self->slot), first = rt_boundaries_end(&self->boundaries);
	if (first > now || slots.items[self->slot].settled)
		return;
	if (self->tick_pending) {
		self->taken_back = true;
		self->tick_pending = false;
		__atomic_store_n(&self->waits_for, 0, __ATOMIC_RELAXED);
	}
	uint32_t behind = now - first < (newest & last) ? now - first : newest & last;
	if (behind == self->behind)
		return;
	self->segment = newest - behind;
	self->behind = behind;
	for (unsigned i = 0; i < RT_WRITTEN_BLOCKS; i++)
		self->written[i].address = 0; /* perhaps of that epoch, and freed since */
	rt_hot_set_epoch(0);
}

void rt_thread_learnt(struct rt_thread *self)
{
	self->learnt = true;
	self->learnt_at = rt_clock_get(&self->clock, self->slot) + (self->tick_pending || self->taken_back);
}

void rt_thread_learn(struct rt_thread *self, const struct rt_clock *clock)
{
	enum rt_joined joined = rt_clock_join(&self->clock, clock);
	if (joined == RT_JOIN_SAME)
		return;
	if (joined == RT_JOIN_FAILED)
		rt_count(RT_COUNTER_NO_SYNC);
	rt_thread_learnt(self);
}

static bool add_owner(struct slot *slot, uint32_t thread)
{
	if (slot->owner_count == slot->owner_room) {
		uint32_t room = slot->owner_room ? 2 * slot->owner_room : 4;
		struct slot_owner *owners = rt_alloc_more(
			slot->owners, slot->owner_room * sizeof(*owners), room * sizeof(*owners));
		if (!owners)
			return false;
		slot->owners = owners;
		slot->owner_room = room;
	}
	slot->owners[slot->owner_count++] = (struct slot_owner){slot->epoch, thread};
	return true;
}

uint32_t rt_thread_of_epoch(rt_slot_t index, rt_epoch_t epoch)
{
	uint32_t thread = 0;
	rt_spin_lock(&slots.spin);
	const struct slot *slot = &slots.items[index];
	for (uint32_t i = index < slots.count ? slot->owner_count : 0; i-- > 0 && !thread;)
		if (slot->owners[i].from_epoch <= epoch)
			thread = slot->owners[i].thread;
	rt_spin_unlock(&slots.spin);
	return thread;
}

static void put_in_queue(rt_slot_t index)
{
	slots.items[index].free = true;
	slots.items[index].next_free = RT_SLOT_NONE;
	if (slots.free_last == RT_SLOT_NONE)
		slots.free_first = index;
	else
		slots.items[slots.free_last].next_free = index;
	slots.free_last = index;
}

static void take_from_queue(rt_slot_t before, rt_slot_t index)
{
	rt_slot_t next = slots.items[index].next_free;
	if (before == RT_SLOT_NONE)
		slots.free_first = next;
	else
		slots.items[before].next_free = next;
	if (slots.free_last == index)
		slots.free_last = before;
	slots.items[index].free = false;
}

/* A slot for a thread whose past is `clock`. */
static rt_slot_t take(const struct rt_clock *clock)
{
	rt_slot_t before = RT_SLOT_NONE;
	unsigned tries = 0;
	for (rt_slot_t i = slots.free_first; i != RT_SLOT_NONE && tries++ < REUSE_TRIES;
		i = slots.items[i].next_free) {
		if (rt_clock_get(clock, i) >= slots.items[i].epoch) {
			take_from_queue(before, i);
			return i;
		}
		before = i;
	}
	if (slots.count < slots.room && slots.count < RT_SLOTS_MOST && slots.blocks < RT_SESSION_FIRST_BLOCK)
		return slots.count++;
	/* Out of slots: one whose past the creator does not know. Races with that past may be missed. */
	if (slots.free_first != RT_SLOT_NONE) {
		rt_slot_t first = slots.free_first;
		take_from_queue(RT_SLOT_NONE, first);
		rt_count(RT_COUNTER_NO_EPOCH);
		return first;
	}
	return RT_SLOT_NONE;
}

rt_slot_t rt_slot_take(const struct rt_clock *past)
{
	rt_spin_lock(&slots.spin);
	rt_slot_t index = take(past);
	rt_spin_unlock(&slots.spin);
	return index;
}

void rt_slot_leave(const struct rt_thread *thread)
{
	rt_slot_t index = thread->slot;
	rt_spin_lock(&slots.spin);
	note_last(thread);
	/* A block of the session is one thread's. */
	slots.items[index].has_block &= !slots.items[index].settled;
	slots.items[index].settled = false;
	put_in_queue(index);
	rt_spin_unlock(&slots.spin);
}

void rt_slot_free(rt_slot_t index)
{
	rt_spin_lock(&slots.spin);
	put_in_queue(index);
	rt_spin_unlock(&slots.spin);
}

bool rt_slot_next(rt_slot_t index, uint32_t thread)
{
	rt_spin_lock(&slots.spin);
	bool next = next_segment(index);
	if (thread)
		add_owner(&slots.items[index], thread);
	rt_spin_unlock(&slots.spin);
	return next;
}

rt_epoch_t rt_slot_epoch(rt_slot_t index)
{
	return slots.items[index].epoch;
}

uint32_t rt_slot_segment(rt_slot_t index)
{
	return slots.items[index].segment;
}

/* ---- the session ---- */

rt_slot_t rt_slot_take_guest(void)
{
	rt_spin_lock(&slots.spin);
	rt_slot_t index =
		slots.count < slots.room && slots.count < RT_SLOTS_MOST ? slots.count++ : RT_SLOT_NONE;
	if (index != RT_SLOT_NONE)
		slots.items[index].guest = true;
	rt_spin_unlock(&slots.spin);
	return index;
}

bool rt_slot_is_guest(rt_slot_t index)
{
	return __atomic_load_n(&slots.items[index].guest, __ATOMIC_RELAXED);
}

void rt_slot_make_guest(rt_slot_t index)
{
	rt_slot_t before = RT_SLOT_NONE;
	rt_spin_lock(&slots.spin);
	for (rt_slot_t i = slots.free_first; slots.items[index].free && i != index;
		i = slots.items[i].next_free)
		before = i;
	if (slots.items[index].free)
		take_from_queue(before, index);
	slots.items[index].guest = true;
	rt_spin_unlock(&slots.spin);
}

/* The thread goes on at the slot's epoch. */
static void take_up(struct rt_thread *self, rt_slot_t index)
{
	self->slot = index;
	self->segment = slots.items[index].segment;
	self->behind = 0;
	rt_thread_ticked(self);
	rt_clock_set(&self->clock, index, slots.items[index].epoch);
	rt_boundaries_begin(&self->boundaries, slots.items[index].epoch);
	rt_hot_set_epoch(0);
}

/* False: no block is left, and all is as it was. */
static bool begin_block(struct rt_thread *self, rt_slot_t index, bool settled)
{
	struct slot *slot = &slots.items[index];
	bool had_block = slot->has_block, was_settled = slot->settled;
	slot->has_block = false;
	slot->settled = settled;
	if (!next_segment(index)) {
		slot->has_block = had_block;
		slot->settled = was_settled;
		return false;
	}
	take_up(self, index);
	return slot->settled == settled;
}

void rt_slot_move(struct rt_thread *self)
{
	rt_spin_lock(&slots.spin);
	note_last(self);
	rt_slot_t index = take(&self->clock);
	if (index != RT_SLOT_NONE) {
		add_owner(&slots.items[index], self->id);
		begin_block(self, index, false);
	}
	rt_spin_unlock(&slots.spin);
	if (index == RT_SLOT_NONE)
		rt_count(RT_COUNTER_NO_EPOCH);
}

/* In the slot of a thread of another process that ended, and which this one's creator knew. Lock held. */
static bool settle_again(struct rt_thread *self)
{
	struct rt_abroad_again again;
	if (!rt_abroad_take_again(&self->clock, self->id, &again))
		return false;
	struct slot *slot = &slots.items[again.slot];
	put_in_queue(self->slot);
	slot->guest = false;
	slot->settled = slot->has_block = true;
	slot->segment = again.segment;
	slot->epoch = again.epoch;
	add_owner(slot, self->id);
	next_segment(again.slot);
	take_up(self, again.slot);
	return true;
}

bool rt_slot_settle(struct rt_thread *self)
{
	rt_spin_lock(&slots.spin);
	note_last(self);
	bool settled = settle_again(self) || begin_block(self, self->slot, true);
	rt_spin_unlock(&slots.spin);
	if (!settled)
		rt_count(RT_COUNTER_NO_EPOCH);
	return settled;
}

void rt_slot_unsettle(struct rt_thread *self)
{
	rt_spin_lock(&slots.spin);
	note_last(self);
	slots.items[self->slot].guest = true;
	rt_slot_t index = take(&self->clock);
	if (index != RT_SLOT_NONE) {
		add_owner(&slots.items[index], self->id);
		begin_block(self, index, false);
	}
	rt_spin_unlock(&slots.spin);
}
