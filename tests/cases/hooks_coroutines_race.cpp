// cflags: -std=c++20
// compilers: gcc clang-19
// A coroutine that one thread begins and another goes on with, handed over in order: what is done after that is not in order,
// neither in the coroutine nor by those who resume it.
// stack: write_after<second<pair_start
// stack: write_after<first<pair_start
#include "pair.h"
#include <coroutine>
#include <exception>

int after, inside, before;
static int handed;

struct routine {
	struct promise_type {
		routine get_return_object()
		{
			return {std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend() noexcept
		{
			return {};
		}
		std::suspend_always final_suspend() noexcept
		{
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
			std::terminate();
		}
	};
	std::coroutine_handle<promise_type> handle;
};

__attribute__((noinline)) static void write_inside(int to)
{
	inside = to; // race: race-data inside
}

__attribute__((noinline)) static void write_after(int to)
{
	after = to; // race: race-data
}

static routine run()
{
	int local = 1;
	before = local;
	co_await std::suspend_always{};
	before = ++local;
	write_inside(local);
	co_await std::suspend_always{};
	before = ++local;
}

static routine one = run();

static void first()
{
	one.handle.resume();
	__atomic_store_n(&handed, 1, __ATOMIC_RELEASE);
	write_after(1);
	inside = 1; // race: race-data inside
}

static void second()
{
	MUST(__atomic_load_n(&handed, __ATOMIC_ACQUIRE));
	one.handle.resume();
	write_after(2);
	one.handle.resume();
	MUST(one.handle.done() && before == 3);
	one.handle.destroy();
}

int main()
{
	pair_run(first, second);
	return 0;
}
