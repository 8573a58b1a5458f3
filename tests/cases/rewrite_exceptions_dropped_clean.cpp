// cflags: -std=c++17
// Two threads catch one exception. Who drops it last frees it, in functions that are left by jumps: the stack of the free has none of
// them.
#include <exception>
#include <utility>
extern "C" {
#include "pair.h"
}

struct trouble {
	int number = 7;
};

static std::exception_ptr one, other;

static int look(std::exception_ptr &from)
{
	try {
		std::rethrow_exception(std::move(from));
	} catch (const trouble &caught) {
		return caught.number;
	}
}

static void first(void)
{
	MUST(look(one) == 7);
}

static void second(void)
{
	try {
		std::rethrow_exception(std::move(other));
	} catch (const trouble &) {
	}
}

int main()
{
	one = other = std::make_exception_ptr(trouble());
	pair_run(first, second);
	return 0;
}
