#include "arena.h"

#include "backing.h"
#include "room.h"
#include "shadow/arena.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum {
	CODE_ALIGN = 16,
	SPANS_MOST = 256,
	SPAN_BYTES = 1 << 20, /* the least that is taken for clones at once */
	READY_BYTES = 1 << 18,
	GAPS_MOST = 64,    /* that are given back */
	GAP_PAGES_LOG = 6, /* a smaller one is of no use to anybody */
	GAP_LOGS = 32,
};

struct rt_arena {
	struct rt_range near, core; /* in reach of all of it */
	struct rt_room room;
	struct rt_backing backing;
	struct rt_range spans[SPANS_MOST]; /* for clones; the last is the one that is filled */
	uint32_t span_count;
	uintptr_t cursor, last_piece; /* in the last span */
	uintptr_t ready;              /* pages below it are there */
	/* what is mapped, once the rest was given back */
	struct rt_range runs[RT_REGIONS_MOST + GAPS_MOST];
	uint32_t run_count;
	bool is_sealed;
};

static size_t bytes_of(struct rt_range range)
{
	return range.high - range.low;
}

static size_t page_up(size_t bytes)
{
	return (bytes + RT_PAGE_BYTES - 1) & ~(size_t)(RT_PAGE_BYTES - 1);
}

uint8_t *rt_arena_at(struct rt_arena *arena, uintptr_t address)
{
	return rt_backing_at(&arena->backing, address);
}

/* ---- clones ---- */

static struct rt_range *last_span(struct rt_arena *arena)
{
	return arena->span_count ? &arena->spans[arena->span_count - 1] : NULL;
}

/* The pages behind the cursor are free again. */
static void close_span(struct rt_arena *arena)
{
	struct rt_range *span = last_span(arena);
	uintptr_t end = span ? page_up(arena->cursor) : 0;
	if (!span || end >= span->high)
		return;
	struct rt_range rest = {end, span->high};
	rt_backing_prefer_huge(&arena->backing, rest, false);
	rt_room_span_back(&arena->room, rest);
	span->high = end;
}

static struct rt_range clip(struct rt_range range, struct rt_range within)
{
	return (struct rt_range){range.low > within.low ? range.low : within.low,
		range.high < within.high ? range.high : within.high};
}

/* As near to the module as there is room. */
static bool open_span(struct rt_arena *arena, size_t bytes)
{
	if (arena->span_count == SPANS_MOST)
		return false;
	for (uint32_t i = 0; i < arena->backing.count; i++) {
		struct rt_range within = clip(arena->backing.regions[i].range, arena->core);
		if (within.low >= within.high)
			continue;
		uintptr_t low = rt_room_span(&arena->room, within, bytes, within.high <= arena->near.low);
		if (!low)
			continue;
		struct rt_range span = {low, low + bytes};
		rt_backing_prefer_huge(&arena->backing, span, true);
		arena->spans[arena->span_count++] = span;
		arena->cursor = arena->ready = low;
		return true;
	}
	return false;
}

static void make_ready(struct rt_arena *arena, const struct rt_range *span)
{
	uintptr_t from = page_up(arena->cursor > arena->ready ? arena->cursor : arena->ready);
	size_t bytes = span->high - from < READY_BYTES ? span->high - from : READY_BYTES;
	if (bytes)
		rt_sys_populate(rt_arena_at(arena, from), bytes);
	arena->ready = from + bytes;
}

uintptr_t rt_arena_code(struct rt_arena *arena, size_t bytes)
{
	struct rt_range *span = last_span(arena);
	if (!span || bytes > span->high - arena->cursor) {
		size_t whole = page_up(bytes);
		close_span(arena);
		if (!(whole < SPAN_BYTES && open_span(arena, SPAN_BYTES)) && !open_span(arena, whole))
			return 0;
	}
	arena->last_piece = arena->cursor;
	if (arena->cursor + bytes > arena->ready)
		make_ready(arena, last_span(arena));
	rt_arena_trim(arena, arena->last_piece, bytes);
	return arena->last_piece;
}

void rt_arena_trim(struct rt_arena *arena, uintptr_t code, size_t bytes)
{
	uintptr_t end = (code + bytes + CODE_ALIGN - 1) & ~(uintptr_t)(CODE_ALIGN - 1);
	if (code != arena->last_piece)
		return;
	arena->cursor = end < last_span(arena)->high ? end : last_span(arena)->high;
}

void rt_arena_back(struct rt_arena *arena, uintptr_t code)
{
	const struct rt_range *span = last_span(arena);
	if (span && code >= span->low && code < arena->cursor)
		arena->cursor = arena->last_piece = code;
}

bool rt_arena_is_piece(const struct rt_arena *arena, uintptr_t code, size_t bytes)
{
	for (uint32_t i = 0; i < arena->span_count; i++) {
		struct rt_range span = arena->spans[i];
		if (code >= span.low && code < span.high)
			return bytes <= span.high - code;
	}
	return false;
}

/* ---- jumps ---- */

uintptr_t rt_arena_jump(struct rt_arena *arena, uintptr_t low, uintptr_t high, uintptr_t step,
	uintptr_t remainder, bool fresh)
{
	return rt_room_jump(&arena->room, low, high, step, remainder, fresh);
}

void rt_arena_jump_back(struct rt_arena *arena, uintptr_t place)
{
	rt_room_jump_back(&arena->room, place);
}

/* ---- the end ---- */

