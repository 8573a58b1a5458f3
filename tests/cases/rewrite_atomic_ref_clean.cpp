// cflags: -std=c++20 -O0
// compilers: gcc clang-19
// Without optimisation std::atomic_ref has functions: a single look at one is known.
#include <atomic>
#include <cstdlib>
extern "C" {
#include "pair.h"
}

static int word, value;
static float number;
static int after;

static void store(void)
{
	value = 1;
	std::atomic_ref<int>(word).store(1, std::memory_order_release);
	after = 1;
	std::atomic_ref<float>(number).store(1, std::memory_order_release);
}

static void load(void)
{
	MUST(std::atomic_ref<int>(word).load(std::memory_order_acquire) == 1);
	MUST(value == 1);
	MUST(std::atomic_ref<float>(number).load(std::memory_order_acquire) == 1);
	MUST(after == 1);
}

int main()
{
	pair_run(store, load);
	return 0;
}
