// hostile: memory comes from a shared library that has operators new and delete of its own
// library: -DNDEBUG
// times: 3
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <sys/wait.h>
#include "operators.h"

enum { THREADS = 4, ROUNDS = 6000 };

extern "C" long allocator_operators();

/* Each thread's blocks are its own until it gives them back; the allocator hands them to others. */
static void churn(unsigned seed)
{
	struct {
		char *block;
		std::size_t bytes;
		int form;
	} held[8] = {};
	for (int i = 0; i < ROUNDS; i++) {
		seed = seed * 1103515245 + 12345;
		auto &slot = held[seed >> 16 & 7];
		if (slot.block) {
			slot.block[1]++;
			unmake(slot.form, slot.block, slot.bytes);
		}
		slot.form = (seed >> 19) % FORMS;
		slot.bytes = 8u << (seed >> 24) % 6;
		slot.block = static_cast<char *>(make(slot.form, slot.bytes));
		if (slot.form >= ALIGNED_FORMS && (std::uintptr_t)slot.block % 128)
			std::puts("not aligned");
		std::memset(slot.block, i, slot.bytes);
		slot.block[0]++;
	}
	for (auto &slot : held)
		unmake(slot.form, slot.block, slot.bytes);
}

struct Refused {
	int times;
};

static void refuse()
{
	static thread_local int times;
	if (++times == 2)
		throw Refused{times};
}

static std::mutex mutex;
static long caught;

static void fail()
{
	int here = 0;
	for (int form = 0; form < FORMS; form++)
		try {
			here += !make(form, SIZE_MAX / 2);
		} catch (const std::bad_alloc &) {
			here += 100;
		}
	std::lock_guard<std::mutex> lock(mutex); /* counts after exceptions, too */
	caught += here;
}

static void fail_with_handler()
{
	try {
		make(0, SIZE_MAX / 2);
	} catch (const Refused &refused) {
		std::lock_guard<std::mutex> lock(mutex);
		caught += 1000 * refused.times;
	}
}

static void run(void (*work)())
{
	std::thread threads[THREADS];
	for (auto &thread : threads)
		thread = std::thread(work);
	for (auto &thread : threads)
		thread.join();
}

/* Before the library's constructors, and when all of the program's are done. */
struct Early {
	int *number = new int(7);
	~Early()
	{
		delete number;
		std::puts("deleted");
		std::fflush(stdout);
	}
};
static __attribute__((init_priority(101))) Early early;

static void churn_seeded()
{
	static std::atomic<unsigned> seed;
	churn(++seed);
}

int main()
{
	run(churn_seeded);
	run(fail);
	std::set_new_handler(refuse);
	run(fail_with_handler);
	std::set_new_handler(nullptr);
	int status = 1;
	if (!fork()) {
		run(churn_seeded);
		_exit(0);
	}
	wait(&status);
	long before = allocator_operators();
	unmake(0, make(0, 5), 5);
	void *(*form)(std::size_t) = operator new; /* by its address, too */
	operator delete(form(3));
	std::printf("%ld %d %ld\n", caught, status, allocator_operators() - before);
}
