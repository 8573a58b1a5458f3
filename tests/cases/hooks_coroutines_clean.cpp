// cflags: -std=c++20
// compilers: gcc clang-19
// Coroutines: generators, tasks that resume each other by symmetric transfer, and one that is resumed by thread after thread,
// each handing it over by a lock. What lives in their frames is in order.
#include <condition_variable>
#include <coroutine>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#define CHECK(condition) ((condition) ? (void)0 : std::abort())

/* A value for each resumption. */
struct generator {
	struct promise_type {
		int value = 0;
		generator get_return_object()
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
		std::suspend_always yield_value(int given)
		{
			value = given;
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

static generator count(int from, int to)
{
	std::string text = "a string that does not fit into itself, in the frame";
	for (int i = from; i < to; i++) {
		text += 'x';
		co_yield i + static_cast<int>(text.size() & 0);
	}
}

/* A task that its awaiter is resumed by when it ends. */
template <typename T> struct task {
	struct promise_type {
		T value{};
		std::exception_ptr error;
		std::coroutine_handle<> awaiter = std::noop_coroutine();
		struct final_awaiter {
			bool await_ready() noexcept
			{
				return false;
			}
			std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept
			{
				return ended.promise().awaiter;
			}
			void await_resume() noexcept
			{
			}
		};
		task get_return_object()
		{
			return task{std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend() noexcept
		{
			return {};
		}
		final_awaiter final_suspend() noexcept
		{
			return {};
		}
		void return_value(T given)
		{
			value = std::move(given);
		}
		void unhandled_exception()
		{
			error = std::current_exception();
		}
	};
	std::coroutine_handle<promise_type> handle;
	explicit task(std::coroutine_handle<promise_type> from) : handle(from)
	{
	}
	task(task &&other) noexcept : handle(std::exchange(other.handle, {}))
	{
	}
	~task()
	{
		if (handle)
			handle.destroy();
	}
	bool await_ready() noexcept
	{
		return false;
	}
	std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter)
	{
		handle.promise().awaiter = awaiter;
		return handle;
	}
	T await_resume()
	{
		if (handle.promise().error)
			std::rethrow_exception(handle.promise().error);
		return std::move(handle.promise().value);
	}
};

/* A queue of what is to be resumed, by whichever worker comes. */
static std::mutex mutex;
static std::condition_variable condition;
static std::deque<std::coroutine_handle<>> queue;
static bool over;

static void give(std::coroutine_handle<> handle)
{
	std::lock_guard<std::mutex> lock(mutex);
	queue.push_back(handle);
	condition.notify_one();
}

struct elsewhere {
	bool await_ready()
	{
		return false;
	}
	void await_suspend(std::coroutine_handle<> handle)
	{
		give(handle);
	}
	void await_resume()
	{
	}
};

static task<int> leaf(int depth)
{
	int local = depth;
	co_await elsewhere{};
	local++;
	if (depth == 13)
		throw std::runtime_error("thirteen");
	co_return local;
}

static task<int> branch(int depth)
{
	int sum = 0;
	std::vector<int> values(10, depth);
	if (depth % 3 == 0)
		co_await elsewhere{};
	try {
		sum += co_await leaf(depth);
	} catch (const std::runtime_error &) {
		sum += 1000;
	}
	if (depth)
		sum += co_await branch(depth - 1);
	for (int value : values)
		sum += value;
	co_return sum;
}

static long result;

static task<int> whole()
{
	for (int i = 0; i < 20; i++)
		result += co_await branch(20);
	std::lock_guard<std::mutex> lock(mutex);
	over = true;
	condition.notify_all();
	co_return 0;
}

static void work()
{
	std::unique_lock<std::mutex> lock(mutex);
	while (!over) {
		if (queue.empty()) {
			condition.wait(lock);
			continue;
		}
		auto handle = queue.front();
		queue.pop_front();
		lock.unlock();
		handle.resume();
		lock.lock();
	}
}

int main()
{
	std::vector<std::thread> threads;
	for (int i = 0; i < 3; i++)
		threads.emplace_back([] {
			auto numbers = count(0, 100);
			int sum = 0;
			for (numbers.handle.resume(); !numbers.handle.done(); numbers.handle.resume())
				sum += numbers.handle.promise().value;
			numbers.handle.destroy();
			CHECK(sum == 4950);
			work();
		});
	auto all = whole();
	give(all.handle);
	for (auto &thread : threads)
		thread.join();
	CHECK(all.handle.done());
	int once = 1000 - 14 + 231 + 10 * 210;
	CHECK(result == 20 * once);
	return 0;
}
