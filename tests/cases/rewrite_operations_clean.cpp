// Debug information tells what is an atomic operation where it was inlined, though the variable lies on the heap, and one look at it
// without a loop looks as one at a plain variable does.
#include <atomic>
#include <memory>
#include <thread>

struct news {
	int value;
};
struct board {
	std::atomic<news *> last{nullptr};
	std::atomic<unsigned> count{0};
	news all[64];
};

static int look(const board &board)
{
	const news *last = board.last.load(std::memory_order_acquire);
	int sum = last ? last->value : 0;
	for (unsigned n = board.count.load(std::memory_order_acquire), i = 0; i < n; i++)
		sum += board.all[i].value;
	return sum;
}

int main()
{
	auto shared = std::make_unique<board>();
	int sum = 0;
	std::thread reader([&] {
		for (int i = 0; i < 5000; i++)
			sum += look(*shared);
	});
	for (unsigned i = 0; i < 64; i++) {
		shared->all[i].value = 1;
		shared->last.store(&shared->all[i], std::memory_order_release);
		shared->count.store(i + 1, std::memory_order_release);
		std::this_thread::yield();
	}
	reader.join();
	return sum < 0;
}
