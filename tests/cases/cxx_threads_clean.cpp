// cflags: -std=c++17
// The threads, locks, conditions and futures of C++.
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>
#include "racetrack/racetrack.h"

static std::mutex mutex;
static std::shared_mutex shared;
static std::condition_variable condition;
static int counter, published;
static bool ready;

static void work()
{
	for (int i = 0; i < 100; i++) {
		std::lock_guard<std::mutex> lock(mutex);
		racetrack_write(&counter, sizeof counter);
		counter++;
	}
	std::shared_lock<std::shared_mutex> reading(shared);
	racetrack_read(&published, sizeof published);
}

int main()
{
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back(work);
	{
		std::unique_lock<std::shared_mutex> writing(shared);
		racetrack_write(&published, sizeof published);
	}
	for (auto &thread : threads)
		thread.join();
	racetrack_read(&counter, sizeof counter);

	std::thread waiter([] {
		std::unique_lock<std::mutex> lock(mutex);
		condition.wait(lock, [] { return ready; });
		racetrack_write(&published, sizeof published);
	});
	racetrack_write(&published, sizeof published);
	{
		std::lock_guard<std::mutex> lock(mutex);
		ready = true;
	}
	condition.notify_all();
	waiter.join();

	auto made = std::async(
		std::launch::async, [] { return std::string("made by another thread, on the heap"); });
	std::printf("%d %s\n", counter, made.get().c_str());
	return 0;
}
