// Deques for work stealing (Chase & Lev) that lie in an array, without debug information: clang spells a deque's address by two registers
// where a thief looks at its ends, and by their sum where it exchanges one.
// cflags: -g0
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

enum { ROOM = 1024, EACH = 200, WORKERS = 2 };

struct Task {
	long low, high;
	std::atomic<int> *left;
};

class Deque {
	std::atomic<int64_t> top{0}, bottom{0};
	std::atomic<Task *> at[ROOM];

public:
	void put(Task *task)
	{
		int64_t end = bottom.load(std::memory_order_relaxed);
		at[end % ROOM].store(task, std::memory_order_relaxed);
		std::atomic_thread_fence(std::memory_order_release);
		bottom.store(end + 1, std::memory_order_release);
	}

	Task *get()
	{
		int64_t end = bottom.load(std::memory_order_relaxed) - 1;
		bottom.store(end, std::memory_order_seq_cst);
		int64_t begin = top.load(std::memory_order_seq_cst);
		if (begin > end) {
			bottom.store(end + 1, std::memory_order_release);
			return nullptr;
		}
		Task *task = at[end % ROOM].load(std::memory_order_relaxed);
		if (begin == end) {
			if (!top.compare_exchange_strong(begin, begin + 1))
				task = nullptr;
			bottom.store(end + 1, std::memory_order_release);
		}
		return task;
	}

	Task *steal()
	{
		int64_t begin = top.load(std::memory_order_seq_cst);
		int64_t end = bottom.load(std::memory_order_seq_cst);
		if (begin >= end)
			return nullptr;
		Task *task = at[begin % ROOM].load(std::memory_order_acquire);
		return top.compare_exchange_strong(begin, begin + 1) ? task : nullptr;
	}
};

static Deque deques[WORKERS];
static std::atomic<int> left;
static std::atomic<long> total;

static void run(Task *task)
{
	long sum = 0;
	for (long i = task->low; i < task->high; i++)
		sum += i % 7;
	total.fetch_add(sum);
	task->left->fetch_sub(1, std::memory_order_relaxed);
	delete task;
}

int main()
{
	std::vector<std::thread> threads;
	left = WORKERS * EACH;
	for (int own = 0; own < WORKERS; own++)
		threads.emplace_back([own] {
			for (int i = 0; i < EACH; i++)
				deques[own].put(new Task{i * 100, i * 100 + 100, &left});
			while (left.load(std::memory_order_relaxed) > 0) {
				Task *task = deques[own].get();
				if (!task)
					task = deques[1 - own].steal();
				if (task)
					run(task);
				else
					std::this_thread::yield();
			}
		});
	for (auto &thread : threads)
		thread.join();
	return left.load();
}
