/* A text as it will be: its bytes with the patches, and what each byte may still be used for. Pages are copied when they are
 * first changed.
 *
 * A byte is
 *   locked  a patch wrote it, or relies on it as it is: it stays
 *   free    nothing of the program comes there: padding, or what is left of an instruction that became a jump
 *   or of an instruction of the program.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_COPY_H
#define RACETRACK_REWRITE_COPY_H

#include "bits.h"
#include "code.h"

struct rt_copy {
	struct rt_code text;
	uintptr_t first_page;    /* address of the page that the text begins in */
	uint32_t page_count;     /* up to the one that it ends in */
	uint8_t *bytes;          /* of these pages; valid where they are changed */
	uint64_t *changed;       /* a bit for each page */
	uint64_t *locked, *free; /* a bit for each byte of the text */
	uint64_t *entered;       /* instructions that are a jump to their clone now */
};

/* False: no memory. */
RT_HIDDEN bool rt_copy_init(struct rt_copy *copy, const struct rt_code *text);
RT_HIDDEN void rt_copy_fini(struct rt_copy *copy);

/* Writes bytes and locks them. */
RT_HIDDEN void rt_copy_put(struct rt_copy *copy, uint32_t offset, const uint8_t *bytes, uint32_t count);
/* The aligned word at an index from the first page on. */
RT_HIDDEN void rt_copy_put_word(struct rt_copy *copy, uint32_t index, uint64_t word);
RT_HIDDEN void rt_copy_lock(struct rt_copy *copy, uint32_t offset, uint32_t count);
RT_HIDDEN void rt_copy_free(struct rt_copy *copy, uint32_t offset, uint32_t count);

/* How many bytes from `offset` on may be written, where the first `bytes` are of an instruction that is patched. At most
 * `most`. */
RT_HIDDEN uint32_t rt_copy_room(const struct rt_copy *copy, uint32_t offset, uint32_t bytes, uint32_t most);

static inline uint8_t rt_copy_get(const struct rt_copy *copy, uint32_t offset)
{
	uintptr_t at = copy->text.start + offset - copy->first_page;
	return rt_bit(copy->changed, (uint32_t)(at >> 12)) ? copy->bytes[at] : copy->text.code[offset];
}

/* A bit for each of the 64 bytes from `offset` on: free, and not used yet. */
static inline uint64_t rt_copy_unused(const struct rt_copy *copy, uint32_t offset)
{
	return rt_bits_from(copy->free, offset) & ~rt_bits_from(copy->locked, offset);
}

#endif
