/* Who is woken comes after who woke it. What the word says is the program's own: its atomic operations have another object. Who
 * finds that the word has changed did not wait, and was not woken. */
#include "futex.h"

#include "key.h"
#include "types.h"

#include <asm/unistd.h>
#include <linux/futex.h>

enum { NR_FUTEX_WAITV = 449, NR_FUTEX_WAKE = 454, NR_FUTEX_WAIT = 455 };

/* What an operation does to its two words. */
enum {
	RELEASES_FIRST = 1,
	RELEASES_SECOND = 2,
	ACQUIRES_FIRST = 4,
	ACQUIRES_SECOND = 8,
};

static const unsigned char operations[] = {
	[FUTEX_WAIT] = ACQUIRES_FIRST,
	[FUTEX_WAKE] = RELEASES_FIRST,
	[FUTEX_REQUEUE] = RELEASES_FIRST,
	[FUTEX_CMP_REQUEUE] = RELEASES_FIRST,
	[FUTEX_WAKE_OP] = RELEASES_FIRST | RELEASES_SECOND,
	[FUTEX_LOCK_PI] = ACQUIRES_FIRST,
	[FUTEX_UNLOCK_PI] = RELEASES_FIRST,
	[FUTEX_TRYLOCK_PI] = ACQUIRES_FIRST,
	[FUTEX_WAIT_BITSET] = ACQUIRES_FIRST,
	[FUTEX_WAKE_BITSET] = RELEASES_FIRST,
	[FUTEX_WAIT_REQUEUE_PI] = ACQUIRES_FIRST | ACQUIRES_SECOND,
	[FUTEX_CMP_REQUEUE_PI] = RELEASES_FIRST | RELEASES_SECOND,
	[FUTEX_LOCK_PI2] = ACQUIRES_FIRST,
};

static unsigned effects(long number, const long arguments[6])
{
	unsigned long operation = (unsigned long)arguments[1] & FUTEX_CMD_MASK;
	if (number == NR_FUTEX_WAKE)
		return RELEASES_FIRST;
	if (number == NR_FUTEX_WAIT)
		return ACQUIRES_FIRST;
	return number == __NR_futex && operation < RT_COUNT(operations) ? operations[operation] : 0;
}

static uint64_t key_of(uint64_t word)
{
	uint64_t key = rt_memory_key((const volatile void *)word);
	return key & RT_SYNC_KEY_HIGH ? rt_key_common(RT_KEY_FUTEX, key, 0)
				      : rt_key_own(RT_KEY_FUTEX, key, 0);
}

/* ---- requeued: who waits for one word may be woken by another, and does not hear of it ---- */

enum { MOVES_LOG = 6 };

/* Word to word, by the hash of the first; another pair with its hash takes its place. */
static struct {
	uint64_t from, to;
} moves[1 << MOVES_LOG];
static uint32_t move_count;

static unsigned place_of(uint64_t from)
{
	return rt_hash64(from) >> (64 - MOVES_LOG);
}

static void note_move(long number, const long arguments[6])
{
	unsigned long operation = (unsigned long)arguments[1] & FUTEX_CMD_MASK;
	if (number != __NR_futex || (operation != FUTEX_REQUEUE && operation != FUTEX_CMP_REQUEUE))
		return;
	uint64_t from = (uint64_t)arguments[0];
	__atomic_store_n(&moves[place_of(from)].to, (uint64_t)arguments[4], __ATOMIC_RELAXED);
	__atomic_store_n(&moves[place_of(from)].from, from, __ATOMIC_RELEASE);
	__atomic_store_n(&move_count, 1, __ATOMIC_RELEASE);
}

/* 0: nowhere. */
static uint64_t moved_to(uint64_t from)
{
	if (RT_LIKELY(!__atomic_load_n(&move_count, __ATOMIC_ACQUIRE)))
		return 0;
	bool found = __atomic_load_n(&moves[place_of(from)].from, __ATOMIC_ACQUIRE) == from;
	return found ? __atomic_load_n(&moves[place_of(from)].to, __ATOMIC_RELAXED) : 0;
}

/* ---- calls ---- */

static void release(struct rt_thread *self, struct rt_site *site, long word)
{
	rt_sync_release(self, site, key_of((uint64_t)word), "futex");
}

static void acquire(struct rt_thread *self, struct rt_site *site, long word)
{
	rt_sync_acquire(self, site, key_of((uint64_t)word), "futex");
}

void rt_futex_before(struct rt_thread *self, struct rt_site *site, long number, const long arguments[6])
{
	unsigned does = effects(number, arguments);
	if (rt_sync_ignored(self))
		return;
	note_move(number, arguments);
	if (does & RELEASES_FIRST)
		release(self, site, arguments[0]);
	if (does & RELEASES_SECOND)
		release(self, site, arguments[4]);
}

void rt_futex_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result)
{
	unsigned does = effects(number, arguments);
	struct futex_waitv woken;
	if (rt_sync_ignored(self))
		return;
	if (does & ACQUIRES_FIRST) {
		uint64_t moved = moved_to((uint64_t)arguments[0]);
		acquire(self, site, arguments[0]);
		if (moved)
			acquire(self, site, (long)moved);
	}
	if (does & ACQUIRES_SECOND)
		acquire(self, site, arguments[4]);
	const struct futex_waitv *several = (const struct futex_waitv *)arguments[0];
	if (number == NR_FUTEX_WAITV && rt_safe_read((uintptr_t)&several[result], &woken, sizeof(woken)))
		acquire(self, site, (long)woken.uaddr);
}
