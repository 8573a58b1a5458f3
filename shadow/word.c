/* The short way of the commonest access: bytes of one granule, at an announced place, where nothing is unusual. It knows
 * nothing that access.c does not: whatever it gives up half way, the long way does again. */
#include "access.h"
#include "activation.h"
#include "allocator.h"
#include "announced.h"
#include "enter.h"
#include "infer.h"
#include "overflow.h"
#include "owner.h"
#include "single.h"
#include "unite.h"

struct rt_allocator rt_allocator;

/* Not an access: a page's tag, a list's tag, or a poison. */
static inline bool is_special(rt_cell_t cell)
{
	return cell >= RT_CELL_PAGE;
}

/* What keep_old of access.c says, into *kept. False: a finding, or no short way to say it. */
static inline __attribute__((always_inline)) bool keep(
	const struct rt_thread *self, rt_cell_t old, rt_cell_t *fresh, rt_cell_t *kept)
{
	*kept = 0;
	if (!old)
		return true;
	bool ordered = rt_cell_ordered(self, old);
	if (RT_UNLIKELY(ordered ? rt_context_is_free(rt_cell_context(old)) : rt_cells_conflict(old, *fresh)))
		return false;
	*kept = rt_cell_rest(old, ordered, fresh);
	return true;
}

/* The same access in an earlier epoch of this thread. */
static inline bool is_earlier(rt_cell_t cell, rt_cell_t mine)
{
	const rt_cell_t any_epoch = ((1ull << RT_EPOCH_BITS) - 1) << RT_CELL_SEGMENT_SHIFT;
	return !((cell ^ mine) & ~any_epoch);
}

/* It is the newest there, and the other does not conflict: what is kept of that is not changed by this one. */
static inline bool is_renewed(rt_cell_t newest, rt_cell_t second, rt_cell_t mine)
{
	return is_earlier(newest, mine) && !is_special(second) && !rt_cells_conflict(second, mine);
}

/* ---- lists ---- */

/* A read by the same thread that `mine`, a read, takes the place of. */
static inline bool is_own_read(rt_cell_t cell, rt_cell_t mine)
{
	return rt_cell_segment(cell) >> RT_EPOCH_BITS == rt_cell_segment(mine) >> RT_EPOCH_BITS &&
	       rt_cell_is_read(cell) && !(cell & ~mine & 0xff);
}

/* Among plain reads only, a read conflicts with none, and takes the place of the thread's own before. So what many threads
 * read again and again costs the same however many they are. Where it is not found the read is added; what it makes
 * superfluous goes when the list is full (access.c). */
static bool renew_read(struct rt_thread *self, struct rt_overflow *list, rt_cell_t tag, rt_cell_t mine)
{
	const struct rt_list_hint *hint = rt_list_hint(self, tag);
	if (!rt_cell_is_read(mine) || !list->only_reads)
		return false;
	if (hint->list == rt_overflow_id(tag) && hint->index < list->count &&
		is_own_read(list->cells[hint->index], mine)) {
		list->cells[hint->index] = mine;
		return true;
	}
	if (list->count < RT_OVERFLOW_SHORT || list->count == list->room)
		return false;
	rt_overflow_push(list, mine);
	rt_list_hint_set(self, tag, list);
	return true;
}

/* The list's cells, as change_granule of access.c would have them. False: nothing was done, for a finding, or because it is
 * long. */
static bool change_list(struct rt_thread *self, struct rt_overflow *list, rt_cell_t tag, rt_cell_t mine)
{
	rt_cell_t kept[RT_OVERFLOW_SHORT + 1], fresh = mine;
	uint32_t count = 0;
	if (list->count >= RT_OVERFLOW_SHORT)
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		if (is_special(list->cells[i]) || !keep(self, list->cells[i], &fresh, &kept[count]))
			return false;
		count += kept[count] != 0;
	}
	count = rt_cells_unite_all(self, kept, count);
	kept[count++] = fresh;
	if (!rt_overflow_replace(list, kept, count))
		rt_count(RT_COUNTER_NO_OVERFLOW);
	rt_list_hint_set(self, tag, list);
	return true;
}

