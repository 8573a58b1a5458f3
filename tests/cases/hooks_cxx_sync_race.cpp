// cflags: -std=c++20
// compilers: gcc clang clang-19
// What looks like synchronisation and gives no edge: one broken use of each of C++'s means.
#include "pair.h"
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace once
{
std::once_flag flag;
int value;
void first()
{
	std::call_once(flag, [] {});
	value = 1; // race: race-data once
}
void second()
{
	std::call_once(flag, [] {});
	value = 2; // race: race-data once
}
}

namespace condition
{
std::mutex mutex, other;
std::condition_variable condition;
int value;
void first()
{
	value = 1; // race: race-data condition
	condition.notify_all();
}
void second()
{
	std::unique_lock<std::mutex> lock(other);
	condition.wait_for(lock, std::chrono::microseconds(1));
	value = 2; // race: race-data condition
}
}

namespace promise
{
std::promise<int> promise;
std::shared_future<int> future = promise.get_future().share();
int value;
void first()
{
	promise.set_value(1);
	value = 1; // race: race-data promise
}
void second()
{
	value = future.get(); // race: race-data promise
}
}

namespace shared
{
std::shared_mutex mutex;
int value;
void first()
{
	std::shared_lock<std::shared_mutex> lock(mutex);
	value++; // race: race-data shared
}
void second()
{
	std::shared_lock<std::shared_mutex> lock(mutex);
	value++; // race: race-data shared
}
}

namespace latch
{
std::latch latch(1);
int value;
void first()
{
	latch.count_down();
	value = 1; // race: race-data latch
}
void second()
{
	latch.wait();
	value = 2; // race: race-data latch
}
}

namespace barrier
{
std::barrier<> barrier(2);
int value;
void first()
{
	(void)barrier.arrive();
	value = 1; // race: race-data barrier
}
void second()
{
	barrier.arrive_and_wait();
	value = 2; // race: race-data barrier
}
}

namespace semaphore
{
std::counting_semaphore<4> two(2);
int value;
void first()
{
	two.acquire();
	value++; // race: race-data semaphore
}
void second()
{
	two.acquire();
	value++; // race: race-data semaphore
}
}

namespace reference
{
int flag, value, mixed;
void first()
{
	value = 1; // race: race-data reference
	std::atomic_ref<int>(flag).store(1, std::memory_order_relaxed);
	std::atomic_ref<int>(mixed).store(1); // race: race-data mixed
}
void second()
{
	if (std::atomic_ref<int>(flag).load(std::memory_order_relaxed))
		value = 2; // race: race-data reference
	mixed++;	   // race: race-data mixed
}
}

namespace stop
{
std::stop_source source;
int value;
void first()
{
	source.request_stop();
	value = 1; // race: race-data stop
}
void second()
{
	if (source.stop_requested())
		value = 2; // race: race-data stop
}
}

namespace detached
{
struct gate gate;
int value;
void first()
{
	std::thread([] {
		value = 1; // race: race-data detached
		gate_open(&gate, 1);
	}).detach();
	gate_wait(&gate, 1);
}
void second()
{
	value = 2; // race: race-data detached
}
}

int main()
{
	pair_run(once::first, once::second);
	pair_run(condition::first, condition::second);
	pair_run(promise::first, promise::second);
	pair_run(shared::first, shared::second);
	pair_run(latch::first, latch::second);
	pair_run(barrier::first, barrier::second);
	pair_run(semaphore::first, semaphore::second);
	pair_run(reference::first, reference::second);
	pair_run(stop::first, stop::second);
	pair_run(detached::first, detached::second);
	return 0;
}
