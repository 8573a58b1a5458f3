// cflags: -std=c++17
// An exception that two threads refer to, one after the other: who drops it last destroys it, after the other one's look at it.
#include <exception>
#include <memory>
#include <utility>
extern "C" {
#include "pair.h"
}

struct trouble {
	std::unique_ptr<int> number;
	long seen = 0;
	explicit trouble(int value) : number(new int(value)) {}
	trouble(const trouble &other) : number(new int(*other.number)) {}
	~trouble()
	{
		*number = 0;
		seen = -1;
	}
};

static std::exception_ptr one, other;

static int look(std::exception_ptr pointer)
{
	try {
		std::rethrow_exception(std::move(pointer));
	} catch (const trouble &caught) {
		return *caught.number + (int)caught.seen;
	}
}

static void first(void)
{
	MUST(look(std::move(one)) == 7);
}

static void second(void)
{
	MUST(look(std::move(other)) == 7);
}

static void drop(void)
{
	other = nullptr;
}

int main()
{
	void (*const last[])(void) = {second, drop};
	for (auto end : last) {
		one = other = std::make_exception_ptr(trouble(7));
		pair_run(first, end);
	}
	return 0;
}
