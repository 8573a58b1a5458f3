/* The shadow cell: one access to some bytes of an 8-byte granule of the program's memory, in 64 bits.
 *
 *   63        34 33                 10   9        8       7      0
 *   segment (30) context or pattern      atomic   write   byte mask
 *
 * A granule has two cells, so shadow memory is twice the memory it shadows. 0 is an empty cell; a real one has a mask.
 * When more than two must be kept, the second is a tag: segment's upper 14 bits are RT_BLOCK_TAG, bits 31..0 number an
 * overflow list, bit 33 locks it. A poison is a cell whose segment lies in RT_BLOCK_POISON: no clock ever reaches it.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_CELL_H
#define RACETRACK_SHADOW_CELL_H

#include "context.h"
#include "floor.h"
#include "pattern.h"

enum { RT_GRANULE_BYTES = 8, RT_GRANULE_CELLS = 2, RT_CELL_SCALE_LOG = 1 };

struct rt_granule {
	rt_cell_t cell[RT_GRANULE_CELLS];
} __attribute__((aligned(16)));
_Static_assert(sizeof(struct rt_granule) == RT_GRANULE_BYTES << RT_CELL_SCALE_LOG, "the space's scale");
_Static_assert(8 + 1 + 1 + RT_CONTEXT_BITS + RT_SEGMENT_BITS == 64, "a cell is full");

#define RT_CELL_WRITE         (1ull << 8)
#define RT_CELL_ATOMIC        (1ull << 9)
#define RT_CELL_CONTEXT_SHIFT 10
#define RT_CELL_SEGMENT_SHIFT 34
#define RT_CELL_TAG           ((uint64_t)RT_BLOCK_TAG << (RT_CELL_SEGMENT_SHIFT + RT_EPOCH_BITS))
#define RT_CELL_LOCKED        (1ull << 33)

/* The bytes of the granule at `at` that lie in [low, end). */
static inline uint8_t rt_granule_mask(uintptr_t at, uintptr_t low, uintptr_t end)
{
	unsigned mask = 0xff;
	if (at < low)
		mask <<= low - at;
	if (end - at < RT_GRANULE_BYTES)
		mask &= (1u << (end - at)) - 1;
	return (uint8_t)mask;
}

static inline rt_cell_t rt_cell_make(
	uint32_t segment, rt_ctx_t context, bool write, bool atomic, uint8_t mask)
{
	return ((uint64_t)segment << RT_CELL_SEGMENT_SHIFT) | ((uint64_t)context << RT_CELL_CONTEXT_SHIFT) |
	       (write ? RT_CELL_WRITE : 0) | (atomic ? RT_CELL_ATOMIC : 0) | mask;
}

static inline uint8_t rt_cell_mask(rt_cell_t cell)
{
	return (uint8_t)cell;
}

static inline rt_ctx_t rt_cell_context(rt_cell_t cell)
{
	return (rt_ctx_t)(cell >> RT_CELL_CONTEXT_SHIFT) & (RT_CELL_CONTEXTS - 1);
}

static inline uint32_t rt_cell_segment(rt_cell_t cell)
{
	return (uint32_t)(cell >> RT_CELL_SEGMENT_SHIFT);
}

static inline bool rt_cell_is_tag(rt_cell_t cell)
{
	return cell >= RT_CELL_TAG;
}

static inline bool rt_cell_is_poison(rt_cell_t cell)
{
	return rt_cell_segment(cell) >> RT_EPOCH_BITS == RT_BLOCK_POISON;
}

/* The cell, as one of the epoch that the other is of. */
static inline rt_cell_t rt_cell_as_of(rt_cell_t cell, rt_cell_t other)
{
	const rt_cell_t epoch = ~0ull << RT_CELL_SEGMENT_SHIFT;
	return (cell & ~epoch) | (other & epoch);
}

/* Of the block that the thread's own epochs come from. */
static inline bool rt_cell_is_own(const struct rt_thread *self, rt_cell_t cell)
{
	return rt_cell_segment(cell) >> RT_EPOCH_BITS == self->segment >> RT_EPOCH_BITS;
}

/* Of the epoch that the thread's accesses are of, or of one after it, which is as good: see rt_thread_resume. */
static inline bool rt_cell_is_present(const struct rt_thread *self, rt_cell_t cell)
{
	return rt_cell_segment(cell) - self->segment <= self->behind;
}

