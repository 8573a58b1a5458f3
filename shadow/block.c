/* Heap blocks. One descriptor a block, in a space of its own at the block's start: 16 bytes for 16.
 *
 *   start   63..40 allocation context | 39 starts at +8 | 38 see is_written | 37..0 size + 1, 0: no block
 *   end     63..40 context of the free | 39..20 allocating thread | 19..0 freeing thread, 0: it lives
 *
 * A freed block's descriptor stays until the address is allocated again. Two blocks of 8 bytes within one 16-byte unit
 * (some allocators make them) share a descriptor, and the later one has it. */
#include "memory.h"

#include "access.h"
#include "allocator.h"
#include "context.h"
#include "counters.h"
#include "given.h"
#include "judge.h"
#include "number.h"
#include "page.h"
#include "sample.h"
#include "shared.h"
#include "sync.h"
#include "sys.h"
#include "thread.h"
#include "tls.h"

enum {
	UNIT_BYTES = 16,
	CONTEXT_SHIFT = 40,
	THREAD_SHIFT = 20,
	THREAD_MASK = (1 << 20) - 1,
	NEAR_BYTES =
		1
		<< 16, /* how far back every unit is looked at for a block's start; larger blocks are ranges too */
	/* More than this passes over memory that was never accessed: a realloc in place, a free. */
	WHOLE_WRITE_BYTES = 1 << 15,
	WHOLE_FREE_BYTES = 1 << 30,
};
#define ODD_START (1ull << 39)
#define WRITTEN   (1ull << 38)
#define SIZE_MASK (WRITTEN - 1)

struct descriptor {
	uint64_t start, end;
};

static struct rt_space blocks;

bool rt_memory_init(bool directory_only)
{
	return rt_space_init(&blocks, 0, directory_only);
}

static struct descriptor *descriptor_at(uintptr_t address, bool create)
{
	size_t run;
	return (struct descriptor *)rt_space_at(
		&blocks, address & ~(uintptr_t)(UNIT_BYTES - 1), &run, create);
}

/* The descriptor of the block that starts exactly there. */
static struct descriptor *block_at(uintptr_t address)
{
	struct descriptor *block = descriptor_at(address, false);
	bool odd = address & (UNIT_BYTES / 2);
	return block && (block->start & SIZE_MASK) && odd == !!(block->start & ODD_START) ? block : NULL;
}

static size_t size_of(const struct descriptor *block)
{
	return (block->start & SIZE_MASK) - 1;
}

static size_t rounded(size_t bytes)
{
	return (bytes + RT_GRANULE_BYTES - 1) & ~(size_t)(RT_GRANULE_BYTES - 1);
}

/* Something was freed while accesses were recorded: their cells outlast the time when nothing is watched, in which the memory may
 * be given out again. */
static bool freed;

static bool is_to_forget(void)
{
	return rt_watching || __atomic_load_n(&freed, __ATOMIC_RELAXED);
}

/* The block is there, the first `known` bytes of its memory are what they were. */
static struct descriptor *appear(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, size_t known)
{
	if (is_to_forget())
		rt_cells_forget(address + known, rounded(bytes) - known);
	rt_sync_forget_range(address, bytes);
	rt_names_forget(address, bytes);
	if (RT_UNLIKELY(bytes >= NEAR_BYTES))
		rt_range_block(address, bytes);
	struct descriptor *descriptor = descriptor_at(address, true);
	if (!descriptor)
		return NULL;
	if (!rt_sample_takes(site->pc)) /* its size and thread matter more than who called it */
		rt_context_cut(site);
	rt_ctx_t context = rt_site_context(self, site, RT_WRITE);
	descriptor->end = (uint64_t)(self->id & THREAD_MASK) << THREAD_SHIFT;
	descriptor->start = ((uint64_t)context << CONTEXT_SHIFT) |
			    (address & (UNIT_BYTES / 2) ? ODD_START : 0) | ((bytes + 1) & SIZE_MASK);
	self->counts[RT_COUNTER_BLOCKS]++;
	return descriptor;
}

void rt_block_alloc(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes)
{
	appear(self, site, (uintptr_t)block, bytes, 0);
}

