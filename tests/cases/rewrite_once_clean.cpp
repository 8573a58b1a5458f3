// Double-checked locking in C++, in objects of the heap, of which debug information does not tell.
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct config {
	std::string name{"a name that is long enough to be on the heap"};
	long value = 7;
};

class holder
{
	std::atomic<config *> made{nullptr};
	std::mutex mutex;

      public:
	config &get()
	{
		config *found = made.load(std::memory_order_acquire);
		if (!found) {
			std::lock_guard<std::mutex> guard(mutex);
			found = made.load(std::memory_order_relaxed);
			if (!found) {
				found = new config;
				made.store(found, std::memory_order_release);
			}
		}
		return *found;
	}
	~holder()
	{
		delete made.load();
	}
};

int main()
{
	auto holders = std::make_unique<holder[]>(4);
	std::vector<std::thread> threads;
	std::atomic<long> sum{0};
	for (int i = 0; i < 3; i++)
		threads.emplace_back([&] {
			for (int round = 0; round < 1000; round++) {
				config &found = holders[round % 4].get();
				sum += found.value + static_cast<long>(found.name.size());
			}
		});
	for (auto &thread : threads)
		thread.join();
	std::printf("%ld\n", sum.load());
}
