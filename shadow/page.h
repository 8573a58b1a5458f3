/* Pages that are all alike: 4 KiB of the program's memory that were last touched as a whole (a read of a file into a
 * buffer, a copy of a megabyte, a fresh block) are one pair of cells, not 512.
 *
 * A page's granules are contiguous. While it is *folded* the second cell of its first granule is the page tag
 * (RT_BLOCK_PAGE; bit 33 locks it); the first cell of the first granule is the newest access, the first cell of the second
 * granule an older one, each to all of the page; 0: none. The other granules are empty: whoever looks at a single one without
 * regard to the page (hooks/access.h) finds nothing that is not true.
 *
 *   fold    a whole-page access to a page of which nothing else needs to be kept
 *   unfold  any smaller access: the pair is written to all granules
 *
 * A thread that changes a granule looks whether the page is folded before, and after the change for that and its own cell:
 * either the folding thread, which locks and says so before it looks, sees the change, or the changing thread sees that it
 * is folded or that its cell was written over, and does it again.
 *
 * With the linear shadow a word for each page says what became of it, so that a look at one granule need not load the page's
 * first: RT_PAGE_TOUCHED since something is stored for it, RT_PAGE_FOLDED from before a folding thread looks at its granules
 * until after they are written again. FOLDED changes under the page's lock only.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_PAGE_H
#define RACETRACK_SHADOW_PAGE_H

#include "access.h"
#include "sys.h"

enum { RT_PAGE_GRANULES = 4096 / RT_GRANULE_BYTES };

#define RT_CELL_PAGE ((uint64_t)RT_BLOCK_PAGE << (RT_CELL_SEGMENT_SHIFT + RT_EPOCH_BITS))

static inline bool rt_cell_is_page(rt_cell_t cell)
{
	return cell >> (RT_CELL_SEGMENT_SHIFT + RT_EPOCH_BITS) == RT_BLOCK_PAGE;
}

/* SHARED: the cells are the session's (object.h), never folded, and in no list of overflow.h. TOUCHED and FOLDED go on to say what
 * the process's own hold, which nobody adds to. USED: a shared page that this process accessed. SHOWN: the
 * linear shadow has the session's cells, too. VACANT: see vacant.h; such a page has no owner before it is touched. */
enum {
	RT_PAGE_TOUCHED = 1,
	RT_PAGE_FOLDED = 2,
	RT_PAGE_SHARED = 4,
	RT_PAGE_USED = 8,
	RT_PAGE_SHOWN = 16,
	RT_PAGE_VACANT = 32
};

/* The words of the linear shadow's pages: the lower byte is what became of it, the upper one whose it is (owner.h). NULL: they are not
 * kept. */
extern RT_HIDDEN uint16_t *rt_page_words;

static inline uint16_t *rt_page_word(uintptr_t address)
{
	return &rt_page_words[(address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1)) >> RT_PAGE_LOG];
}

static inline uint8_t *rt_page_state(uintptr_t address)
{
	return (uint8_t *)rt_page_word(address);
}

/* Other windows' pages, in the directory, would share the bytes. */
static inline bool rt_page_has_state(const struct rt_granule *page)
{
	return (uintptr_t)((const char *)page - rt_cells.linear) >> (RT_WINDOW_LOG + RT_CELL_SCALE_LOG) ==
		       0 &&
	       rt_page_words;
}

/* `page` is the first granule of the page of `address`. */
static inline bool rt_page_is_folded(uintptr_t address, const struct rt_granule *page)
{
	if (RT_LIKELY(rt_page_has_state(page)))
		return RT_UNLIKELY(
			__atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) & RT_PAGE_FOLDED);
	return rt_cell_is_page(__atomic_load_n(&page->cell[1], __ATOMIC_RELAXED));
}

RT_HIDDEN void rt_page_init(bool directory_only);

/* The page was accessed, or is about to be. Before anything is stored in it. */
RT_HIDDEN void rt_page_touch(uintptr_t address);
/* A page of which nothing is known becomes vacant; no more, but touched; and one that was vacant nothing is known of: false, it was not. */
RT_HIDDEN void rt_page_vacate(uintptr_t address);
RT_HIDDEN void rt_page_occupy(uintptr_t address);
RT_HIDDEN bool rt_page_leave_vacant(uintptr_t address);
static inline bool rt_page_is_vacant(uintptr_t address)
{
	return __atomic_load_n(rt_page_state(address), __ATOMIC_ACQUIRE) & RT_PAGE_VACANT;
}
/* False: nothing was ever stored in the page, and it is not vacant. Without bytes whatever the directory has a leaf for counts as touched. */
RT_HIDDEN bool rt_page_is_touched(uintptr_t address);
/* The first address from `address` on that lies in a touched page, `end` when there is none below it. */
RT_HIDDEN uintptr_t rt_page_next_touched(uintptr_t address, uintptr_t end);

/* These pages have their cells in the session from now on; or their own again, which are as they were, or zeroed. */
RT_HIDDEN void rt_page_share(uintptr_t address, size_t bytes);
RT_HIDDEN void rt_page_show(uintptr_t address, size_t bytes);
RT_HIDDEN void rt_page_unshare(uintptr_t address, size_t bytes, bool zeroed);

/* The shadow of these pages was zeroed. */
RT_HIDDEN void rt_page_untouch(uintptr_t address, size_t bytes);

/* Unfolds the page if it is folded. */
RT_HIDDEN void rt_page_unfold(uintptr_t address, struct rt_granule *page);

/* Locks a page in order to change it as a whole; `first` gets what its first granule holds, or would hold if it were
 * unfolded. False: it can't be folded (its first granule has an overflow list), nothing is locked. */
RT_HIDDEN bool rt_page_lock(
	uintptr_t address, struct rt_granule *page, struct rt_granule *first, bool *folded);
/* Empties the other granules of a locked page that was not folded. */
RT_HIDDEN void rt_page_clear(struct rt_granule *page);
/* Unlocks it, folded over the pair. pre: the other granules are empty. */
RT_HIDDEN void rt_page_fold(struct rt_granule *page, rt_cell_t newest, rt_cell_t older);
/* Unlocks it as it was. */
RT_HIDDEN void rt_page_unlock(
	uintptr_t address, struct rt_granule *page, const struct rt_granule *first, bool folded);

/* The granule's memory in the linear shadow; NULL: it is not there, or its page is not simply in use. */
static inline struct rt_granule *rt_granule_in_use(uintptr_t address)
{
	uintptr_t place = address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1);
	uint8_t window = (uint8_t)((address >> RT_WINDOW_LOG) + 1);
	if (RT_UNLIKELY(!rt_page_words || address >> RT_USER_LOG) ||
		RT_UNLIKELY(__atomic_load_n(&rt_cells.owners[place >> RT_REGION_LOG], __ATOMIC_RELAXED) !=
			    window))
		return NULL;
	if (RT_UNLIKELY(__atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) != RT_PAGE_TOUCHED))
		return NULL;
	return (struct rt_granule *)(rt_cells.linear +
				     ((place & ~(uintptr_t)(RT_GRANULE_BYTES - 1)) << RT_CELL_SCALE_LOG));
}

#endif
