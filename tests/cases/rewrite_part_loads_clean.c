// Who is told by a part of a word looks at the whole of it.
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include "pair.h"

union word {
	_Atomic(uint64_t) eight;
	_Atomic(uint32_t) four[2];
	_Atomic(uint16_t) two[4];
	_Atomic(uint8_t) one[8];
};

static union word *words;

static void tell(void)
{
	atomic_fetch_or(&words[0].two[1], 1);
	atomic_fetch_or(&words[1].two[3], 1);
	atomic_fetch_or(&words[2].one[1], 1);
	atomic_fetch_or(&words[3].one[6], 1);
}

static void look(void)
{
	MUST(atomic_load_explicit(&words[0].four[0], memory_order_relaxed) == 0x10000);
	MUST(atomic_load_explicit(&words[1].eight, memory_order_relaxed) == 1ull << 48);
	MUST(atomic_load_explicit(&words[2].two[0], memory_order_relaxed) == 0x100);
	MUST(atomic_load_explicit(&words[3].eight, memory_order_relaxed) == 1ull << 48);
}

int main(void)
{
	words = calloc(4, sizeof(*words));
	MUST(words);
	pair_run(tell, look);
	free((void *)words);
	return 0;
}
