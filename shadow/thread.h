/* Threads: their state, slots in vector clocks, and the epochs that shadow cells name.
 *
 * Who may include it: shadow/, and the stack walker for struct rt_thread's memo.
 *
 * A slot is an index in vector clocks. It goes from a thread that ended to a new one only where the creator's clock has
 * reached the old one's last epoch: then everything the old one did happens before everything the new one does, and no
 * race is lost. Epochs of a slot only grow, so an epoch also tells which of the slot's threads it was.
 *
 * A shadow cell has 30 bits for (slot, epoch): a segment. Its upper 14 bits name a block of 65,536 epochs of one slot;
 * a slot that has used up its block takes another, so neither the number of releases nor the size of the clocks is
 * bounded by the cell:
 *     epoch(segment) = blocks[segment >> 16].base + (segment & 0xffff)
 */
#ifndef RACETRACK_SHADOW_THREAD_H
#define RACETRACK_SHADOW_THREAD_H

#include "boundary.h"
#include "counters.h"
#include "engine.h"
#include "frames.h"

enum {
	RT_BLOCK_BITS = 14,
	RT_EPOCH_BITS = 16,
	RT_BLOCKS = 1 << RT_BLOCK_BITS,
	RT_SEGMENT_BITS = RT_BLOCK_BITS + RT_EPOCH_BITS,
	/* The last three blocks are no thread's: see page.h, poison.h and cell.h. */
	RT_BLOCK_PAGE = RT_BLOCKS - 3,
	RT_BLOCK_POISON = RT_BLOCKS - 2,
	RT_BLOCK_TAG = RT_BLOCKS - 1,
	RT_THREAD_BLOCKS = RT_BLOCK_PAGE,
	RT_SESSION_FIRST_BLOCK =
		RT_THREAD_BLOCKS / 2, /* from here on blocks are the session's: see abroad.h */
	RT_SLOTS_MOST = RT_THREAD_BLOCKS - 1,
	RT_NAME_BYTES = 64,
	RT_THREAD_FEW = 16,
};

struct rt_epoch_block {
	rt_epoch_t base; /* epoch of the block's first segment */
	rt_slot_t slot;
};
extern RT_HIDDEN struct rt_epoch_block rt_epoch_blocks[RT_BLOCKS];

static inline rt_epoch_t rt_segment_epoch(uint32_t segment)
{
	return rt_epoch_blocks[segment >> RT_EPOCH_BITS].base + (segment & ((1u << RT_EPOCH_BITS) - 1));
}

static inline rt_slot_t rt_segment_slot(uint32_t segment)
{
	return rt_epoch_blocks[segment >> RT_EPOCH_BITS].slot;
}

struct rt_held_lock {
	uint64_t key;
	uint32_t sync; /* id of the sync object */
	uint16_t mode; /* enum rt_lock_mode */
	uint16_t depth;
	uint32_t lockset; /* of it and all before it in the list, since somebody watches */
};

/* One frame of the last walked stack, outermost first: see the stack walker. */
struct rt_stack_frame {
	uintptr_t cfa;     /* the return address lies at cfa - 8 */
	uintptr_t pc;      /* that return address */
	uintptr_t bp_slot; /* where the caller's rbp was saved, 0: it was not */
	uintptr_t bp;      /* the caller's rbp */
	rt_ctx_t context;
	uint32_t
		cfa_below; /* the CFA was read at cfa - cfa_below (the callee realigned its stack); 0: it was not */
};

/* A place that accessed memory, and where its caller's frame was then: it is there whenever the three are the same. */
struct rt_known_frame {
	uintptr_t pc, sp, bp;
	uintptr_t cfa, bp_slot; /* as above */
	uint32_t generation;    /* of rt_cfi_generation */
	uint16_t start;         /* lower bits of where the function starts */
	uint8_t by;             /* what the place depends on: see stack.c */
};
enum { RT_KNOWN_FRAMES = 256 };

/* An access at an announced place whose leaf was looked up lately: see announced.h. */
struct rt_known_leaf {
	/* 63..56 class | 55..48 kind | 47 0 | 46..0 return address
	 * 63..60 kind | 59..48 wrapped function | 47 1 | 46..0 return address */
	uint64_t place;
	uint64_t where; /* 63..32 path of calls | 31..0 lock set */
	rt_ctx_t leaf;
};
#define RT_PLACE_CALL (1ull << 47)

