// hostile: an object deleted while another thread may still copy from it, where a shared library brings the operators
// library: -DNDEBUG
// expect: race-free
// times: 5
#include <cstdint>
#include <cstdio>
#include <cstring>
#include "operators.h"
extern "C" {
#include "pair.h"
}

static char *block, copy[64];

/* What it throws goes through the detector, which goes on behind it. */
static void fail(void)
{
	try {
		make(0, SIZE_MAX / 2);
		std::puts("not thrown");
	} catch (const std::bad_alloc &) {
	}
}

static void first(void)
{
	fail();
	std::memcpy(copy, block, 50);
}

static void second(void)
{
	fail();
	operator delete[](block, std::size_t(64));
}

int main(void)
{
	block = static_cast<char *>(operator new[](64));
	std::memset(block, 1, 64);
	pair_run(first, second);
	return 0;
}
