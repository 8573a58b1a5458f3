/* pthread_getattr_np allocates a set of processors for its answer: in a thread that may never allocate, from an allocator that
 * may be the program's own and that would be called before the thread's first function. But it takes the stack from words of the
 * thread's descriptor, which lies at the stack's upper end (glibc's struct pthread): where the block begins, its bytes, and those
 * of its guard, one after the other. */
#include "own_stack.h"

#include "wrap.h"

enum {
	WORDS = 256,          /* of the descriptor that are looked at: it has 288 */
	LOWEST = 1 << 16,     /* nothing is mapped below: a pointer into the descriptor is no size */
	LEAST = 1 << 14,      /* bytes of a stack: PTHREAD_STACK_MIN */
	ABOVE_MOST = 2 << 12, /* from the descriptor's beginning to the block's end */
};

/* The words of a descriptor. */
struct block {
	uintptr_t start;
	size_t bytes, guard;
};

static bool is_block(const struct block *block, uintptr_t descriptor)
{
	size_t below = descriptor - block->start;
	return block->start >= LOWEST && block->start < descriptor && block->bytes >= LEAST &&
	       block->bytes > below && block->bytes - below <= ABOVE_MOST && block->guard < block->bytes;
}

static const struct block *find_block(uintptr_t descriptor)
{
	static size_t known; /* the word with which it begins, in every thread; 0: not known yet */
	const uintptr_t *words = (const uintptr_t *)descriptor;
	const size_t last = WORDS - sizeof(struct block) / sizeof(*words);
	size_t from = __atomic_load_n(&known, __ATOMIC_RELAXED), to = from ? from : last;
	for (size_t word = from; word <= to; word++) {
		const struct block *block = (const struct block *)(const void *)&words[word];
		if (!is_block(block, descriptor))
			continue;
		__atomic_store_n(&known, word, __ATOMIC_RELAXED);
		return block;
	}
	return NULL;
}

/* Another C library's. */
static void ask(uintptr_t *low, uintptr_t *high)
{
	pthread_attr_t attributes;
	void *address = NULL;
	size_t bytes = 0;
	if (!rt_real.pthread_getattr_np(pthread_self(), &attributes)) {
		rt_real.pthread_attr_getstack(&attributes, &address, &bytes);
		rt_real.pthread_attr_destroy(&attributes);
	}
	*low = (uintptr_t)address;
	*high = *low + bytes;
}

void rt_own_stack(uintptr_t *low, uintptr_t *high)
{
	const struct block *block = find_block((uintptr_t)pthread_self());
	if (!block) {
		ask(low, high);
		return;
	}
	*low = block->start + block->guard;
	*high = block->start + block->bytes;
}
