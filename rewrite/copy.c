#include "copy.h"

#include "shadow/engine.h"
#include "shadow/sys.h"

enum { PAGES_AT_ONCE = 64 }; /* a word of the bitmap `changed` */
enum { SPARE_WORDS = 4 };    /* whoever looks at 64 bytes may look behind the last */

static size_t bitmap_bytes(size_t bits)
{
	return (bits / 64 + SPARE_WORDS) * sizeof(uint64_t);
}

static size_t copied_bytes(const struct rt_copy *copy)
{
	return (size_t)copy->page_count << RT_PAGE_LOG;
}

bool rt_copy_init(struct rt_copy *copy, const struct rt_code *text)
{
	uintptr_t end = text->start + text->bytes;
	copy->text = *text;
	copy->first_page = text->start & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	copy->page_count = (uint32_t)((end - copy->first_page + RT_PAGE_BYTES - 1) >> RT_PAGE_LOG);
	copy->bytes = rt_sys_pages(copied_bytes(copy));
	copy->changed = rt_sys_pages(bitmap_bytes(copy->page_count));
	copy->locked = rt_sys_pages(bitmap_bytes(text->bytes));
	copy->free = rt_sys_pages(bitmap_bytes(text->bytes));
	copy->entered = rt_sys_pages(bitmap_bytes(text->bytes));
	return copy->bytes && copy->changed && copy->locked && copy->free && copy->entered;
}

void rt_copy_fini(struct rt_copy *copy)
{
	uint64_t *bitmaps[] = {copy->locked, copy->free, copy->entered};
	for (unsigned i = 0; i < RT_COUNT(bitmaps); i++)
		if (bitmaps[i])
			rt_sys_munmap(bitmaps[i], bitmap_bytes(copy->text.bytes));
	if (copy->changed)
		rt_sys_munmap(copy->changed, bitmap_bytes(copy->page_count));
	if (copy->bytes)
		rt_sys_munmap(copy->bytes, copied_bytes(copy));
}

/* Where one page is changed its neighbours will be, too. */
static void populate_around(const struct rt_copy *copy, uint32_t page)
{
	uint32_t first = page / PAGES_AT_ONCE * PAGES_AT_ONCE, left = copy->page_count - first;
	if (!copy->changed[page / PAGES_AT_ONCE])
		rt_sys_populate(copy->bytes + ((size_t)first << RT_PAGE_LOG),
			(size_t)(left < PAGES_AT_ONCE ? left : PAGES_AT_ONCE) << RT_PAGE_LOG);
}

/* What else lies in the first and the last page is the segment's file around the text. */
static void copy_page(struct rt_copy *copy, uint32_t page)
{
	uintptr_t low = copy->first_page + ((uintptr_t)page << RT_PAGE_LOG), high = low + RT_PAGE_BYTES;
	uintptr_t start = copy->text.start, end = start + copy->text.bytes;
	uint8_t *to = copy->bytes + (low - copy->first_page);
	populate_around(copy, page);
	if (low < start || high > end)
		rt_bytes_copy(to, (const void *)low, RT_PAGE_BYTES);
	uintptr_t from = low < start ? start : low, until = high > end ? end : high;
	rt_bytes_copy(to + (from - low), copy->text.code + (from - start), until - from);
	rt_bit_set(copy->changed, page);
}

void rt_copy_put(struct rt_copy *copy, uint32_t offset, const uint8_t *bytes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uintptr_t at = copy->text.start + offset + i - copy->first_page;
		uint32_t page = (uint32_t)(at >> RT_PAGE_LOG);
		if (!rt_bit(copy->changed, page))
			copy_page(copy, page);
		copy->bytes[at] = bytes[i];
	}
	rt_copy_lock(copy, offset, count);
}

void rt_copy_put_word(struct rt_copy *copy, uint32_t index, uint64_t word)
{
	uint32_t page = index / (uint32_t)(RT_PAGE_BYTES / sizeof(word));
	if (!rt_bit(copy->changed, page))
		copy_page(copy, page);
	((uint64_t *)(void *)copy->bytes)[index] = word;
}

void rt_copy_lock(struct rt_copy *copy, uint32_t offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		rt_bit_set(copy->locked, offset + i);
}

void rt_copy_free(struct rt_copy *copy, uint32_t offset, uint32_t count)
{
	for (uint32_t i = 0; i < count && offset + i < copy->text.bytes; i++)
		rt_bit_set(copy->free, offset + i);
}

uint32_t rt_copy_room(const struct rt_copy *copy, uint32_t offset, uint32_t bytes, uint32_t most)
{
	uint32_t room = 0;
	while (room < most && offset + room < copy->text.bytes && !rt_bit(copy->locked, offset + room) &&
		(room < bytes || rt_bit(copy->free, offset + room)))
		room++;
	return room;
}
