#include "owner.h"

#include "sys.h"
#include "thread_table.h"
#include "vacant.h"

#include <linux/rseq.h>

enum {
	FEW_LOG = 2, /* pages that are taken at once, twice as many when a thread goes on where it ended */
	MANY_LOG = 12,
	LOSSES_FREE = 8,      /* times that a thread can lose pages, whatever it does */
	LOSS_CHANGES = 30000, /* and once more for so many changes: then they gained more than it costs */
	LOOKS = 512,          /* for a moment when another thread is outside the engine */
	CLAIMED_LOG = 6,      /* pages of everybody's that a thread may get at once, */
	CLAIM_FEW_LOG = 15,   /* after so many changes of such pages, */
	CLAIM_MANY_LOG = 24,  /* and twice as many each time that most of its changes were of such pages */
	THREADS_MOST = 32 /* with more no page goes to anyone: interrupting them takes up to a millisecond */
};

ptrdiff_t rt_rseq_place;

/* Whether the kernel helps: it has to be asked while there is one thread, which a process that stays alone does not pay for. */
static enum { NOT_ALLOWED, NOT_ASKED, HELPS, REFUSES } kernel RT_AT_FORK;

static struct {
	struct rt_spin spin, taking;                  /* the former for `threads` */
	struct rt_thread *threads[RT_OWNER_MOST + 1]; /* by their numbers */
} owners;

void rt_owners_allow(ptrdiff_t place)
{
	rt_rseq_place = place;
	kernel = NOT_ASKED;
}

static long ask(enum membarrier_cmd command)
{
	return rt_syscall(__NR_membarrier, command, 0, 0, 0, 0, 0);
}

void rt_owners_prepare(void)
{
	if (kernel == NOT_ASKED && rt_threads_alone())
		kernel = rt_sys_failed(ask(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ)) ? REFUSES : HELPS;
}

void rt_owners_forked(void)
{
	if (kernel == HELPS)
		kernel = NOT_ASKED;
}

static bool helps(void)
{
	return __atomic_load_n(&kernel, __ATOMIC_RELAXED) == HELPS;
}

/* The C library had the kernel take notice of this thread's sequences. The area's own words don't tell: a child that shares it
 * (vfork) finds its parent's, and who made a thread pointer by hand, zeros. So the kernel is asked to forget it, by another
 * signature than it was given: EPERM if it knows the area, EINVAL if not. */
static bool is_registered(void)
{
	enum { OTHER_SIGNATURE = 0 };
	long area = (long)((char *)__builtin_thread_pointer() + rt_rseq_place);
	return rt_syscall(__NR_rseq, area, sizeof(struct rseq), RSEQ_FLAG_UNREGISTER, OTHER_SIGNATURE, 0,
		       0) == -RT_EPERM;
}

/* The thread's number: RT_OWNER_ALL if it gets none. */
static unsigned number_of(struct rt_thread *self)
{
	unsigned number = RT_OWNER_NONE + 1;
	if (!helps() || !self)
		return RT_OWNER_ALL;
	if (self->page_word != RT_PAGE_NO_OWN || !is_registered())
		return self->page_word >> 8;
	rt_spin_lock(&owners.spin);
	while (number <= RT_OWNER_MOST && owners.threads[number])
		number++;
	if (number <= RT_OWNER_MOST) {
		owners.threads[number] = self;
		self->page_word = RT_PAGE_OWNED(number);
	}
	rt_spin_unlock(&owners.spin);
	return self->page_word >> 8;
}

void rt_owner_begin(struct rt_thread *thread)
{
	thread->page_word = RT_PAGE_NO_OWN;
	thread->claim_log = CLAIM_FEW_LOG;
	thread->shared_changes = 1u << CLAIM_FEW_LOG;
}

void rt_owner_resign(struct rt_thread *self)
{
	rt_owner_leave(self);
	self->page_word = RT_PAGE_NO_OWN;
}

void rt_owner_leave(struct rt_thread *thread)
{
	if (thread->page_word == RT_PAGE_NO_OWN)
		return;
	rt_spin_lock(&owners.spin);
	owners.threads[thread->page_word >> 8] = NULL;
	rt_spin_unlock(&owners.spin);
}

/* What the thread recorded, but for accesses that were there already. */
static uint64_t changes_of(const struct rt_thread *thread)
{
	return thread->counts[RT_COUNTER_ACCESSES] + thread->range_changes;
}

/* Pages that come to be its own will mostly stay so. */
static bool is_good_owner(const struct rt_thread *thread)
{
	return rt_threads.live_count <= THREADS_MOST &&
	       (uint64_t)LOSS_CHANGES * thread->pages_lost <
		       (uint64_t)LOSS_CHANGES * LOSSES_FREE + changes_of(thread);
}

/* Whose a page will be that the thread with the number gets. */
static unsigned owner_after(const struct rt_thread *self, unsigned own)
{
	return own != RT_OWNER_ALL && is_good_owner(self) ? own : RT_OWNER_ALL;
}

/* The thread was outside at some moment since this was called. */
static bool was_outside(const struct rt_thread *thread)
{
	for (unsigned i = 0; i < LOOKS; i++) {
		if (__atomic_load_n(&thread->place, __ATOMIC_ACQUIRE) != RT_INSIDE)
			return true;
		__builtin_ia32_pause();
	}
	return false;
}

