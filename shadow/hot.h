/* What code outside the library reads of a thread without entering the engine: the checks that are compiled into the
 * program (hooks/access.h). All else of a thread is in struct rt_thread.
 *
 * Who may include it: shadow/ and hooks/, also the part that is linked into the program: it is an ABI between a program and
 * the library that it was linked with. Owner thread. */
#ifndef RACETRACK_SHADOW_HOT_H
#define RACETRACK_SHADOW_HOT_H

#include <stdbool.h>
#include <stdint.h>

#define RT_EXPORT            __attribute__((visibility("default")))
#define RT_HOT_SEGMENT_SHIFT 34
#define RT_HOT_BYTES         0xffull
#define RT_HOT_WRITE         (1ull << 8)
#define RT_HOT_ATOMIC        (1ull << 9)
#define RT_HOT_CONTEXT       (((1ull << 24) - 1) << 10)
#define RT_HOT_WINDOW_LOG    44
/* Of the block of tags, and not a tag: no cell has it. */
#define RT_HOT_NO_SEGMENT    (((1ull << 14) - 1) << 50 | 1ull << RT_HOT_SEGMENT_SHIFT)

/* A call that the program announced. */
struct rt_frame {
	uintptr_t pc;     /* the return address */
	uintptr_t sp;     /* below it lie the frames of all that it called */
	uint32_t context; /* of the path up to here, 0: not looked up yet */
	uint32_t known;   /* the context that was looked up last for a frame at this depth; or 0 */
};

struct rt_hot {
	uint64_t
		epoch; /* the segment as cells have it, while an access that is in its cell already need not be told; or 0 */
	char *cells;          /* the linear shadow */
	struct rt_frame *top; /* the next free frame; first <= top <= end */
	struct rt_frame *first, *end;
	uint32_t deeper; /* calls that found no room, on top of the others */
	/* The cell that makes an access needless has in common with this what rt_front.looked_at says: a strong one of the
	 * epoch, or where that is 0 of no epoch at all. Its context is no context. */
	uint64_t expected;
};

enum { RT_LOOK_WRITE = 4, RT_LOOK_COUNT = 8 };

/* What all threads' emitted checks read, in front of the linear shadow. */
struct rt_front {
	uint64_t
		place; /* the bits of an address that say where in the linear shadow its granule is, divided by two */
	/* Which bits a cell has to have in common with `expected`: for a read of 2 to the n bytes (0 to 3) or a write (4 to 7),
	 * at the address's offset in its granule. Where the access crosses the granule's end, those that none has; none at all
	 * while nothing is watched. */
	uint64_t looked_at[RT_LOOK_COUNT][8];
	/* The same by what lies in one granule, of reads and of writes: from which byte to which. And what a list's filter has
	 * to have in common with it (overflow.h), which tells of writes among others. */
	uint64_t part[2][8][8], written[2][8][8];
	uintptr_t
		calls[8]; /* where checks go that did not find their access: those who emit them fill it in */
	char *cells; /* the linear shadow, with its own front: another front may be in use, see single.h */
};
enum { RT_FRONT_BYTES = 4096 };

extern RT_EXPORT __thread struct rt_hot racetrack_hot __attribute__((tls_model("initial-exec")));

/* Not 0 while accesses have to be told: the engine's rt_watching. */
extern RT_EXPORT uint32_t racetrack_watching;

static inline void rt_hot_set_epoch(uint64_t epoch)
{
	racetrack_hot.epoch = epoch;
	racetrack_hot.expected =
		(epoch ? epoch : RT_HOT_NO_SEGMENT) | RT_HOT_CONTEXT | RT_HOT_WRITE | RT_HOT_BYTES;
}

/* rt_hot_set_epoch(0) for another thread, which is outside the engine and may look at the same moment. */
static inline void rt_hot_clear(struct rt_hot *hot)
{
	__atomic_store_n(&hot->epoch, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&hot->expected, RT_HOT_NO_SEGMENT | RT_HOT_CONTEXT | RT_HOT_WRITE | RT_HOT_BYTES,
		__ATOMIC_RELAXED);
}

/* A cell of the granule at the address is of the epoch, has all bits that are needed, and none of the others. */
static inline __attribute__((always_inline)) bool rt_hot_has(
	const struct rt_hot *hot, uint64_t epoch, uintptr_t address, uint64_t needed, uint64_t without)
{
	const uint64_t segment = ~0ull << RT_HOT_SEGMENT_SHIFT, window = (1ull << RT_HOT_WINDOW_LOG) - 1;
	const uint64_t *cells = (const uint64_t *)(hot->cells + (((address & window) << 1) & ~15ull));
	uint64_t mine = epoch | needed, looked_at = segment | needed | without;
	return !((__atomic_load_n(&cells[0], __ATOMIC_RELAXED) ^ mine) & looked_at) ||
	       !((__atomic_load_n(&cells[1], __ATOMIC_RELAXED) ^ mine) & looked_at);
}

/* Whether an access is in its cell already, in the epoch, which is not 0. The bytes are in one granule of 8. */
static inline __attribute__((always_inline)) bool rt_hot_is_there(
	const struct rt_hot *hot, uint64_t epoch, uintptr_t address, unsigned bytes, bool write)
{
	uint64_t mask = bytes == 8 ? 0xff : ((1ull << bytes) - 1) << (address & 7);
	return rt_hot_has(hot, epoch, address, mask | (write ? RT_HOT_WRITE : 0), RT_HOT_ATOMIC);
}

#endif
