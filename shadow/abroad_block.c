/* Which thread of which process has which epochs. */
#include "abroad_parts.h"

#include "counters.h"
#include "fault.h"
#include "slot.h"
#include "sys.h"

enum { UNKNOWN_SLOT = RT_BLOCKS - 1 };

/* Blocks of the session mean nothing to this process yet. Data of the library's file: so many pages that nobody touches. */
struct rt_epoch_block rt_epoch_blocks[RT_BLOCKS] = {
	[RT_SESSION_FIRST_BLOCK... RT_THREAD_BLOCKS - 1] = {.base = RT_ABROAD_EPOCHS, .slot = UNKNOWN_SLOT},
};

/* Which slot is which. */
static struct {
	struct rt_spin spin;
	uint16_t session[RT_BLOCKS]; /* of a slot of this process; 0: none */
	uint16_t local[RT_BLOCKS];   /* of a session slot, and one; 0: none */
	rt_slot_t bound[RT_BLOCKS];  /* those that are something in the session */
} slots RT_SPARSE;

static RT_AT_FORK uint32_t bound_count;

/* Blocks of processes that this one knows to have ended, from the newest on; 0: none. */
static struct {
	uint32_t count;
	uint32_t blocks[64];
} ended;

/* Lock held. */
static void bind(rt_slot_t local, uint32_t session)
{
	slots.session[local] = (uint16_t)session;
	slots.local[session] = (uint16_t)(local + 1);
	slots.bound[bound_count] = local;
	__atomic_store_n(&bound_count, bound_count + 1, __ATOMIC_RELEASE);
}

/* This process's slot for a session slot, a guest's if there was none; RT_SLOT_NONE: there is none left. */
rt_slot_t rt_abroad_local_of(uint32_t session)
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
	if (!rt_abroad_is_slot(number) || rt_epoch_blocks[number].slot != UNKNOWN_SLOT)
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
	uint32_t nobody = 0, slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED),
		 last = __atomic_load_n(&block->last, __ATOMIC_ACQUIRE);
	const uint32_t most = (1u << RT_EPOCH_BITS) * 3 / 4; /* what is nearly used up is not worth it */
	rt_slot_t local = rt_abroad_is_slot(slot) ? slots.local[slot] : 0;
	if (!local-- || !rt_slot_is_guest(local) /* a thread here has it */ || !last || last < base ||
		last - base > most || rt_clock_get(clock, local) < last ||
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
	if (!rt_session.tables || !rt_abroad_is_slot(number))
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
	if (!tables || !rt_abroad_is_slot(number))
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
	if (!rt_session.tables || !rt_abroad_is_slot(number) || rt_epoch_blocks[number].slot != UNKNOWN_SLOT)
		return false;
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	rt_fault_prevent(block, sizeof(*block));
	if (!__atomic_load_n(&block->owner, __ATOMIC_ACQUIRE))
		return false;
	uint32_t slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED);
	rt_slot_t local =
		rt_abroad_is_slot(slot) && base < RT_ABROAD_EPOCHS ? rt_abroad_local_of(slot) : RT_SLOT_NONE;
	if (local != RT_SLOT_NONE)
		set_block(number, (struct rt_epoch_block){base, local});
	return local != RT_SLOT_NONE;
}

/* ---- ends ---- */

/* All epochs of a block: those up to its last, or all that it can have. */
void rt_abroad_know_block(struct rt_thread *self, uint32_t number)
{
	const struct rt_session_block *block = &rt_session.tables->blocks[number];
	uint32_t slot = __atomic_load_n(&block->slot, __ATOMIC_RELAXED),
		 base = __atomic_load_n(&block->base, __ATOMIC_RELAXED),
		 last = __atomic_load_n(&block->last, __ATOMIC_ACQUIRE);
	bool used_up = last && !__atomic_load_n(&block->holder, __ATOMIC_ACQUIRE);
	rt_slot_t local =
		rt_abroad_is_slot(slot) && base < RT_ABROAD_EPOCHS ? rt_abroad_local_of(slot) : RT_SLOT_NONE;
	if (local == RT_SLOT_NONE)
		return;
	rt_abroad_know(
		self, local, used_up && last < RT_ABROAD_EPOCHS ? last : base + (1u << RT_EPOCH_BITS) - 1);
	if (used_up)
		note_ended(number);
}

/* Those of an owner that has been followed by another one. *steps: how far may be looked yet. */
static void know_former(struct rt_thread *self, uint32_t number, uint32_t owner, uint32_t *steps)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t slot = __atomic_load_n(&tables->blocks[number].slot, __ATOMIC_RELAXED),
		 next = __atomic_load_n(&tables->blocks[number].owner, __ATOMIC_ACQUIRE);
	const struct rt_session_owner *there;
	for (; (there = rt_abroad_owner_at(next)) && *steps; --*steps) {
		uint32_t before = __atomic_load_n(&there->before, __ATOMIC_RELAXED),
			 from = __atomic_load_n(&there->from, __ATOMIC_RELAXED);
		if (before == owner) {
			rt_slot_t local = rt_abroad_is_slot(slot) && from && from < RT_ABROAD_EPOCHS
						  ? rt_abroad_local_of(slot)
						  : RT_SLOT_NONE;
			if (local != RT_SLOT_NONE)
				rt_abroad_know(self, local, from - 1);
			return;
		}
		next = before;
	}
}

/* It will have no more epochs. What it had may be another process's by now: then that knew its end, and so does this thread. */
void rt_abroad_ended(struct rt_thread *self, uint32_t process)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t next = __atomic_load_n(&rt_session_process(process)->owned, __ATOMIC_ACQUIRE);
	const struct rt_session_owner *owner;
	uint32_t steps = 1 << 16; /* more is damage */
	for (; (owner = rt_abroad_owner_at(next)) && steps > 0; steps -= steps > 0) {
		uint32_t block = __atomic_load_n(&owner->block, __ATOMIC_RELAXED);
		if (rt_abroad_is_slot(block) &&
			__atomic_load_n(&tables->blocks[block].owner, __ATOMIC_RELAXED) == next)
			rt_abroad_know_block(self, block);
		else if (rt_abroad_is_slot(block))
			know_former(self, block, next, &steps);
		next = __atomic_load_n(&owner->next, __ATOMIC_RELAXED);
	}
}

/* ---- forks ---- */

/* The parent's slots go on in the parent: here they are guests' from now on. What the parent's threads do after the fork is of
 * later epochs: see rt_fork_prepare. */
void rt_abroad_forked(struct rt_thread *self)
{
	bool bound = bound_count && slots.session[self->slot] != 0;
	for (uint32_t i = 0; i < bound_count; i++)
		rt_slot_make_guest(slots.bound[i]);
	if (bound)
		rt_slot_move(self);
}

uint32_t rt_abroad_bound(uint32_t index, rt_slot_t *local)
{
	if (index >= __atomic_load_n(&bound_count, __ATOMIC_ACQUIRE))
		return 0;
	*local = slots.bound[index];
	return slots.session[*local];
}
