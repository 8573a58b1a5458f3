// What atomic operations that debug information tells of do not order.
#include <atomic>
#include <memory>
#include <thread>

struct board {
	std::atomic<unsigned> count{0};
	int value = 0;
};

int main()
{
	auto shared = std::make_unique<board>();
	int seen = 0;
	std::thread reader([&] {
		for (int i = 0; i < 1000; i++) {
			seen += shared->count.load(std::memory_order_acquire) > 2000;
			seen += *static_cast<volatile int *>(&shared->value); // race: race-data value
		}
	});
	for (unsigned i = 0; i < 1000; i++) {
		shared->count.store(i, std::memory_order_release);
		*static_cast<volatile int *>(&shared->value) = 1; // race: race-data value
	}
	reader.join();
	return seen < 0;
}
