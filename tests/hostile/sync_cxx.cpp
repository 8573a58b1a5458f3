// hostile: C++ threads: mutexes, conditions, call_once, static objects, exceptions through once and sort, thread_local
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
struct Local {
	std::string text = "thread's own";
	~Local()
	{
		std::string copy = text + text + text;
		std::lock_guard<std::mutex> guard(mutex);
		total += copy.size();
	}
	static std::mutex mutex;
	static size_t total;
};
std::mutex Local::mutex;
size_t Local::total;
static thread_local Local local;
static std::once_flag flag;
static char once_text[40];
static std::shared_mutex shared;
static std::string text;
static std::string &instance()
{
	static std::string one(100, 'x');
	return one;
}
static int compare(const void *, const void *)
{
	throw std::runtime_error("compare");
}
static void work(int number)
{
	local.text += std::to_string(number);
	for (int i = 0; i < 100; i++) {
		try {
			std::call_once(flag, [i] {
				strcpy(once_text, "once");
				throw std::runtime_error("once");
			});
		} catch (std::runtime_error &) {
		}
		try {
			int numbers[] = {3, 1, 2};
			qsort(numbers, 3, sizeof(int), compare);
		} catch (std::runtime_error &) {
		}
		{
			std::unique_lock<std::shared_mutex> lock(shared);
			text = std::string(200, 'a' + i % 26);
		}
		std::shared_lock<std::shared_mutex> lock(shared);
		std::string copy = text + instance();
	}
}
int main()
{
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back(work, i);
	for (auto &thread : threads)
		thread.join();
	printf("%zu %s %s\n", Local::total, once_text, text.c_str());
}
