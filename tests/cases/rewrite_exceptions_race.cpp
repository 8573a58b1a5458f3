// cflags: -std=c++17
// An exception that two threads have caught is one object: one changes it while the other looks.
#include <exception>
#include <utility>
extern "C" {
#include "pair.h"
}

struct trouble {
	int number = 7;
	~trouble()
	{
		number = 0;
	}
};

static std::exception_ptr one, other;
static volatile int seen;

static void first(void)
{
	try {
		std::rethrow_exception(std::move(one));
	} catch (const trouble &caught) {
		seen = caught.number; // race: race-data a
	}
}

static void second(void)
{
	try {
		std::rethrow_exception(std::move(other));
	} catch (trouble &caught) {
		caught.number++; // race: race-data a
	}
}

int main()
{
	one = other = std::make_exception_ptr(trouble());
	pair_run(first, second);
	return 0;
}
