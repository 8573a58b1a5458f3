// cflags: -std=c++20
// compilers: gcc clang clang-19
// What C++ has for synchronisation, used as it is meant: plain variables on both sides of every edge.
#include <barrier>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

enum { THREADS = 4, ROUNDS = 50 };
#define CHECK(condition) ((condition) ? (void)0 : std::abort())

static void run(const std::function<void(int)> &work)
{
	std::vector<std::jthread> threads;
	for (int i = 0; i < THREADS; i++)
		threads.emplace_back(work, i);
}

static void once()
{
	static std::once_flag flag;
	static std::string made;
	run([](int) {
		std::call_once(flag, [] { made = "made once, and long enough for the heap"; });
		CHECK(made.size() > 20);
	});
	run([](int) {
		static const std::string local = made + ", in a static";
		CHECK(local.size() > made.size());
	});
}

static void conditions()
{
	std::mutex mutex;
	std::condition_variable_any any;
	std::condition_variable condition;
	std::vector<int> queue;
	long taken = 0;
	int given = 0;
	run([&](int number) {
		for (int i = 0; i < ROUNDS; i++) {
			std::unique_lock<std::mutex> lock(mutex);
			if (number % 2) {
				condition.wait(lock, [&] { return !queue.empty(); });
				taken += queue.back();
				queue.pop_back();
			} else {
				queue.push_back(i);
				given += i;
				(i % 2 ? condition.notify_one() : condition.notify_all());
				any.notify_all();
			}
		}
	});
	CHECK(taken == given && queue.empty());
}

static void futures()
{
	for (int round = 0; round < ROUNDS; round++) {
		int plain = 0, later = 0;
		std::promise<std::string> promise;
		std::promise<void> done;
		auto future = promise.get_future();
		auto shared = done.get_future().share();
		std::jthread maker([&] {
			plain = round;
			promise.set_value("a value that is long enough for the heap");
			later = round;
			done.set_value();
		});
		std::jthread reader([&, shared] {
			shared.wait();
			CHECK(later == round);
		});
		CHECK(future.get().size() > 20 && plain == round);
		shared.get();
		CHECK(later == round);
	}
	std::packaged_task<int(int)> task([](int x) { return x + 1; });
	auto result = task.get_future();
	std::jthread runner(std::move(task), 41);
	CHECK(result.get() == 42);
	auto fails = std::async(std::launch::async, []() -> int { throw std::string("thrown elsewhere"); });
	try {
		fails.get();
		std::abort();
	} catch (const std::string &text) {
		CHECK(text == "thrown elsewhere");
	}
}

static void shared_locks()
{
	std::shared_mutex mutex;
	std::shared_timed_mutex timed;
	std::string text = "text";
	long seen = 0;
	run([&](int number) {
		for (int i = 0; i < ROUNDS; i++)
			if (number % 2) {
				std::shared_lock<std::shared_mutex> lock(mutex);
				CHECK(text.size() >= 4);
			} else {
				std::unique_lock<std::shared_mutex> lock(mutex);
				text += 'x';
			}
		std::unique_lock<std::shared_timed_mutex> lock(timed, std::chrono::seconds(10));
		CHECK(lock.owns_lock());
		seen += static_cast<long>(number);
	});
	CHECK(text.size() == 4 + THREADS / 2 * ROUNDS);
	CHECK(seen == THREADS * (THREADS - 1) / 2);
}

static void latches()
{
	int values[THREADS] = {};
	std::latch all(THREADS);
	std::barrier phase(THREADS, [&]() noexcept { values[0]++; });
	run([&](int number) {
		values[number] = number;
		all.arrive_and_wait();
		int sum = 0;
		for (int value : values)
			sum += value;
		CHECK(sum == THREADS * (THREADS - 1) / 2);
		for (int i = 0; i < ROUNDS; i++) {
			phase.arrive_and_wait();
			if (i % THREADS == number)
				values[1]++;
		}
	});
	CHECK(values[0] == ROUNDS && values[1] == 1 + ROUNDS);
}

static void semaphores()
{
	std::counting_semaphore<8> items(0);
	std::binary_semaphore mutex(1);
	int produced = 0, consumed = 0;
	run([&](int number) {
		for (int i = 0; i < ROUNDS; i++) {
			if (number % 2)
				items.acquire();
			mutex.acquire();
			(number % 2 ? consumed : produced)++;
			mutex.release();
			if (!(number % 2))
				items.release();
		}
	});
	CHECK(produced == consumed);
}

static void atomic_refs()
{
	int flag = 0, data = 0;
	std::jthread writer([&] {
		data = 5;
		std::atomic_ref<int>(flag).store(1, std::memory_order_release);
		std::atomic_ref<int>(flag).notify_one();
	});
	std::atomic_ref<int>(flag).wait(0, std::memory_order_acquire);
	CHECK(data == 5);
	long counter = 0;
	run([&](int) {
		for (int i = 0; i < ROUNDS; i++)
			std::atomic_ref<long>(counter).fetch_add(1, std::memory_order_relaxed);
	});
	CHECK(counter == THREADS * ROUNDS);
}

static void stops()
{
	int data = 0, seen = 0, called = 0;
	std::jthread worker([&](std::stop_token token) {
		std::mutex mutex;
		std::condition_variable_any condition;
		std::unique_lock<std::mutex> lock(mutex);
		condition.wait(lock, token, [] { return false; });
		seen = data;
	});
	std::stop_callback callback(worker.get_stop_token(), [&] { called = data; });
	data = 7;
	worker.request_stop();
	worker.join();
	CHECK(seen == 7 && called == 7);
}

int main()
{
	once();
	conditions();
	futures();
	shared_locks();
	latches();
	semaphores();
	atomic_refs();
	stops();
	return 0;
}
