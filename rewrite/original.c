#include "original.h"

#include "replace.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum { WORDS = RT_PAGE_BYTES / sizeof(uint64_t) }; /* of a page */

struct piece {
	uint32_t index; /* in words from the first page on */
	uint32_t halves[2];
};

struct rt_original {
	struct rt_code text;
	uint32_t count;
	struct piece pieces[];
};

static size_t size_of(uint32_t count)
{
	return sizeof(struct rt_original) + count * sizeof(struct piece);
}

/* How many words will be others; notes them in `pieces`, too, if there are any. */
static uint32_t find_pieces(const struct rt_copy *copy, struct piece *pieces)
{
	const uint64_t *now = (const uint64_t *)copy->first_page;
	const uint64_t *then = (const uint64_t *)(const void *)copy->bytes;
	uint32_t count = 0, page = rt_bit_next(copy->changed, 0, copy->page_count);
	for (; page < copy->page_count; page = rt_bit_next(copy->changed, page + 1, copy->page_count))
		for (uint32_t i = page * WORDS; i < (page + 1) * WORDS; i++) {
			if (now[i] == then[i])
				continue;
			if (pieces)
				pieces[count] =
					(struct piece){i, {(uint32_t)now[i], (uint32_t)(now[i] >> 32)}};
			count++;
		}
	return count;
}

struct rt_original *rt_original_keep(const struct rt_copy *copy)
{
	uint32_t count = find_pieces(copy, NULL);
	struct rt_original *original = rt_alloc(size_of(count));
	if (!original)
		return NULL;
	original->text = copy->text;
	original->count = count;
	find_pieces(copy, original->pieces);
	return original;
}

void rt_original_free(struct rt_original *original)
{
	if (original)
		rt_free(original, size_of(original->count));
}

/* A thread that is between two jumps of one entry just now would find what was there before the second: that is one instruction of a
 * thread, once in a program's life, which may not change code that others run either. */
bool rt_original_give_back(const struct rt_original *original)
{
	struct rt_copy copy = {0};
	bool is_done = rt_copy_init(&copy, &original->text);
	if (is_done) {
		for (uint32_t i = 0; i < original->count; i++) {
			const struct piece *piece = &original->pieces[i];
			rt_copy_put_word(
				&copy, piece->index, piece->halves[0] | (uint64_t)piece->halves[1] << 32);
		}
		is_done = rt_replace_text(&copy, false);
	}
	rt_copy_fini(&copy);
	return is_done;
}