/* What `cell` says happened before everything that `self` does now. */
static inline bool rt_cell_ordered(const struct rt_thread *self, rt_cell_t cell)
{
	uint32_t segment = rt_cell_segment(cell);
	if (RT_LIKELY(rt_cell_is_own(self, cell)))
		return true;
	if (RT_UNLIKELY(segment >> RT_EPOCH_BITS == RT_BLOCK_POISON))
		return false;
	return rt_segment_epoch(segment) <= rt_clock_get(&self->clock, rt_segment_slot(segment));
}

/* Nothing that comes can race with it: see floor.h. pre: ordered, for some thread. */
static inline bool rt_cell_is_past(rt_cell_t cell)
{
	uint32_t segment = rt_cell_segment(cell);
	return rt_segment_epoch(segment) <=
	       __atomic_load_n(&rt_floor[rt_segment_slot(segment)], __ATOMIC_RELAXED);
}

/* The two share a byte, one writes, and not both are atomic: a race unless something orders them. */
static inline bool rt_cells_conflict(rt_cell_t a, rt_cell_t b)
{
	return (a & b & 0xff) && ((a | b) & RT_CELL_WRITE) && !(a & b & RT_CELL_ATOMIC);
}

/* Whatever races with a byte of `old` also races with the same byte of `fresh`, given that old happened before fresh:
 * fresh writes or old only reads; fresh is plain or old is atomic. */
static inline bool rt_cell_is_stronger(rt_cell_t fresh, rt_cell_t old)
{
	return ((fresh & RT_CELL_WRITE) || !(old & RT_CELL_WRITE)) &&
	       (!(fresh & RT_CELL_ATOMIC) || (old & RT_CELL_ATOMIC));
}

/* Of one segment, and both plain reads, or both plain writes that are no frees: one cell can have both. */
static inline bool rt_cells_alike(rt_cell_t a, rt_cell_t b)
{
	const rt_cell_t same = ~0ull << RT_CELL_SEGMENT_SHIFT | RT_CELL_WRITE | RT_CELL_ATOMIC;
	return !((a ^ b) & same) && !(a & RT_CELL_ATOMIC) && !rt_context_is_free(rt_cell_context(a)) &&
	       !rt_context_is_free(rt_cell_context(b));
}

/* What is still to be kept of an older cell where *fresh is stored; 0: nothing. Bytes that it covers in kind need not be kept, if
 * the old one is ordered before it; a cell of the same epoch and kind melts into it. What was freed is never past: it is
 * looked for (access.c). */
static inline __attribute__((always_inline)) rt_cell_t rt_cell_rest(
	rt_cell_t old, bool ordered, rt_cell_t *fresh)
{
	if (!((old ^ *fresh) & ~0xffull)) {
		*fresh |= old & 0xff;
		return 0;
	}
	bool alike = rt_cell_segment(old) == rt_cell_segment(*fresh) && rt_cells_alike(old, *fresh);
	rt_cell_t joined = alike ? rt_pattern_join(old, *fresh) : 0;
	if (joined) {
		*fresh = joined;
		return 0;
	}
	if (!ordered)
		return old;
	if (rt_cell_is_stronger(*fresh, old))
		old &= ~(*fresh & 0xff);
	bool past = rt_cell_is_past(old) && !rt_context_is_free(rt_cell_context(old));
	return rt_cell_mask(old) && !past ? old : 0;
}

/* The cell is of the epoch of `what`, covers its bytes, and is as strong. */
static inline bool rt_cell_is_there(rt_cell_t cell, rt_cell_t what)
{
	return rt_cell_segment(cell) == rt_cell_segment(what) && rt_cell_is_stronger(cell, what) &&
	       !(what & ~cell & 0xff);
}

/* Atomically old -> fresh; on failure `old` is what is there. */
static inline bool rt_granule_swap(
	struct rt_granule *granule, struct rt_granule *old, struct rt_granule fresh)
{
	bool done;
	__asm__ volatile("lock cmpxchg16b %1"
			 : "=@ccz"(done), "+m"(*granule), "+a"(old->cell[0]), "+d"(old->cell[1])
			 : "b"(fresh.cell[0]), "c"(fresh.cell[1])
			 : "memory");
	return done;
}

/* One cell after the other: another thread may come in between. */
static inline struct rt_granule rt_granule_look(const struct rt_granule *granule)
{
	return (struct rt_granule){{__atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED),
		__atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED)}};
}

/* Both cells at one moment. */
static inline struct rt_granule rt_granule_load(struct rt_granule *granule)
{
	struct rt_granule seen = rt_granule_look(granule);
	rt_granule_swap(granule, &seen, seen);
	return seen;
}

#endif