/* An access to all of a range, or of a large one to what was ever accessed. */
static void access_touched(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes,
	enum rt_access_kind kind)
{
	uintptr_t end = address + bytes, from = address;
	if (bytes <= (kind == RT_WRITE ? (size_t)WHOLE_WRITE_BYTES : (size_t)WHOLE_FREE_BYTES)) {
		rt_access(self, site, (void *)address, bytes, kind, RT_CLASS_DATA);
		return;
	}
	while ((from = rt_page_next_touched(from, end)) < end) {
		uintptr_t to = from;
		do
			to = (to & ~(uintptr_t)(RT_PAGE_BYTES - 1)) + RT_PAGE_BYTES;
		while (to < end && rt_page_is_touched(to));
		to = to < end ? to : end;
		rt_access(self, site, (void *)from, to - from, kind, RT_CLASS_DATA);
		from = to;
	}
}

static bool lives(const struct descriptor *block)
{
	return block && !(block->end & THREAD_MASK);
}

/* Of a block that lives; the first `known` bytes need not be told. */
static size_t leave(struct rt_thread *self, struct rt_site *site, struct descriptor *descriptor,
	uintptr_t address, size_t known)
{
	size_t bytes = size_of(descriptor);
	if (rt_watching) {
		__atomic_store_n(&freed, true, __ATOMIC_RELAXED);
		if (rt_sample_takes(site->pc))
			access_touched(self, site, address + known, bytes - known, RT_FREE);
	}
	if (RT_UNLIKELY(rt_allocator.gives_unseen)) { /* whose it is next nobody tells */
		rt_cells_forget(address, rounded(bytes));
		descriptor->start = 0;
		return bytes;
	}
	/* Walked already where something was recorded; where nothing is watched the walk is not worth its time. */
	rt_ctx_t context = site->callers ? rt_site_context(self, site, RT_FREE) : 0;
	descriptor->end = ((uint64_t)context << CONTEXT_SHIFT) |
			  (descriptor->end & ((uint64_t)THREAD_MASK << THREAD_SHIFT)) |
			  (self->id & THREAD_MASK);
	return bytes;
}

/* A block that is not known, or was freed already, is the real free's business. */
size_t rt_block_free(struct rt_thread *self, struct rt_site *site, void *block)
{
	struct descriptor *descriptor = block_at((uintptr_t)block);
	return lives(descriptor) ? leave(self, site, descriptor, (uintptr_t)block, 0) : 0;
}

/* ---- realloc where the block stays ---- */

static struct rt_written_block *written_at(struct rt_thread *self, uintptr_t address)
{
	return &self->written[address / UNIT_BYTES % RT_WRITTEN_BLOCKS];
}

/* Nothing but the thread's own note has the bytes, and nothing but the descriptor knows that the block is still the one that was
 * noted: whoever allocates it anew leaves no WRITTEN there. */
static bool is_written(struct rt_thread *self, const struct descriptor *block, uintptr_t address)
{
	const struct rt_written_block *written = written_at(self, address);
	return block->start & WRITTEN && ((block->end >> THREAD_SHIFT) & THREAD_MASK) == self->id &&
	       written->address == address && written->segment == self->segment && !self->tick_pending &&
	       written->bytes <= size_of(block) && (rt_watching & RT_WATCH_THREADS) &&
	       !rt_allocator.gives_unseen;
}

struct rt_reallocated rt_block_leaves(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes)
{
	uintptr_t address = (uintptr_t)block;
	struct descriptor *descriptor = block_at(address);
	struct rt_reallocated old = {.bytes = 0};
	if (!lives(descriptor))
		return old;
	if (bytes >= size_of(descriptor) && is_written(self, descriptor, address)) {
		old.written = written_at(self, address)->bytes;
		old.segment = self->segment;
	}
	old.bytes = leave(self, site, descriptor, address, old.written);
	return old;
}

/* A large part is written where it was touched alone, and the next realloc has to look for more. */
void rt_block_stayed(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes,
	const struct rt_reallocated *old)
{
	uintptr_t address = (uintptr_t)block;
	struct descriptor *descriptor = appear(self, site, address, bytes, old->written);
	if (!rt_watching || !rt_sample_takes(site->pc))
		return;
	size_t more = old->bytes - old->written;
	access_touched(self, site, address + old->written, more, RT_WRITE);
	if (!descriptor || self->ignore_accesses || self->tick_pending || more > WHOLE_WRITE_BYTES ||
		(old->written && self->segment != old->segment))
		return;
	*written_at(self, address) = (struct rt_written_block){address, old->bytes, self->segment};
	descriptor->start |= WRITTEN;
}

void rt_block_left(
	struct rt_thread *self, struct rt_site *site, const void *block, const struct rt_reallocated *old)
{
	if (!old->written || !rt_watching)
		return;
	rt_ctx_t context = rt_site_context(self, site, RT_FREE);
	rt_cells_left((uintptr_t)block, old->written, old->segment,
		rt_cell_make(rt_thread_aside(self), context, true, false, 0));
}