/* An access to a granule that has a list. */
static bool access_listed(struct rt_thread *self, struct rt_granule *granule, rt_cell_t mine)
{
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (!list)
		return false;
	rt_cell_t tag = granule->cell[1];
	if (!renew_read(self, list, tag, mine) && !change_list(self, list, tag, mine)) {
		rt_overflow_unlock(granule, list, granule->cell[0]);
		return false;
	}
	/* Whoever would fold the page saw the list before, and does not, or sees this cell: it is looked for after that. */
	rt_overflow_unlock(granule, list, rt_overflow_filter(list->cells, list->count, mine));
	return true;
}

/* ---- the access ---- */

/* What a granule without a list holds after the access; *list: the one that was made for it. False: see keep. */
static inline __attribute__((always_inline)) bool add(struct rt_thread *self, const struct rt_granule *old,
	rt_cell_t mine, struct rt_granule *next, uint32_t *list)
{
	rt_cell_t kept[RT_GRANULE_CELLS + 1], fresh = mine;
	if (is_special(old->cell[0]) || is_special(old->cell[1]) ||
		!keep(self, old->cell[0], &fresh, &kept[1]) || !keep(self, old->cell[1], &fresh, &kept[0]))
		return false;
	rt_cell_t one = kept[0] | kept[1];
	if (RT_UNLIKELY(kept[0] && kept[1]) && !(one = rt_cells_unite(self, kept[0], kept[1]))) {
		kept[2] = fresh;
		*list = rt_overflow_create(kept, next);
		return *list;
	}
	*next = (struct rt_granule){{fresh, one}};
	return true;
}

/* A fold of the page came between, or another access: see page.h. Waits for the one. True: the access is there still, and
 * whoever folds, or wanted to, sees it. */
static RT_COLD bool is_recorded(uintptr_t address, struct rt_granule *granule, rt_cell_t left)
{
	rt_page_unfold(address, granule - address % RT_PAGE_BYTES / RT_GRANULE_BYTES);
	struct rt_granule now = rt_granule_load(granule);
	return now.cell[0] == left || now.cell[1] == left;
}

/* A granule before an access and after it. Those of a range mostly hold the same, and come to the same. */
struct change {
	struct rt_granule old, next;
	rt_cell_t mine; /* 0: none yet */
};

static inline bool is_again(const struct change *last, const struct rt_granule *old, rt_cell_t mine)
{
	return last->mine == mine && last->old.cell[0] == old->cell[0] && last->old.cell[1] == old->cell[1];
}

/* What a granule that holds `old` will hold. False: see keep; *list: see add. */
static inline __attribute__((always_inline)) bool find_next(struct rt_thread *self,
	const struct rt_granule *old, rt_cell_t mine, struct rt_granule *next, uint32_t *list)
{
	*list = 0;
	*next = (struct rt_granule){{mine, old->cell[1]}};
	return RT_LIKELY(is_renewed(old->cell[0], old->cell[1], mine)) || add(self, old, mine, next, list);
}

/* `mine` into a granule that held `old`. False: see keep; nothing was done. `last`: of a range, or NULL. */
static inline __attribute__((always_inline)) bool record(struct rt_thread *self, uintptr_t address,
	struct rt_granule *granule, struct rt_granule old, rt_cell_t mine, struct change *last)
{
	const uint16_t *word = rt_page_word(address);
	uint16_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	bool own = seen == self->page_word;
	if (RT_UNLIKELY(!own && seen != RT_PAGE_ALLS))
		return false;
	for (;; own = false) {
		struct rt_granule next;
		uint32_t list = 0;
		if (last && is_again(last, &old, mine))
			next = last->next;
		else if (RT_UNLIKELY(rt_cell_is_tag(old.cell[1])))
			return access_listed(self, granule, mine);
		else if (!find_next(self, &old, mine, &next, &list))
			return false;
		else if (last)
			*last = (struct change){old, next, list ? 0 : mine};
		if (RT_LIKELY(own) && RT_LIKELY(rt_granule_put(word, seen, granule, &old, next)))
			return true;
		if (RT_UNLIKELY(!rt_granule_swap(granule, &old, next))) {
			if (list)
				rt_overflow_cancel(list);
			continue;
		}
		if (RT_LIKELY(
			    __atomic_load_n(word, __ATOMIC_RELAXED) == seen &&
			    (__atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED) == next.cell[0] ||
				    __atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED) == next.cell[0])) ||
			is_recorded(address, granule, next.cell[0])) {
			if (RT_UNLIKELY(!--self->shared_changes))
				rt_page_claim(self, address);
			return true;
		}
		old = rt_granule_load(granule);
	}
}

