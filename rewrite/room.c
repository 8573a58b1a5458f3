#include "room.h"

#include "bits.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum {
	WORD_BITS = 64,
	NO_PAGE = UINT32_MAX,
	TRIES = 24, /* pages that are looked at for a place */
	SLOTS_LEAST = 1024,
};

static size_t bitmap_bytes(const struct rt_room *room)
{
	return ((size_t)room->pages / WORD_BITS + 2) * sizeof(uint64_t);
}

static size_t words_bytes(const struct rt_room *room)
{
	return (bitmap_bytes(room) / sizeof(uint64_t) / WORD_BITS + 2) * sizeof(uint64_t);
}

static bool make_sparse(const struct rt_room *room, struct rt_sparse_bits *sparse)
{
	sparse->bits = rt_sys_pages(bitmap_bytes(room));
	sparse->words = rt_sys_pages(words_bytes(room));
	return sparse->bits && sparse->words;
}

bool rt_room_init(struct rt_room *room, struct rt_range window)
{
	room->base = window.low;
	room->pages = (uint32_t)((window.high - window.low) >> RT_PAGE_LOG);
	room->taken = rt_sys_pages(bitmap_bytes(room));
	return make_sparse(room, &room->available) && make_sparse(room, &room->open) && room->taken;
}

void rt_room_fini(struct rt_room *room)
{
	uint64_t *bitmaps[] = {room->available.bits, room->taken, room->open.bits},
		 *words[] = {room->available.words, room->open.words};
	for (unsigned i = 0; i < RT_COUNT(bitmaps); i++)
		if (bitmaps[i])
			rt_sys_munmap(bitmaps[i], bitmap_bytes(room));
	for (unsigned i = 0; i < RT_COUNT(words); i++)
		if (words[i])
			rt_sys_munmap(words[i], words_bytes(room));
	rt_free(room->slots, room->slot_count * sizeof(*room->slots));
	for (unsigned i = 0; i < RT_ROOM_CHUNKS && room->chunks[i]; i++)
		rt_free(room->chunks[i], RT_ROOM_CHUNK * sizeof(struct rt_room_page));
	rt_bytes_zero(room, sizeof(*room));
}

static uint32_t page_of(const struct rt_room *room, uintptr_t address)
{
	return (uint32_t)((address - room->base) >> RT_PAGE_LOG);
}

static uintptr_t address_of(const struct rt_room *room, uint32_t page)
{
	return room->base + ((uintptr_t)page << RT_PAGE_LOG);
}

void rt_room_add(struct rt_room *room, struct rt_range range)
{
	for (uint32_t page = page_of(room, range.low), end = page_of(room, range.high); page < end;)
		if (page % WORD_BITS == 0 && end - page >= WORD_BITS) {
			room->available.bits[page / WORD_BITS] = UINT64_MAX;
			rt_bit_set(room->available.words, page / WORD_BITS);
			page += WORD_BITS;
		} else {
			rt_sparse_set(&room->available, page++);
		}
}

static void take_page(struct rt_room *room, uint32_t page)
{
	rt_bit_clear(room->available.bits, page);
	rt_bit_set(room->taken, page);
}

static void give_page(struct rt_room *room, uint32_t page)
{
	rt_bit_clear(room->taken, page);
	rt_sparse_set(&room->available, page);
}

bool rt_room_run(const struct rt_room *room, struct rt_range within, struct rt_range *run)
{
	uint32_t end = page_of(room, within.high),
		 first = rt_bit_next(room->taken, page_of(room, within.low), end);
	uint32_t after = first;
	while (after < end && rt_bit(room->taken, after))
		after++;
	*run = (struct rt_range){address_of(room, first), address_of(room, after)};
	return first < end;
}

/* ---- spans ---- */

/* The first of `count` pages in a row in [low, high), or NO_PAGE. */
static uint32_t find_from_low(const struct rt_room *room, uint32_t low, uint32_t high, uint32_t count)
{
	uint32_t free = 0;
	for (uint32_t page = low; page < high; page++) {
		free = rt_bit(room->available.bits, page) ? free + 1 : 0;
		if (free == count)
			return page + 1 - count;
	}
	return NO_PAGE;
}

static uint32_t find_from_high(const struct rt_room *room, uint32_t low, uint32_t high, uint32_t count)
{
	uint32_t free = 0;
	for (uint32_t page = high; page-- > low;) {
		free = rt_bit(room->available.bits, page) ? free + 1 : 0;
		if (free == count)
			return page;
	}
	return NO_PAGE;
}