/* What two cells became: see pattern.c. Of each its context and mask. */
struct rt_known_join {
	uint64_t both; /* 63..32 the older one | 31..0 the newer one */
	uint32_t joined;
};

/* Of a thread that has looked up nothing. */
extern RT_HIDDEN const struct rt_known_leaf rt_no_leaves[1];

/* Where in an overflow list the thread's cell was last: see word.c. */
struct rt_list_hint {
	uint32_t list, index;
};
enum { RT_LISTS_AT_HAND = 32, RT_LIST_HINTS = 64 };

struct rt_sync;
enum { RT_SILENT_MOST = 8 };

enum rt_thread_state { RT_THREAD_FREE, RT_THREAD_CREATED, RT_THREAD_LIVE, RT_THREAD_ENDED };

/* Where a thread is. Only rt_enter and rt_leave change it, and what stands for them around a signal handler. A thread that
 * can be cancelled asynchronously enters with its signals held. */
enum rt_place { RT_OUTSIDE, RT_INSIDE, RT_OUTSIDE_CANCELLABLE };

/* A block of which the thread has written the first bytes, in the epoch: it reallocated it, and it stayed where it was. */
enum { RT_WRITTEN_BLOCKS = 4 };
struct rt_written_block {
	uintptr_t address;
	size_t bytes;
	uint32_t segment;
};

struct rt_thread {
	/* Owner thread. */
	uint32_t segment;     /* of the epoch that its accesses are of */
	uint32_t behind;      /* so many epochs before its clock's, and as good as that: see boundary.h */
	bool tick_pending;    /* a release since the last recorded access: tick before the next */
	bool taken_back;      /* its clock's epoch was published, and that message is gone */
	uint8_t place;        /* enum rt_place */
	bool signals_held;    /* blocked until rt_leave, which restores signal_mask */
	bool cancellable;     /* asynchronously */
	uint16_t page_word;   /* of the pages in use that are its own: see owner.h */
	uint8_t taken_log;    /* the pages that it took last, up to which */
	bool at_gate;         /* waits there: what it checked before is done; others read it */
	bool decodes;         /* wrapped functions that are called inside are the decoder's */
	uint64_t signal_mask; /* the program's, as the kernel has masks */
	uint16_t ignore_accesses;
	uint16_t ignore_sync;
	uint64_t
		late; /* the sync variable that its last plain load has to acquire yet; 0: none. See infer.h */
	bool met;     /* the other side of a ring, as it accessed an index: see infer.h */
	uint32_t lockset;
	struct rt_clock clock;
	rt_slot_t slot;
	bool learnt;          /* something of others since it last published */
	uint32_t waits_for;   /* id of the thread that it joins; 0: it runs */
	uint32_t ticks_left;  /* before it raises the floor */
	rt_epoch_t learnt_at; /* the first of its epochs that can publish the last of that */
	uint32_t id;
	struct rt_held_lock *held;
	uint32_t held_count, held_room;
	struct rt_stack_frame *stack;
	uint32_t stack_count, stack_room;
	struct rt_known_frame *known_frames; /* RT_KNOWN_FRAMES, or NULL */
	struct rt_activations *activations;  /* or NULL */
	struct rt_frame *frames;             /* racetrack_hot's, for whoever comes after the thread */
	uint32_t frames_room;
	const struct rt_known_leaf *known_leaves; /* known_leaf_mask + 1 */
	uint32_t known_leaf_mask, unknown_leaves;
	struct rt_known_join *known_joins; /* known_join_count, a power of two; NULL: none */
	uint32_t known_join_count, unknown_joins;
	struct rt_boundaries boundaries; /* of its epochs */
	struct rt_message seen;          /* by relaxed loads, for an acquire fence */
	struct rt_message published;     /* at the last release fence */
	struct rt_guard *operating; /* what is locked while the program's memory is changed; NULL: nothing */
	uint32_t lists[RT_LISTS_AT_HAND]; /* of overflow.h, free */
	uint32_t list_count;
	uint32_t silent_count;
	struct rt_sync *silent[RT_SILENT_MOST]; /* what it tallies in silence, or did: see tally.h */
	struct rt_list_hint list_hints[RT_LIST_HINTS];
	const uint16_t *taken_to;
	uint32_t pages_lost;    /* times */
	uint64_t range_changes; /* of granules, by accesses to several */
	uint64_t changes_at_claim;
	uint8_t claim_log;       /* the next number of */
	uint32_t shared_changes; /* of everybody's pages, before it asks for some */
	uint64_t *shared_cells;  /* shared.c's, NULL: none yet */
	struct rt_hot *hot;      /* its racetrack_hot */
	uint64_t notes[1 << RT_THREAD_NOTES_LOG];
	struct rt_written_block written[RT_WRITTEN_BLOCKS];
	uintptr_t stack_low, stack_high;
	uint64_t counts[RT_COUNTER_HOT]; /* its part of the counters that every call would contend for */
	/* First epochs of its clocks: what small blocks of two threads share a line of the cache with is the other's. */
	rt_epoch_t few[3][RT_THREAD_FEW] __attribute__((aligned(16)));
	/* Under the threads' lock, or before the thread starts. */
	uint64_t handle;
	enum rt_thread_state state;
	uint8_t flags; /* RT_THREAD_MAIN and others */
	int tid;
	uint32_t info; /* index of its struct rt_thread_info */
	struct rt_thread *next;
};

