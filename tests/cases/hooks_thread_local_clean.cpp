// cflags: -std=c++17
// compilers: gcc clang clang-19
// Variables of threads with constructors and destructors: each thread has its own, and what a destructor stores is over
// before the thread is joined.
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

enum { THREADS = 8, ROUNDS = 4 };

static std::mutex mutex;
static int made, gone;
static long results[THREADS];

struct counted {
	std::string name;
	long sum = 0;
	long *result = nullptr;
	counted() : name("a name that does not fit into the string itself")
	{
		std::lock_guard<std::mutex> lock(mutex);
		made++;
	}
	~counted()
	{
		*result = sum + static_cast<long>(name.size());
		std::lock_guard<std::mutex> lock(mutex);
		gone++;
	}
};

static thread_local counted own;
static thread_local std::map<int, std::string> names;

static void work(int number)
{
	own.result = &results[number];
	for (int i = 0; i < 100; i++) {
		own.sum += i;
		names[i % 7] += own.name[static_cast<size_t>(i) % own.name.size()];
	}
	own.name += names[3];
}

int main()
{
	long sum = 0;
	for (int round = 0; round < ROUNDS; round++) {
		std::vector<std::thread> threads;
		for (int i = 0; i < THREADS; i++)
			threads.emplace_back(work, i);
		for (auto &thread : threads)
			thread.join();
		for (long result : results)
			sum += result;
	}
	return made == gone && made == THREADS * ROUNDS && sum > 0 ? 0 : 1;
}