uintptr_t rt_room_span(struct rt_room *room, struct rt_range within, size_t bytes, bool from_high)
{
	uint32_t low = page_of(room, within.low), high = page_of(room, within.high);
	uint32_t count = (uint32_t)(bytes >> RT_PAGE_LOG);
	if (!count || bytes > within.high - within.low)
		return 0;
	uint32_t first = (from_high ? find_from_high : find_from_low)(room, low, high, count);
	if (first == NO_PAGE)
		return 0;
	for (uint32_t page = first; page < first + count; page++)
		take_page(room, page);
	return address_of(room, first);
}

void rt_room_span_back(struct rt_room *room, struct rt_range pages)
{
	for (uint32_t page = page_of(room, pages.high), low = page_of(room, pages.low); page-- > low;)
		give_page(room, page);
}

/* ---- places ---- */

/* The page's slot, or the free one that it would have. */
static struct rt_room_slot *slot_of(const struct rt_room *room, uint32_t page)
{
	uint32_t at = page * 0x9e3779b1u;
	for (at ^= at >> 15;; at++) {
		struct rt_room_slot *slot = &room->slots[at & (room->slot_count - 1)];
		if (!slot->index || slot->page == page)
			return slot;
	}
}

/* Room for one more. False: no memory. */
static bool make_slots(struct rt_room *room)
{
	struct rt_room_slot *old = room->slots;
	uint32_t old_count = room->slot_count;
	if (2 * (room->page_count + 1) <= old_count)
		return true;
	uint32_t count = old_count ? 2 * old_count : SLOTS_LEAST;
	struct rt_room_slot *slots = rt_alloc(count * sizeof(*slots));
	if (!slots)
		return false;
	room->slots = slots;
	room->slot_count = count;
	for (uint32_t i = 0; i < old_count; i++)
		if (old[i].index)
			*slot_of(room, old[i].page) = old[i];
	rt_free(old, old_count * sizeof(*old));
	return true;
}

static struct rt_room_page *places_of(struct rt_room *room, uint32_t page)
{
	uint32_t index = slot_of(room, page)->index - 1;
	return &room->chunks[index / RT_ROOM_CHUNK][index % RT_ROOM_CHUNK];
}

/* Somewhere to write down the page's places. False: no memory. */
static bool describe_page(struct rt_room *room, uint32_t page)
{
	uint32_t chunk = room->page_count / RT_ROOM_CHUNK;
	if (!make_slots(room))
		return false;
	struct rt_room_slot *slot = slot_of(room, page);
	if (slot->index) /* it was given back once */
		return true;
	if (chunk == RT_ROOM_CHUNKS)
		return false;
	if (!room->chunks[chunk]) {
		const size_t bytes = RT_ROOM_CHUNK * sizeof(struct rt_room_page);
		room->chunks[chunk] = rt_alloc(bytes);
		if (!room->chunks[chunk])
			return false;
		rt_sys_populate(room->chunks[chunk], bytes);
	}
	*slot = (struct rt_room_slot){page, ++room->page_count};
	return true;
}

/* Takes a page for jumps. False: no memory. */
static bool open_page(struct rt_room *room, uint32_t page)
{
	if (!describe_page(room, page))
		return false;
	take_page(room, page);
	rt_sparse_set(&room->open, page);
	return true;
}

static bool is_free(const struct rt_room_page *places, uint32_t at)
{
	return !(rt_bits_from(places->used, at) & ((1u << RT_JUMP_BYTES) - 1));
}

/* Bytes of a word that begin a place. */
static uint64_t starts_in(const struct rt_room_page *places, uint32_t word)
{
	uint64_t here = ~places->used[word], next = word + 1 < WORD_BITS ? ~places->used[word + 1] : 0;
	uint64_t starts = here;
	for (unsigned i = 1; i < RT_JUMP_BYTES; i++)
		starts &= here >> i | next << (WORD_BITS - i);
	return starts;
}

enum { NO_PLACE = RT_PAGE_BYTES, LAST_PLACE = RT_PAGE_BYTES - RT_JUMP_BYTES };

static uint32_t find_any(const struct rt_room_page *places, uint32_t low, uint32_t high)
{
	for (uint32_t at = low; at <= high; at = (at / WORD_BITS + 1) * WORD_BITS) {
		uint64_t starts = starts_in(places, at / WORD_BITS) >> at % WORD_BITS;
		if (!starts)
			continue;
		at += (uint32_t)__builtin_ctzll(starts);
		return at <= high ? at : NO_PLACE;
	}
	return NO_PLACE;
}

/* What is asked for. */
struct wish {
	uintptr_t low, high, step, remainder;
};

static uintptr_t first_from(const struct wish *wish, uintptr_t address)
{
	return address + ((wish->remainder - address) & (wish->step - 1));
}