/* What reports need of a thread, kept for ever. */
struct rt_thread_info {
	uint32_t id, parent;
	int tid;
	rt_ctx_t created_at;
	uint8_t flags;
	bool recorded;
	char name[RT_NAME_BYTES];
};

RT_HIDDEN bool rt_threads_init(void);
/* Ticks if a release is pending. Call before recording anything in a cell. */
static inline void rt_thread_tick(struct rt_thread *self);
/* False: there are no epochs left. */
RT_HIDDEN RT_COLD bool rt_thread_tick_slow(struct rt_thread *self);

/* Before the thread's clock is published: its epoch stands for all that it knows. False: there are no epochs left, and it does
 * not. */
static inline bool rt_thread_publishing(struct rt_thread *self);
/* A boundary is gone. Goes on with the first of its epochs that nobody can tell from the present one. */
RT_HIDDEN void rt_thread_resume(struct rt_thread *self);
/* Takes in what others did; or has taken in something. */
RT_HIDDEN void rt_thread_learn(struct rt_thread *self, const struct rt_clock *clock);
RT_HIDDEN void rt_thread_learnt(struct rt_thread *self);

/* What was published is not to get any more: accesses from now on are of a new epoch. */
static inline void rt_thread_published(struct rt_thread *self)
{
	self->tick_pending = true;
	self->learnt = false;
	rt_hot_set_epoch(0);
}

/* Its present epoch is a boundary: for ever, or while one message says so. */
static inline void rt_thread_hold_epoch(struct rt_thread *thread, bool stays)
{
	rt_boundary_hold(&thread->boundaries, rt_clock_get(&thread->clock, thread->slot), stays);
}

/* Its clock was published, to whomever. */
static inline void rt_thread_released(struct rt_thread *self)
{
	rt_thread_hold_epoch(self, true);
	rt_thread_published(self);
}

/* The clock of another thread, which is kept out of the engine, was published, as if by itself. */
static inline void rt_thread_made_release(struct rt_thread *other)
{
	rt_thread_hold_epoch(other, true);
	other->tick_pending = other->learnt = true;
}

/* The epoch is one that nobody has published, and no wait's. */
static inline void rt_thread_ticked(struct rt_thread *self)
{
	self->tick_pending = self->taken_back = false;
	__atomic_store_n(&self->waits_for, 0, __ATOMIC_RELAXED);
}

/* The next epoch of the same block. False: it is the last one, or the floor is to be raised. */
static inline bool rt_thread_tick_quick(struct rt_thread *self)
{
	const uint32_t last = (1u << RT_EPOCH_BITS) - 1;
	if (RT_UNLIKELY(((self->segment + self->behind) & last) == last || !self->ticks_left))
		return false;
	rt_thread_ticked(self);
	self->ticks_left--;
	self->segment += self->behind + 1;
	self->behind = 0;
	rt_epoch_t *epoch = &self->clock.epochs[self->slot];
	__atomic_store_n(epoch, *epoch + 1, __ATOMIC_RELAXED);
	return true;
}