/* The bytes of `what` have accesses of its epoch that are as strong. */
static inline bool is_covered(const struct rt_granule *granule, const struct rt_granule *old, rt_cell_t what)
{
	return rt_cell_is_there(old->cell[0], what) || rt_cell_is_there(old->cell[1], what) ||
	       (rt_cell_is_tag(old->cell[1]) && rt_overflow_covers(granule, what));
}

/* What it would say is said already by one of an epoch that is as good: that is made one of the present epoch, if it is the newest. */
static bool is_said(struct rt_thread *self, uintptr_t address, struct rt_granule *granule,
	struct rt_granule old, rt_cell_t mine)
{
	for (unsigned i = 0; i < RT_GRANULE_CELLS; i++) {
		rt_cell_t cell = rt_cell_as_of(old.cell[i], mine);
		if (!rt_cell_is_present(self, old.cell[i]) || !rt_cell_is_there(cell, mine) ||
			rt_context_is_free(rt_cell_context(cell)))
			continue;
		if (i == 0 && is_renewed(old.cell[0], old.cell[1], cell))
			record(self, address, granule, old, cell, NULL);
		return true;
	}
	return false;
}

void rt_words_skip(struct rt_words *words, rt_cell_t what)
{
	for (; words->at < words->end; rt_words_next(words)) {
		struct rt_granule old = rt_granule_look(words->granule);
		uint8_t mask = rt_granule_mask(words->at, words->low, words->end);
		if (!is_covered(words->granule, &old, what | mask))
			return;
	}
}

void rt_words_record(struct rt_thread *self, struct rt_words *words, rt_cell_t mine)
{
	struct change last = {.mine = 0};
	if (!rt_page_has_state(words->granule))
		return;
	self->range_changes += (words->end - words->at) / RT_GRANULE_BYTES;
	for (; words->at < words->end; rt_words_next(words)) {
		struct rt_granule old = rt_granule_look(words->granule);
		rt_cell_t cell = mine | rt_granule_mask(words->at, words->low, words->end);
		if (!is_again(&last, &old, cell) && is_covered(words->granule, &old, cell))
			continue;
		if (!record(self, words->at, words->granule, old, cell, &last))
			return;
	}
}

/* Who makes an access. */
struct place {
	struct rt_site *walked; /* NULL: its calls are announced */
	uintptr_t pc;
	uint32_t function;
	enum rt_class class;
};

static inline __attribute__((always_inline)) rt_ctx_t leaf_at(
	struct rt_thread *self, const struct place *place, enum rt_access_kind kind)
{
	rt_ctx_t path = place->walked ? rt_activation_find(self, place->walked) : rt_announced_path();
	if (place->walked && RT_UNLIKELY(!path) && !(path = rt_context_path(self, place->walked)))
		return rt_site_leaf(self, place->walked, kind, place->class);
	return rt_path_leaf(self, path, place->pc, place->function, kind, place->class);
}