/* A place in an open page; the page is closed when nothing at all fits any more. */
static uintptr_t take_in(struct rt_room *room, const struct wish *wish, uint32_t page)
{
	struct rt_room_page *places = places_of(room, page);
	uintptr_t base = address_of(room, page);
	uint32_t low = wish->low > base + places->from ? (uint32_t)(wish->low - base) : places->from;
	uint32_t high = wish->high < base + LAST_PLACE ? (uint32_t)(wish->high - base) : LAST_PLACE;
	uint32_t at = NO_PLACE;
	if (wish->step == 1) {
		at = find_any(places, low, high);
		if (low == places->from && at != NO_PLACE)
			places->from = (uint16_t)(at + RT_JUMP_BYTES);
		if (low == places->from && high == LAST_PLACE && at == NO_PLACE)
			rt_bit_clear(room->open.bits, page);
	} else {
		for (uintptr_t i = first_from(wish, base + low); i <= base + high && at == NO_PLACE;
			i += wish->step)
			if (is_free(places, (uint32_t)(i - base)))
				at = (uint32_t)(i - base);
	}
	if (at == NO_PLACE)
		return 0;
	for (uint32_t i = 0; i < RT_JUMP_BYTES; i++)
		rt_bit_set(places->used, at + i);
	places->count++;
	return base + at;
}

static uintptr_t take_in_open(struct rt_room *room, const struct wish *wish, uint32_t first, uint32_t end)
{
	unsigned tries = TRIES;
	for (uint32_t page = first; tries-- && (page = rt_sparse_next(&room->open, page, end)) < end;
		page++) {
		uintptr_t place = take_in(room, wish, page);
		if (place)
			return place;
	}
	return 0;
}

/* In the first available page that has a place for the wish. */
static uintptr_t take_in_fresh(struct rt_room *room, const struct wish *wish, uint32_t first, uint32_t end)
{
	unsigned tries = TRIES;
	for (uint32_t page = first; tries-- && (page = rt_sparse_next(&room->available, page, end)) < end;
		page++) {
		uintptr_t base = address_of(room, page);
		uintptr_t place = first_from(wish, wish->low > base ? wish->low : base);
		if (place <= wish->high && place <= base + LAST_PLACE)
			return open_page(room, page) ? take_in(room, wish, page) : 0;
	}
	return 0;
}

/* A place at the address, if its page has one. */
static uintptr_t take_at(struct rt_room *room, uintptr_t at, uint32_t page, bool fresh)
{
	struct wish exactly = {at, at, 1, 0};
	if (at - address_of(room, page) > LAST_PLACE)
		return 0;
	bool is_open = rt_bit(room->open.bits, page);
	if (!is_open && fresh && rt_bit(room->available.bits, page))
		is_open = open_page(room, page);
	return is_open ? take_in(room, &exactly, page) : 0;
}

/* So few addresses that each can be looked at whose page may have a place. */
static uintptr_t take_of_few(struct rt_room *room, const struct wish *wish, bool fresh)
{
	uint32_t end = page_of(room, wish->high) + 1;
	for (uintptr_t at = first_from(wish, wish->low); at <= wish->high;) {
		uint32_t page = page_of(room, at), next = rt_sparse_next(&room->open, page, end);
		if (fresh && next > page)
			next = rt_sparse_next(&room->available, page, next);
		uintptr_t place = next == page ? take_at(room, at, page, fresh) : 0;
		if (place || next == end)
			return place;
		at = next == page ? at + wish->step : first_from(wish, address_of(room, next));
	}
	return 0;
}

uintptr_t rt_room_jump(
	struct rt_room *room, uintptr_t low, uintptr_t high, uintptr_t step, uintptr_t remainder, bool fresh)
{
	struct wish wish = {low, high, step, remainder};
	if (low < room->base)
		wish.low = room->base;
	if (high > address_of(room, room->pages) - RT_JUMP_BYTES)
		wish.high = address_of(room, room->pages) - RT_JUMP_BYTES;
	if (wish.low > wish.high)
		return 0;
	if (step >= RT_PAGE_BYTES)
		return take_of_few(room, &wish, fresh);
	uint32_t first = page_of(room, wish.low), end = page_of(room, wish.high) + 1;
	uintptr_t place = take_in_open(room, &wish, first, end);
	return place || !fresh ? place : take_in_fresh(room, &wish, first, end);
}

void rt_room_jump_back(struct rt_room *room, uintptr_t place)
{
	uint32_t page = page_of(room, place), at = (uint32_t)(place - address_of(room, page));
	struct rt_room_page *places = places_of(room, page);
	for (uint32_t i = 0; i < RT_JUMP_BYTES; i++)
		rt_bit_clear(places->used, at + i);
	if (at < places->from)
		places->from = (uint16_t)at;
	rt_sparse_set(&room->open, page);
	if (--places->count)
		return;
	rt_bit_clear(room->open.bits, page);
	give_page(room, page);
}