/* The thread with the number is not in the middle of anything that a page of its own is needed for, since pages of its began to go. */
static bool loses_quietly(unsigned number)
{
	rt_spin_lock(&owners.spin);
	struct rt_thread *thread = owners.threads[number];
	bool quiet = !thread || was_outside(thread);
	if (thread)
		__atomic_fetch_add(&thread->pages_lost, 1, __ATOMIC_RELAXED);
	rt_spin_unlock(&owners.spin);
	return quiet;
}

/* The pages of a run that belong to `owner` become `fresh`'s. */
static void hand_on(uint16_t *words, size_t count, unsigned owner, unsigned fresh)
{
	for (size_t i = 0; i < count; i++) {
		uint16_t word = __atomic_load_n(&words[i], __ATOMIC_RELAXED);
		while (word >> 8 == owner &&
			!__atomic_compare_exchange_n(&words[i], &word, (uint16_t)((word & 0xff) | fresh << 8),
				false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			;
	}
}

/* Where the kernel refuses to help, a thread that was interrupted in the few instructions of a sequence, and goes on later, may undo what
 * another has recorded meanwhile. */
static void interrupt_sequences(void)
{
	if (helps() && rt_sys_failed(ask(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)))
		__atomic_store_n(&kernel, REFUSES, __ATOMIC_RELAXED);
}

/* How many of its owner's pages from `word` on are taken with it. */
static size_t count_of(struct rt_thread *self, const uint16_t *word)
{
	size_t room = ((size_t)1 << (RT_WINDOW_LOG - RT_PAGE_LOG)) - (size_t)(word - rt_page_words), count;
	if (self->taken_to != word)
		self->taken_log = FEW_LOG;
	else if (self->taken_log < MANY_LOG)
		self->taken_log++;
	count = (size_t)1 << self->taken_log;
	self->taken_to = word + count;
	return count < room ? count : room;
}

/* One at a time: pages that are GOING are those of whoever does this. */
static void take_away(struct rt_thread *self, uint16_t *word, unsigned fresh)
{
	rt_spin_lock(&owners.taking);
	unsigned owner = __atomic_load_n(word, __ATOMIC_RELAXED) >> 8;
	size_t count = self ? count_of(self, word) : 1;
	if (owner != RT_OWNER_NONE && owner != RT_OWNER_ALL) {
		hand_on(word, count, owner, RT_OWNER_GOING);
		interrupt_sequences();
		hand_on(word, count, RT_OWNER_GOING, loses_quietly(owner) ? fresh : RT_OWNER_ALL);
	}
	rt_spin_unlock(&owners.taking);
}

void rt_page_take_slow(uintptr_t address)
{
	if (RT_UNLIKELY(rt_page_is_vacant(address)))
		rt_vacant_settle(address & ~(uintptr_t)(RT_PAGE_BYTES - 1));
	struct rt_thread *self = rt_self;
	unsigned own = number_of(self), fresh = owner_after(self, own);
	uint16_t *word = rt_page_word(address), seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	while (seen >> 8 != own && seen >> 8 != RT_OWNER_ALL) {
		if (seen >> 8 != RT_OWNER_NONE)
			take_away(self, word, fresh);
		else if (__atomic_compare_exchange_n(word, &seen, (uint16_t)((seen & 0xff) | fresh << 8),
				 false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return;
		seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	}
}

/* No other thread is in the middle of anything that everybody's pages are needed for, since some of them began to go. */
static bool all_lose_quietly(const struct rt_thread *self)
{
	bool quiet = true;
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *other = rt_threads.live; other && quiet; other = rt_link_of(other)->next_live)
		quiet = other == self || was_outside(other);
	rt_spin_unlock(&rt_threads.spin);
	return quiet;
}

void rt_page_claim(struct rt_thread *self, uintptr_t address)
{
	const size_t count = (size_t)1 << CLAIMED_LOG;
	unsigned fresh = owner_after(self, number_of(self));
	uint16_t *word = rt_page_word(address), *words = word - (size_t)(word - rt_page_words) % count;
	uint64_t changes = changes_of(self);
	if (changes - self->changes_at_claim < (uint64_t)2 << self->claim_log &&
		self->claim_log < CLAIM_MANY_LOG)
		self->claim_log++;
	self->changes_at_claim = changes;
	self->shared_changes = 1u << self->claim_log;
	if (fresh == RT_OWNER_ALL)
		return;
	rt_spin_lock(&owners.taking);
	hand_on(words, count, RT_OWNER_ALL, RT_OWNER_GOING);
	interrupt_sequences();
	hand_on(words, count, RT_OWNER_GOING, all_lose_quietly(self) ? fresh : RT_OWNER_ALL);
	rt_spin_unlock(&owners.taking);
}

void rt_cells_take(uintptr_t address)
{
	size_t run;
	struct rt_granule *page = (struct rt_granule *)rt_space_at(
		&rt_cells, address & ~(uintptr_t)(RT_PAGE_BYTES - 1), &run, true);
	if (page)
		rt_page_take(address, page);
}

void rt_owners_end(struct rt_thread *self)
{
	rt_threads_stop(self);
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live)
		rt_owner_resign(thread);
	kernel = REFUSES;
	rt_threads_resume();
}
