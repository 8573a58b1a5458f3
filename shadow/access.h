/* The check of one access against what the shadow remembers.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_ACCESS_H
#define RACETRACK_SHADOW_ACCESS_H

#include "cell.h"
#include "space.h"

#include "finding.h"

enum { RT_RACES_MOST = 4 };

/* One access while it is being checked. */
struct rt_access {
	struct rt_thread *self;
	struct rt_site *site;
	uintptr_t address;
	size_t bytes;
	enum rt_access_kind kind;
	enum rt_class class;
	uint32_t segment; /* the thread's, or none's while a tick is due */
	rt_cell_t kinds;  /* the bits that say write and atomic */
	rt_cell_t cell;   /* what it leaves, less the mask; 0: not made yet */
	struct rt_race races[RT_RACES_MOST];
	unsigned race_count;
};

/* rt_access in two parts, for who holds a lock: true when there are races to report once it is released. */
RT_HIDDEN bool rt_access_check(struct rt_access *access, struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, enum rt_access_kind kind, enum rt_class class);
RT_HIDDEN RT_COLD void rt_access_report(struct rt_access *access);
/* The access ran into `old`, a cell of shared memory or of other, in the bytes [low, high). */
RT_HIDDEN RT_COLD void rt_access_note(
	struct rt_access *access, rt_cell_t old, uintptr_t low, uintptr_t high, bool shared);

/* The commonest access: bytes of one granule. True: recorded, and nothing to report. False: it is
 * rt_access's, or rt_access_check's. pre: rt_watching. */
RT_HIDDEN bool rt_access_word(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes,
	enum rt_access_kind kind);

/* Bytes of one page, which is not folded, from a granule's start on. */
struct rt_words {
	uintptr_t at, low, end;     /* of [low, end) what lies from `at` on */
	struct rt_granule *granule; /* of `at` */
};

/* Parts of it, for one granule after the other: over those where accesses of the epoch of `what`, without a mask, cover the
 * bytes; and putting a cell into them. Both stop at the first for which that is not so, or that is to be done the long way. */
RT_HIDDEN void rt_words_skip(struct rt_words *words, rt_cell_t what);
RT_HIDDEN void rt_words_record(struct rt_thread *self, struct rt_words *words, rt_cell_t mine);
static inline void rt_words_next(struct rt_words *words)
{
	words->at += RT_GRANULE_BYTES;
	words->granule++;
}

extern RT_HIDDEN struct rt_space rt_cells;
/* The bits of a cell that each kind of access sets. */
extern RT_HIDDEN const rt_cell_t rt_kind_bits[];

/* From here on code that looks at cells by itself knows that what it finds there need not be told. */
static inline void rt_access_allow_look(const struct rt_thread *self)
{
	if (!self->tick_pending && rt_cells.linear && !rt_cells.mixed)
		rt_hot_set_epoch((uint64_t)self->segment << RT_CELL_SEGMENT_SHIFT);
}

RT_HIDDEN bool rt_access_init(bool directory_only);
/* Whether accesses have to be told, for code that looks at cells by itself. */
/* Somebody asked for rt_access_front: emitted checks read it. */
RT_HIDDEN bool rt_access_has_front(void);
RT_HIDDEN void rt_access_watch(bool on);
/* Zeroes the cells of a range. */
RT_HIDDEN void rt_cells_forget(uintptr_t address, size_t bytes);
/* The same for bytes of one granule that others may use meanwhile. False: they lie in shared memory, or their page is folded, and
 * nothing was done. */
RT_HIDDEN bool rt_word_forget(uintptr_t address, size_t bytes);
/* What a thread wrote of memory in the epoch is freed since: told when it may be another's already, which has forgotten it (left.c).
 * `left`: the cell of the free, without a mask. */
RT_HIDDEN void rt_cells_left(uintptr_t address, size_t bytes, uint32_t segment, rt_cell_t left);

#endif
