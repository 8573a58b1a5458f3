// cflags: -std=c++17
// compilers: gcc clang clang-19
// Exceptions leave frames that announced themselves: what is called afterwards has its own callers, in every thread, also
// where a destructor on the way, a function-try-block, a nested exception or a noexcept boundary had a hand in it.
// stack: write_value<both<pair_start
// stack: write_in_handler<rethrows<all<both
// stack: write_rethrown<member::member<all<both
// stack: write_after_deep<all<both<pair_start
#include "pair.h"
#include <exception>
#include <stdexcept>
#include <string>

int value, in_handler, in_destructor, rethrown, after_deep, unwound;

__attribute__((noinline)) static void write_value(int to)
{
	value = to; // race: race-data
}

__attribute__((noinline)) static void write_in_handler(int to)
{
	in_handler = to; // race: race-data
}

__attribute__((noinline)) static void write_in_destructor(int to)
{
	in_destructor = to; // race: race-data
}

__attribute__((noinline)) static void write_rethrown(int to)
{
	rethrown = to; // race: race-data
}

__attribute__((noinline)) static void write_after_deep(int to)
{
	after_deep = to; // race: race-data
}

struct guard {
	~guard()
	{
		write_in_destructor(1);
		unwound_here++;
	}
	static thread_local int unwound_here;
};
thread_local int guard::unwound_here;

__attribute__((noinline)) static int throws(int depth)
{
	guard one;
	if (!depth)
		throw std::runtime_error("from the depth");
	return throws(depth - 1) + 1;
}

__attribute__((noinline)) static void rethrows()
{
	try {
		throws(20);
	} catch (...) {
		write_in_handler(1);
		throw;
	}
}

struct member {
	member(int depth) try : value(throws(depth)) {
	} catch (const std::exception &) {
		write_rethrown(1);
	}
	int value;
};

__attribute__((noinline)) static void nested()
{
	try {
		try {
			throws(3);
		} catch (...) {
			std::throw_with_nested(std::logic_error("outer"));
		}
	} catch (const std::exception &outer) {
		try {
			std::rethrow_if_nested(outer);
		} catch (const std::exception &inner) {
			MUST(std::string(inner.what()) == "from the depth");
		}
	}
}

__attribute__((noinline)) static void all()
{
	for (int i = 0; i < 50; i++) {
		try {
			rethrows();
		} catch (const std::runtime_error &) {
		}
		try {
			member made(i);
		} catch (const std::runtime_error &) {
		}
		nested();
	}
	write_after_deep(1);
}

static void both()
{
	all();
	write_value(1);
}

int main()
{
	pair_run(both, both);
	return 0;
}