/* How many gaps between pages in use there are, by the logarithm of their pages. */
static void count_gaps(const struct rt_arena *arena, uint32_t counts[GAP_LOGS])
{
	for (uint32_t i = 0; i < arena->backing.count; i++) {
		struct rt_range rest = arena->backing.regions[i].range, run;
		for (uintptr_t last = 0; rt_room_run(&arena->room, rest, &run); last = rest.low = run.high)
			if (last)
				counts[63 - __builtin_clzl((run.low - last) >> RT_PAGE_LOG)]++;
	}
}

/* The largest gaps are given back. The others stay ours, pages that are never touched: each run is one of the kernel's
 * mappings, of which a process may have 65,530. */
static size_t least_gap(const struct rt_arena *arena)
{
	uint32_t counts[GAP_LOGS], more = 0;
	unsigned log = GAP_LOGS;
	rt_bytes_zero(counts, sizeof(counts));
	count_gaps(arena, counts);
	while (log > GAP_PAGES_LOG && more + counts[log - 1] <= GAPS_MOST)
		more += counts[--log];
	return (size_t)RT_PAGE_BYTES << log;
}

static void list_runs(struct rt_arena *arena)
{
	size_t gap = least_gap(arena);
	for (uint32_t i = 0; i < arena->backing.count; i++) {
		struct rt_range rest = arena->backing.regions[i].range, run, *last = NULL;
		for (; rt_room_run(&arena->room, rest, &run); rest.low = run.high) {
			if (last && run.low - last->high < gap) {
				last->high = run.high;
				continue;
			}
			last = &arena->runs[arena->run_count++];
			*last = run;
		}
	}
}

/* Unmaps what lies between the runs. From then on only they are ours. */
static void give_gaps_back(struct rt_arena *arena)
{
	for (uint32_t i = 0; i < arena->backing.count; i++) {
		struct rt_range rest = arena->backing.regions[i].range;
		for (uint32_t run = 0; run < arena->run_count; run++) {
			struct rt_range *taken = &arena->runs[run];
			if (taken->low < rest.low || taken->high > rest.high)
				continue;
			rt_sys_munmap((void *)rest.low, taken->low - rest.low);
			rest.low = taken->high;
		}
		rt_sys_munmap((void *)rest.low, bytes_of(rest));
	}
}

bool rt_arena_seal(struct rt_arena *arena)
{
	close_span(arena);
	list_runs(arena);
	rt_backing_unmap(&arena->backing);
	give_gaps_back(arena);
	for (uint32_t i = 0; i < arena->run_count; i++)
		if (!rt_backing_run(&arena->backing, arena->runs[i]))
			return false;
	for (uint32_t i = 0; i < arena->run_count; i++)
		rt_reserved_add((void *)arena->runs[i].low, bytes_of(arena->runs[i]));
	rt_backing_close(&arena->backing);
	rt_room_fini(&arena->room);
	arena->is_sealed = true;
	return true;
}

void rt_arena_ranges(
	const struct rt_arena *arena, void (*visit)(struct rt_range range, void *data), void *data)
{
	for (uint32_t i = 0; i < arena->run_count; i++)
		visit(arena->runs[i], data);
}

void rt_arena_destroy(struct rt_arena *arena)
{
	if (!arena)
		return;
	for (uint32_t i = 0; i < arena->run_count && arena->is_sealed; i++)
		rt_reserved_remove((void *)arena->runs[i].low, bytes_of(arena->runs[i]));
	rt_backing_unmap(&arena->backing);
	rt_backing_close(&arena->backing);
	for (uint32_t i = 0; i < arena->run_count; i++)
		rt_sys_munmap((void *)arena->runs[i].low, bytes_of(arena->runs[i]));
	for (uint32_t i = 0; i < arena->backing.count && !arena->run_count; i++)
		rt_sys_munmap((void *)arena->backing.regions[i].range.low,
			bytes_of(arena->backing.regions[i].range));
	rt_room_fini(&arena->room);
	rt_free(arena, sizeof(*arena));
}

/* ---- the beginning ---- */

/* False: no memory. */
static bool take_regions(struct rt_arena *arena, const struct rt_reach *reach)
{
	for (uint32_t i = 0; i < reach->count; i++)
		rt_backing_add(&arena->backing, reach->regions[i]);
	arena->core = reach->core;
	if (!rt_room_init(&arena->room, reach->window))
		return false;
	for (uint32_t i = 0; i < reach->count; i++)
		rt_room_add(&arena->room, reach->regions[i]);
	return true;
}

/* The first span, before jumps are strewn over its place. */
static void open_first_span(struct rt_arena *arena, size_t bytes)
{
	size_t whole = page_up(bytes < SPAN_BYTES ? SPAN_BYTES : bytes);
	while (!open_span(arena, whole) && whole > SPAN_BYTES)
		whole = page_up(whole / 2);
}

static struct rt_arena *fail(struct rt_arena *arena, const char **why, const char *text)
{
	*why = text;
	rt_arena_destroy(arena);
	return NULL;
}

struct rt_arena *rt_arena_create(struct rt_range near, size_t bytes, const char **why)
{
	struct rt_arena *arena = rt_alloc(sizeof(*arena));
	if (!arena)
		return fail(NULL, why, "no memory");
	arena->near = near;
	rt_backing_init(&arena->backing);
	struct rt_reach reach;
	reach.count = 0;
	reach.bytes = 0;
	if (!rt_reach_reserve(&reach, near))
		return fail(arena, why, "no address space is free in reach of the code");
	if (!take_regions(arena, &reach))
		return fail(arena, why, "no memory");
	if (!rt_backing_open(&arena->backing))
		return fail(arena, why, "the system refuses executable memory");
	open_first_span(arena, bytes);
	return arena;
}