void rt_block_extend(struct rt_thread *self, void *block, size_t bytes)
{
	(void)self;
	struct descriptor *descriptor = block_at((uintptr_t)block);
	if (!lives(descriptor) || size_of(descriptor) >= bytes)
		return;
	size_t old = rounded(size_of(descriptor));
	if (is_to_forget() && bytes > old) /* they may remember an earlier block */
		rt_cells_forget((uintptr_t)block + old, bytes - old);
	descriptor->start += bytes - size_of(descriptor);
}

void rt_range_fresh(struct rt_thread *self, const volatile void *address, size_t bytes)
{
	(void)self;
	rt_shared_detach((uintptr_t)address, bytes);
	rt_cells_forget((uintptr_t)address, bytes);
	rt_sync_forget_range((uintptr_t)address, bytes);
	rt_ranges_forget((uintptr_t)address, bytes);
	if (!((uintptr_t)address % RT_PAGE_BYTES)) /* blocks, too, are gone with their pages */
		rt_space_clear(&blocks, (uintptr_t)address, bytes & ~(size_t)(UNIT_BYTES - 1));
}

void rt_range_unmap(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes)
{
	rt_shared_unmap(self, site, (uintptr_t)address, bytes);
	if (rt_watching)
		access_touched(self, site, (uintptr_t)address, bytes, RT_UNMAP);
	rt_range_fresh(self, address, bytes);
}

void rt_range_drop(
	struct rt_thread *self, struct rt_site *site, void *address, size_t bytes, enum rt_access_kind kind)
{
	if (kind == RT_UNMAP)
		rt_shared_unmap(self, site, (uintptr_t)address, bytes);
	access_touched(self, site, (uintptr_t)address, bytes, kind);
}

struct found {
	struct descriptor *block; /* NULL: none */
	uintptr_t start;
};

/* A block that lives is the address's; one that was freed may have lain around the start of a later one, or inside of it. */
static void look_at(uintptr_t unit, uintptr_t address, struct found *found)
{
	for (int odd = 1; odd >= 0; odd--) {
		uintptr_t start = unit + (odd ? UNIT_BYTES / 2 : 0);
		struct descriptor *block = start <= address ? block_at(start) : NULL;
		if (block && address - start < size_of(block) && (!found->block || lives(block)))
			*found = (struct found){block, start};
	}
}

/* The block around an address: the one that lives, else the freed one with the nearest start. */
static struct found block_around(uintptr_t address)
{
	struct found found = {NULL, 0};
	uintptr_t at = address & ~(uintptr_t)(UNIT_BYTES - 1);
	for (size_t back = 0; back < NEAR_BYTES && at >= UNIT_BYTES && !lives(found.block);
		back += UNIT_BYTES, at -= UNIT_BYTES)
		look_at(at, address, &found);
	uintptr_t large = lives(found.block) ? 0 : rt_range_block_at(address);
	if (large)
		look_at(large & ~(uintptr_t)(UNIT_BYTES - 1), address, &found);
	return found;
}

bool rt_memory_locate_block(uintptr_t address, struct rt_memory_location *location)
{
	struct found found = block_around(address);
	struct descriptor *block = found.block;
	if (!block || (!lives(block) && rt_judge_is_loaded(address)))
		return false;
	location->kind = RT_LOCATION_HEAP;
	location->address = found.start;
	location->bytes = size_of(block);
	location->context = (rt_ctx_t)(block->start >> CONTEXT_SHIFT);
	location->thread = (block->end >> THREAD_SHIFT) & THREAD_MASK;
	location->freed_context = (rt_ctx_t)(block->end >> CONTEXT_SHIFT);
	location->freed_thread = block->end & THREAD_MASK;
	return true;
}

void rt_memory_locate(uintptr_t address, struct rt_memory_location *location)
{
	*location = (struct rt_memory_location){.kind = RT_LOCATION_UNKNOWN, .address = address};
	if (rt_number_locate(address, location) || rt_tls_locate(address, location))
		return;
	bool is_block = rt_memory_locate_block(address, location);
	uintptr_t low, high;
	uint32_t owner = is_block ? 0 : rt_thread_of_stack(address, &low, &high);
	if (owner) {
		location->kind = RT_LOCATION_STACK;
		location->thread = owner;
		location->address = low;
		location->bytes = high - low;
		return;
	}
	rt_ranges_find(address, location);
	if (location->kind == RT_LOCATION_UNKNOWN)
		rt_given_locate(address, location);
}
