/* The short way of the commonest access: bytes of one granule, at an announced place, where nothing is unusual. It knows
 * nothing that access.c does not: whatever it gives up half way, the long way does again. */
#include "access.h"
#include "announced.h"
#include "enter.h"
#include "page.h"

/* Not an access: a page's tag, a list's tag, or a poison. */
static inline bool is_special(rt_cell_t cell)
{
	return cell >= RT_CELL_PAGE;
}

/* What keep_old of access.c says, into *kept. False: a finding, or no short way to say it. */
static inline bool keep(const struct rt_thread *self, rt_cell_t old, rt_cell_t *fresh, rt_cell_t *kept)
{
	*kept = 0;
	if (!old)
		return true;
	if (!((old ^ *fresh) & ~0xffull)) {
		*fresh |= old & 0xff;
		return true;
	}
	if (!rt_cell_ordered(self, old)) {
		*kept = old;
		return !rt_cells_conflict(old, *fresh);
	}
	if (RT_UNLIKELY(rt_context_is_free(rt_cell_context(old))))
		return false;
	if (rt_cell_is_stronger(*fresh, old))
		old &= ~(*fresh & 0xff);
	*kept = old & 0xff && !rt_cell_is_past(old) ? old : 0;
	return true;
}

/* The granule's memory in the linear shadow; NULL: it is not there, or its page is not simply in use. */
static inline struct rt_granule *granule_in_use(uintptr_t address)
{
	uintptr_t place = address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1);
	uint8_t window = (uint8_t)((address >> RT_WINDOW_LOG) + 1);
	if (RT_UNLIKELY(!rt_page_states || address >> RT_USER_LOG) ||
		RT_UNLIKELY(__atomic_load_n(&rt_cells.owners[place >> RT_REGION_LOG], __ATOMIC_RELAXED) != window))
		return NULL;
	if (RT_UNLIKELY(__atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) != RT_PAGE_TOUCHED))
		return NULL;
	return (struct rt_granule *)(rt_cells.linear +
				     ((place & ~(uintptr_t)(RT_GRANULE_BYTES - 1)) << RT_CELL_SCALE_LOG));
}

/* The same access in an earlier epoch of this thread is the newest there: all that was to be said of the others was said
 * then, and what is kept of them is not changed by this one. */
static inline bool is_renewed(rt_cell_t newest, rt_cell_t second, rt_cell_t mine)
{
	const rt_cell_t any_epoch = ((1ull << RT_EPOCH_BITS) - 1) << RT_CELL_SEGMENT_SHIFT;
	return !((newest ^ mine) & ~any_epoch) &&
	       (!is_special(second) || (rt_cell_is_tag(second) && !(second & RT_CELL_LOCKED)));
}

/* A plain access, recorded. False: it is rt_access's. */
static inline bool access_word(
	struct rt_thread *self, uintptr_t address, size_t bytes, enum rt_access_kind kind, uintptr_t pc)
{
	unsigned offset = address % RT_GRANULE_BYTES;
	if (offset + bytes > RT_GRANULE_BYTES || RT_UNLIKELY(self->ignore_accesses))
		return false;
	struct rt_granule *granule = granule_in_use(address);
	if (RT_UNLIKELY(!granule))
		return false;
	struct rt_granule old = {{__atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED),
		__atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED)}};
	rt_ctx_t leaf = rt_announced_leaf(self, pc, kind, RT_CLASS_DATA);
	rt_thread_tick(self);
	rt_cell_t mine = rt_cell_make(self->segment, leaf, kind == RT_WRITE, false,
			  (uint8_t)(((1u << bytes) - 1) << offset)),
		  fresh, kept[RT_GRANULE_CELLS];
	do {
		fresh = mine;
		kept[0] = old.cell[1];
		kept[1] = 0;
		if (RT_LIKELY(is_renewed(old.cell[0], old.cell[1], mine)))
			continue;
		if (is_special(old.cell[0]) || is_special(old.cell[1]) ||
			!keep(self, old.cell[0], &fresh, &kept[0]) ||
			!keep(self, old.cell[1], &fresh, &kept[1]) || (kept[0] && kept[1]))
			return false;
	} while (!rt_granule_swap(granule, &old, (struct rt_granule){{fresh, kept[0] | kept[1]}}));
	/* See page.h. */
	if (__atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) != RT_PAGE_TOUCHED ||
		(__atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED) != fresh &&
			__atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED) != fresh))
		return false;
	rt_access_allow_look(self);
	self->counts[RT_COUNTER_ACCESSES]++;
	return true;
}

static RT_COLD void access_long(struct rt_thread *self, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, uintptr_t pc)
{
	struct rt_site site = rt_frames_site(self, pc);
	rt_access(self, &site, address, bytes, kind, RT_CLASS_DATA);
}

void rt_access_announced(const volatile void *address, size_t bytes, enum rt_access_kind kind, uintptr_t pc)
{
	struct rt_thread *self = rt_watching ? rt_enter_here() : NULL;
	if (!self)
		return;
	if (RT_UNLIKELY(!access_word(self, (uintptr_t)address, bytes, kind, pc)))
		access_long(self, address, bytes, kind, pc);
	rt_leave_here(self);
}
