// Atomic loads and stores that are functions by the names that languages give them: each publishes once, and is looked at once.
#include <stdio.h>
#include "pair.h"

#define OPERATIONS(language, load_name, store_name)                                                          \
	__attribute__((noinline)) int language##_load(const int *from) __asm__(load_name);                   \
	__attribute__((noinline)) void language##_store(int *to, int value) __asm__(store_name);             \
	int language##_load(const int *from)                                                                 \
	{                                                                                                    \
		return *from;                                                                                \
	}                                                                                                    \
	void language##_store(int *to, int value)                                                            \
	{                                                                                                    \
		*to = value;                                                                                 \
	}

OPERATIONS(cxx, "_ZNKSt13__atomic_baseIiE4loadESt12memory_order",
	"_ZNSt13__atomic_baseIiE5storeEiSt12memory_order")
OPERATIONS(rust, "_ZN4core4sync6atomic9AtomicI324load17h0123456789abcdefE",
	"_ZN4core4sync6atomic9AtomicI325store17h0123456789abcdefE")
OPERATIONS(rust_v0, "_RNvMs1_NtNtCs6fD4MKlcn3a_4core4sync6atomicNtB5_9AtomicI324load",
	"_RNvMs1_NtNtCs6fD4MKlcn3a_4core4sync6atomicNtB5_9AtomicI325store")
OPERATIONS(d, "_D4core8internal6atomic__T10atomicLoadVEQBmQBb11MemoryOrderi2TiZQBmFNaNbNiNePNgiZNgi",
	"_D4core8internal6atomic__T11atomicStoreVEQBnQBc11MemoryOrderi3TiZQBnFNaNbNiNePiiZv")

static struct published {
	int data, state;
} * published;
static long total;

static void publish(void)
{
	for (int i = 0; i < 4; i++)
		published[i].data = 7 + i;
	cxx_store(&published[0].state, 10);
	rust_store(&published[1].state, 20);
	rust_v0_store(&published[2].state, 30);
	d_store(&published[3].state, 40);
}

static void look(void)
{
	total += cxx_load(&published[0].state) + published[0].data;
	total += rust_load(&published[1].state) + published[1].data;
	total += rust_v0_load(&published[2].state) + published[2].data;
	total += d_load(&published[3].state) + published[3].data;
}

int main(void)
{
	published = calloc(4, sizeof *published);
	MUST(published);
	pair_run(publish, look);
	printf("%ld\n", total);
	free(published);
	return 0;
}