static inline __attribute__((always_inline)) bool access_word(
	struct rt_thread *self, uintptr_t address, size_t bytes, enum rt_access_kind kind, struct place place)
{
	unsigned offset = address % RT_GRANULE_BYTES;
	if (RT_UNLIKELY(self->ignore_accesses))
		return false;
	struct rt_granule *granule = rt_granule_in_use(address);
	if (RT_UNLIKELY(!granule))
		return false;
	struct rt_granule old = rt_granule_look(granule);
	rt_thread_tick(self);
	rt_cell_t mine =
		rt_cell_make(self->segment, 0, false, false, (uint8_t)(((1u << bytes) - 1) << offset)) |
		rt_kind_bits[kind];
	rt_access_allow_look(self);
	self->counts[RT_COUNTER_ACCESSES]++;
	if (is_covered(granule, &old, mine))
		return true;
	if (RT_UNLIKELY(self->behind) && is_said(self, address, granule, old, mine))
		return true;
	mine |= (rt_cell_t)leaf_at(self, &place, kind) << RT_CELL_CONTEXT_SHIFT;
	return record(self, address, granule, old, mine, NULL);
}

bool rt_access_word(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes,
	enum rt_access_kind kind)
{
	struct place place = {.walked = rt_site_is_announced(site) ? NULL : site,
		.pc = site->pc,
		.function = site->function,
		.class = RT_CLASS_DATA};
	return address % RT_GRANULE_BYTES + bytes <= RT_GRANULE_BYTES &&
	       access_word(self, address, bytes, kind, place);
}

void rt_access_called(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, enum rt_access_kind kind)
{
	struct place place = {.pc = site->pc, .function = site->function, .class = RT_CLASS_SYNC};
	if (!access_word(self, (uintptr_t)address, 1, kind, place))
		rt_access(self, site, address, 1, kind, RT_CLASS_SYNC);
}

static RT_COLD void access_long(struct rt_thread *self, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, uintptr_t pc)
{
	struct rt_site site = rt_frames_site(pc);
	rt_access(self, &site, address, bytes, kind, RT_CLASS_DATA);
}

enum { SHORT_BYTES = 64 };

/* More than a granule's bytes, one after the other. */
static bool access_words(
	struct rt_thread *self, uintptr_t address, size_t bytes, enum rt_access_kind kind, struct place place)
{
	if (bytes > SHORT_BYTES)
		return false;
	while (bytes) {
		size_t part = RT_GRANULE_BYTES - address % RT_GRANULE_BYTES;
		part = part < bytes ? part : bytes;
		if (!access_word(self, address, part, kind, place))
			return false;
		address += part;
		bytes -= part;
	}
	return true;
}

static inline __attribute__((always_inline)) bool access_short(
	struct rt_thread *self, uintptr_t address, size_t bytes, enum rt_access_kind kind, struct place place)
{
	bool one = address % RT_GRANULE_BYTES + bytes <= RT_GRANULE_BYTES;
	return RT_LIKELY(one) ? access_word(self, address, bytes, kind, place)
			      : access_words(self, address, bytes, kind, place);
}

void rt_access_announced(const volatile void *address, size_t bytes, enum rt_access_kind kind, uintptr_t pc)
{
	bool told = rt_watching && !rt_single_skips((uintptr_t)address, bytes) && !rt_allocator_holds(pc);
	struct rt_thread *self = told ? rt_enter_here() : NULL;
	struct place place = {.pc = pc, .class = RT_CLASS_DATA};
	if (!self)
		return;
	if (RT_UNLIKELY(!access_short(self, (uintptr_t)address, bytes, kind, place)))
		access_long(self, address, bytes, kind, pc);
	rt_leave_here(self);
}

bool rt_access_walked(
	const volatile void *address, size_t bytes, enum rt_access_kind kind, struct rt_site *site)
{
	struct rt_thread *self = rt_watching ? rt_enter_here() : NULL;
	struct place place = {.walked = site, .pc = site->pc, .class = RT_CLASS_DATA};
	if (!self)
		return true;
	bool done = !rt_infer_is_marked((uintptr_t)address) &&
		    (rt_allocator_holds(site->pc) ||
			    access_short(self, (uintptr_t)address, bytes, kind, place)) &&
		    RT_LIKELY(!rt_infer_is_marked((uintptr_t)address)); /* see rt_infer_came */
	rt_leave_here(self);
	return done;
}
