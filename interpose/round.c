#include "round.h"

#include "shadow/base.h"

enum { LISTS = 64 };

struct rt_barrier {
	uintptr_t address;
	uint32_t count;
	uint64_t came;
	uint32_t inside[2]; /* of even and of odd rounds */
	bool crowded;
	bool others; /* threads pass that are not told of */
	bool gone;   /* destroyed: the last one to leave frees it */
	struct rt_barrier *next;
};

static struct {
	struct rt_spin spin;
	struct rt_barrier *lists[LISTS];
} barriers;

/* The clock of the even or of the odd rounds. */
static uint64_t clock_of(const struct rt_barrier *barrier, uint64_t number)
{
	return (uint64_t)(uintptr_t)barrier + (number & 1);
}

static struct rt_barrier **find(uintptr_t address)
{
	struct rt_barrier **link = &barriers.lists[rt_hash64(address) % LISTS];
	while (*link && (*link)->address != address)
		link = &(*link)->next;
	return link;
}

static void end(struct rt_thread *self, struct rt_barrier *barrier)
{
	for (unsigned i = 0; i < 2; i++)
		rt_sync_destroy(self, clock_of(barrier, i));
	rt_free(barrier, sizeof(*barrier));
}

void rt_barrier_gone(struct rt_thread *self, const volatile void *address)
{
	rt_spin_lock(&barriers.spin);
	struct rt_barrier **link = find((uintptr_t)address), *barrier = *link;
	bool is_last = false;
	if (barrier) {
		*link = barrier->next;
		barrier->gone = true;
		is_last = !barrier->inside[0] && !barrier->inside[1];
	}
	rt_spin_unlock(&barriers.spin);
	if (is_last)
		end(self, barrier);
}

void rt_barrier_made(struct rt_thread *self, const volatile void *address, uint32_t count)
{
	rt_barrier_gone(self, address);
	struct rt_barrier *barrier = count ? rt_alloc(sizeof(*barrier)) : NULL;
	if (!barrier)
		return;
	*barrier = (struct rt_barrier){.address = (uintptr_t)address, .count = count};
	rt_spin_lock(&barriers.spin);
	struct rt_barrier **link = &barriers.lists[rt_hash64((uintptr_t)address) % LISTS];
	barrier->next = *link;
	*link = barrier;
	rt_spin_unlock(&barriers.spin);
}

/* One more comes; the lock is held. */
static struct rt_round come(struct rt_barrier *barrier)
{
	uint32_t inside = barrier->inside[0] + barrier->inside[1];
	if (!inside) {
		barrier->others |= barrier->came % barrier->count != 0;
		barrier->crowded = barrier->others;
	}
	barrier->crowded |= inside >= barrier->count;
	struct rt_round round = {barrier, barrier->came / barrier->count, barrier->crowded};
	if (!barrier->crowded && barrier->came % barrier->count == 0 && !barrier->inside[round.number & 1])
		rt_sync_empty(clock_of(barrier, round.number));
	barrier->came++;
	barrier->inside[round.number & 1]++;
	return round;
}

struct rt_round rt_barrier_enter(struct rt_thread *self, struct rt_site *site, const volatile void *address)
{
	struct rt_round round = {0};
	rt_spin_lock(&barriers.spin);
	struct rt_barrier *barrier = *find((uintptr_t)address);
	if (barrier)
		round = come(barrier);
	rt_spin_unlock(&barriers.spin);
	if (rt_sync_ignored(self))
		return round;
	if (!barrier)
		rt_sync_release(self, site, (uint64_t)(uintptr_t)address, "barrier");
	for (unsigned i = 0; barrier && i < 2; i++)
		if (round.both || i == (round.number & 1))
			rt_sync_release(self, site, clock_of(barrier, i), "barrier");
	return round;
}

/* Its round was let go: are the clocks of both rounds to be acquired? */
static bool takes_both(struct rt_barrier *barrier, struct rt_round round)
{
	rt_spin_lock(&barriers.spin);
	if (barrier->came < (round.number + 1) * barrier->count)
		barrier->crowded = barrier->others = true;
	bool both = round.both || barrier->crowded;
	rt_spin_unlock(&barriers.spin);
	return both;
}

void rt_barrier_leave(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, struct rt_round round)
{
	struct rt_barrier *barrier = round.barrier;
	bool both = barrier && takes_both(barrier, round), takes = !rt_sync_ignored(self);
	if (takes && !barrier)
		rt_sync_acquire(self, site, (uint64_t)(uintptr_t)address, "barrier");
	for (unsigned i = 0; takes && barrier && i < 2; i++)
		if (both || i == (round.number & 1))
			rt_sync_acquire(self, site, clock_of(barrier, i), "barrier");
	if (!barrier)
		return;
	rt_spin_lock(&barriers.spin);
	barrier->inside[round.number & 1]--;
	bool is_last = barrier->gone && !barrier->inside[0] && !barrier->inside[1];
	rt_spin_unlock(&barriers.spin);
	if (is_last)
		end(self, barrier);
}
