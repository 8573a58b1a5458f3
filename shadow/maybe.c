#include "maybe.h"

#include "infer.h"
#include "thread_table.h"

enum { MEETINGS_MOST = 4096 };

/* What `by` loaded from its epoch `since` on may be what `of` stored in its epoch `until` or before. */
struct meeting {
	rt_slot_t of, by;
	rt_epoch_t until, since;
	uintptr_t address; /* 0: the entry is free */
};

static struct {
	struct rt_spin spin;
	struct meeting meetings[MEETINGS_MOST]; /* one for two threads: open addressing */
	uint32_t count;
	uintptr_t lost;              /* the address of one that found no room; 0: none */
	bool used[MEETINGS_MOST];    /* in the question that is being answered */
	rt_epoch_t known[RT_BLOCKS]; /* by slot: what the asking thread may know */
	rt_epoch_t least[RT_BLOCKS]; /* what a storing one knew */
	uint32_t known_count;
	uintptr_t address; /* of the variable that it learnt the most by */
} maybe RT_SPARSE;

bool rt_maybe_move(enum rt_access_kind kind)
{
	return kind == RT_MOVED_READ || kind == RT_MOVED_WRITE || kind == RT_TESTED_READ ||
	       kind == RT_SET_WRITE || kind == RT_COMPARED_READ || kind == RT_ADVANCED_WRITE ||
	       kind == RT_GLANCED_READ || rt_infer_is_bare(kind);
}

bool rt_maybe_moved(enum rt_access_kind kind)
{
	return kind == RT_UPDATED || rt_maybe_move(kind);
}

bool rt_maybe_atomic(enum rt_access_kind a, enum rt_access_kind b)
{
	if (a == RT_ATOMIC_WRITE || b == RT_ATOMIC_WRITE)
		return rt_maybe_move(a == RT_ATOMIC_WRITE ? b : a);
	return (rt_maybe_move(a) && (rt_maybe_move(b) || b == RT_UPDATED)) ||
	       (a == RT_UPDATED && rt_maybe_move(b));
}

/* ---- who met whom ---- */

/* The entry of the two, or a free one; NULL: there is none left. */
static struct meeting *find(rt_slot_t of, rt_slot_t by)
{
	uint64_t hash = rt_hash64((uint64_t)of << 32 | by);
	for (uint32_t i = 0; i < MEETINGS_MOST; i++) {
		struct meeting *meeting = &maybe.meetings[(hash + i) % MEETINGS_MOST];
		if (!meeting->address || (meeting->of == of && meeting->by == by))
			return meeting;
	}
	return NULL;
}

static void note(struct meeting met)
{
	struct meeting *meeting = find(met.of, met.by);
	if (!meeting) {
		maybe.lost = met.address;
	} else if (!meeting->address) {
		*meeting = met;
		maybe.count++;
	} else {
		meeting->until = met.until > meeting->until ? met.until : meeting->until;
		meeting->since = met.since < meeting->since ? met.since : meeting->since;
	}
}

void rt_maybe_met(struct rt_thread *self, bool stores, rt_cell_t cell, uintptr_t address)
{
	rt_epoch_t now = rt_clock_get(&self->clock, self->slot);
	rt_slot_t other = rt_segment_slot(rt_cell_segment(cell));
	rt_epoch_t then = rt_segment_epoch(rt_cell_segment(cell)), told = rt_thread_tell_epoch(other, then);
	rt_thread_hold_epoch(self, true);
	rt_spin_lock(&maybe.spin);
	if (cell & RT_CELL_WRITE)
		note((struct meeting){other, self->slot, told, now, address});
	/* The other one may load once more, and find that it has loaded there already. */
	if (stores)
		note((struct meeting){self->slot, other, now, then, address});
	rt_spin_unlock(&maybe.spin);
}

/* ---- what a thread may know ---- */

/* What `epochs` say, but of one slot. */
static void learn(const rt_epoch_t *epochs, uint32_t count, rt_slot_t but)
{
	for (uint32_t slot = 0; slot < count; slot++)
		if (slot != but && epochs[slot] > maybe.known[slot])
			maybe.known[slot] = epochs[slot];
	if (count > maybe.known_count)
		maybe.known_count = count;
}

/* What all threads know that know the storing one's epoch, itself included: it knew no more. It may be gone; who joined it is
 * not. How many slots that are; 0: there is no such thread. */
static uint32_t find_knowledge(const struct meeting *meeting)
{
	uint32_t count = 0;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		const struct rt_clock *clock = &thread->clock;
		if (rt_clock_get(clock, meeting->of) < meeting->until)
			continue;
		uint32_t common = count && count < clock->count ? count : clock->count;
		for (uint32_t slot = 0; slot < common; slot++) {
			rt_epoch_t epoch = rt_clock_get(clock, (rt_slot_t)slot);
			maybe.least[slot] = count && maybe.least[slot] < epoch ? maybe.least[slot] : epoch;
		}
		count = common;
	}
	return count;
}

/* False: what the storing thread knew can't be told. */
static bool learn_from(const struct meeting *meeting)
{
	uint32_t count = find_knowledge(meeting);
	learn(maybe.least, count, meeting->of);
	if (meeting->until > maybe.known[meeting->of])
		maybe.known[meeting->of] = meeting->until;
	if (meeting->of >= maybe.known_count)
		maybe.known_count = meeting->of + 1;
	return count;
}

/* True: the thread may know the slot's epoch. */
static bool may_know(rt_slot_t slot, rt_epoch_t epoch)
{
	bool all = true;
	for (bool more = true; more && all && maybe.known[slot] < epoch;) {
		more = false;
		for (uint32_t i = 0; i < MEETINGS_MOST && all && maybe.known[slot] < epoch; i++) {
			const struct meeting *meeting = &maybe.meetings[i];
			if (!meeting->address || maybe.used[i] || maybe.known[meeting->by] < meeting->since)
				continue;
			maybe.used[i] = more = true;
			maybe.address = meeting->address;
			all = learn_from(meeting);
		}
	}
	return !all || maybe.known[slot] >= epoch;
}

uintptr_t rt_maybe_order(struct rt_thread *self, rt_cell_t cell)
{
	rt_slot_t slot = rt_segment_slot(rt_cell_segment(cell));
	rt_epoch_t epoch = rt_segment_epoch(rt_cell_segment(cell));
	if (!__atomic_load_n(&maybe.count, __ATOMIC_RELAXED))
		return 0;
	rt_spin_lock(&rt_threads.spin);
	rt_spin_lock(&maybe.spin);
	rt_clocks_hold();
	rt_bytes_zero(maybe.known, maybe.known_count * sizeof(maybe.known[0]));
	rt_bytes_zero(maybe.used, sizeof(maybe.used));
	maybe.known_count = 0;
	maybe.address = 0;
	learn(self->clock.epochs, self->clock.count, RT_BLOCKS);
	uintptr_t address = may_know(slot, epoch) ? maybe.address : maybe.lost;
	rt_clocks_let_go();
	rt_spin_unlock(&maybe.spin);
	rt_spin_unlock(&rt_threads.spin);
	return address;
}