static inline void rt_thread_tick(struct rt_thread *self)
{
	if (self->tick_pending && !rt_thread_tick_quick(self))
		rt_thread_tick_slow(self);
}

/* Of the epoch that frees are of: as good as that of the thread's accesses, and another one. So no free is taken for an access that is
 * there already, nor an access for the free. */
static inline uint32_t rt_thread_aside(struct rt_thread *self)
{
	rt_thread_tick(self);
	if (!self->behind && rt_thread_tick_quick(self)) {
		self->segment--;
		self->behind = 1;
	}
	return self->segment + self->behind;
}

static inline bool rt_thread_publishing(struct rt_thread *self)
{
	return RT_LIKELY(!(self->tick_pending && self->learnt)) || rt_thread_tick_quick(self) ||
	       rt_thread_tick_slow(self);
}

/* All signals but faults are kept from the calling thread until it leaves the engine. The blocking itself is the caller's;
 * `mask` is what was blocked before. Of several callers the one that came upon an open mask knows the program's: signals
 * that arrive together interrupt each other's handlers, and the last to run interrupted the engine. Signal-safe. */
#define RT_SIGNALS_HELD (~RT_SIGNALS_OF_FAULTS)
RT_HIDDEN void rt_thread_hold_signals(struct rt_thread *self, uint64_t mask);
/* A signal handler of the program is to run although its thread is inside: it is outside until the next rt_enter.
 * Returns the program's mask, where signals were held; nothing is unblocked. */
RT_HIDDEN bool rt_thread_step_out(struct rt_thread *self, uint64_t *mask);
/* The calling thread, which is outside, can be cancelled at any instruction from now on, or no more. */
RT_HIDDEN void rt_thread_cancellable(struct rt_thread *self, bool is);
/* Before any thread is cancelled: from now on the cancellable ones hold their signals while they are inside. */
RT_HIDDEN void rt_thread_cancelling(void);
/* Makes `child` the calling thread's state: the first thing in a new thread. A signal handler may have run before it, under
 * a state of its own. */
RT_HIDDEN void rt_thread_begin(struct rt_thread *child);
/* The same with nothing before it. */
RT_HIDDEN void rt_thread_take(struct rt_thread *self);

/* Who was in the slot at the epoch. */
RT_HIDDEN uint32_t rt_thread_of_epoch(rt_slot_t slot, rt_epoch_t epoch);
/* Info of a thread id, NULL when there is none. */
RT_HIDDEN struct rt_thread_info *rt_thread_info_of(uint32_t id);
/* Joins the clocks of threads that ended with the lock held and were not joined. */
RT_HIDDEN void rt_thread_inherit(struct rt_thread *self, uint64_t key);
/* The live thread whose stack holds the address; 0: none. */
RT_HIDDEN uint32_t rt_thread_of_stack(uintptr_t address, uintptr_t *low, uintptr_t *high);
/* Adds what the live threads counted to rt_counters. */
RT_HIDDEN void rt_threads_count(void);
/* Waits until no other thread is inside the engine and keeps them out. For fork. */
RT_HIDDEN void rt_threads_stop(struct rt_thread *self);
RT_HIDDEN void rt_threads_resume(void);
/* There is no other thread. */
RT_HIDDEN bool rt_threads_alone(void);
/* In a forked child: `self` is the only thread, and all others' past happened before it. */
RT_HIDDEN void rt_threads_forked(struct rt_thread *self);

extern RT_HIDDEN __thread struct rt_thread *rt_self;
/* Bits of rt_watching. */
enum { RT_WATCH_THREADS = 1, RT_WATCH_POISON = 2, RT_WATCH_SHARED = 4, RT_WATCH_SESSION = 8 };
RT_HIDDEN void rt_watch_set(uint32_t bit, bool on);
/* Before something is watched, where nothing was: what the thread holds, and has done, is told. */
RT_HIDDEN void rt_watching_begins(struct rt_thread *self);

#endif
