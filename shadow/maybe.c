#include "maybe.h"

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
	uint32_t known_count;
	uintptr_t address; /* of the variable that it learnt the most by */
} maybe;

static bool is_move(enum rt_access_kind kind)
{
	return kind == RT_MOVED_READ || kind == RT_MOVED_WRITE || kind == RT_TESTED_READ ||
	       kind == RT_SET_WRITE;
}

bool rt_maybe_atomic(enum rt_access_kind a, enum rt_access_kind b)
{
	return (is_move(a) && (is_move(b) || b == RT_UPDATED)) || (a == RT_UPDATED && is_move(b));
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
	rt_epoch_t then = rt_segment_epoch(rt_cell_segment(cell));
	rt_spin_lock(&maybe.spin);
	if (cell & RT_CELL_WRITE)
		note((struct meeting){other, self->slot, then, now, address});
	/* The other one may load once more, and find that it has loaded there already. */
	if (stores)
		note((struct meeting){self->slot, other, now, then, address});
	rt_spin_unlock(&maybe.spin);
}

/* ---- what a thread may know ---- */

/* `but`: not what this slot knows of itself. */
static void learn(const struct rt_clock *clock, rt_slot_t but)
{
	for (uint32_t slot = 0; slot < clock->count; slot++) {
		rt_epoch_t epoch = rt_clock_get(clock, (rt_slot_t)slot);
		if (slot != but && epoch > maybe.known[slot])
			maybe.known[slot] = epoch;
	}
	if (clock->count > maybe.known_count)
		maybe.known_count = clock->count;
}

/* What the storing thread knew: by now it may be more. Of one that has ended nothing but its own is known. */
static void learn_from(const struct meeting *meeting)
{
	if (meeting->until > maybe.known[meeting->of])
		maybe.known[meeting->of] = meeting->until;
	if (meeting->of >= maybe.known_count)
		maybe.known_count = meeting->of + 1;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live)
		if (thread->slot == meeting->of)
			learn(&thread->clock, meeting->of);
}

static void learn_all(rt_slot_t slot, rt_epoch_t epoch)
{
	for (bool more = true; more && maybe.known[slot] < epoch;) {
		more = false;
		for (uint32_t i = 0; i < MEETINGS_MOST && maybe.known[slot] < epoch; i++) {
			const struct meeting *meeting = &maybe.meetings[i];
			if (!meeting->address || maybe.used[i] || maybe.known[meeting->by] < meeting->since)
				continue;
			maybe.used[i] = more = true;
			learn_from(meeting);
			maybe.address = meeting->address;
		}
	}
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
	learn(&self->clock, RT_BLOCKS);
	learn_all(slot, epoch);
	uintptr_t address = maybe.known[slot] >= epoch ? maybe.address : maybe.lost;
	rt_clocks_let_go();
	rt_spin_unlock(&maybe.spin);
	rt_spin_unlock(&rt_threads.spin);
	return address;
}
