// TBB's loops, reductions, groups and queues: what they hand over is handed over in a library of the system's.
// cflags: -std=c++17 -Wl,--no-as-needed -ltbb
#include <cstdio>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/concurrent_queue.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/spin_mutex.h>
#include <tbb/task_group.h>

static const int count = 5000;

static long reduce(const std::vector<int> &from)
{
	return tbb::parallel_reduce(
		tbb::blocked_range<int>(0, count), 0L,
		[&](const tbb::blocked_range<int> &range, long sum) {
			for (int i = range.begin(); i < range.end(); i++)
				sum += from[i];
			return sum;
		},
		[](long one, long other) { return one + other; }, tbb::static_partitioner());
}

static long collect()
{
	tbb::concurrent_queue<int *> queue;
	tbb::task_group group;
	tbb::spin_mutex mutex;
	long sum = 0;
	for (int task = 0; task < 4; task++)
		group.run([&] {
			for (int i = 0; i < 50; i++) {
				queue.push(new int(i));
				tbb::spin_mutex::scoped_lock lock(mutex);
				sum++;
			}
		});
	group.wait();
	for (int *item; queue.try_pop(item); delete item)
		sum += *item;
	return sum;
}

int main()
{
	tbb::global_control threads(tbb::global_control::max_allowed_parallelism, 3);
	std::vector<int> numbers(count);
	long sum = 0;
	for (int round = 0; round < 3; round++) {
		tbb::parallel_for(0, count, [&](int i) { numbers[i] = i * 7919 % count; },
			tbb::static_partitioner());
		sum += reduce(numbers);
		sum += numbers[100] + collect();
	}
	std::printf("%ld\n", sum);
	return 0;
}
