// hostile: C++ promises, futures, async, and shared pointers whose last owner is any thread
#include <cstdio>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>
int main()
{
	size_t total = 0;
	for (int i = 0; i < 50; i++) {
		auto future = std::async(std::launch::async, [] { return std::string(1000, 'x'); });
		total += future.get().append("!").size();
		std::promise<std::string> promise;
		auto result = promise.get_future();
		std::thread thread([&] { promise.set_value(std::string(500, 'y')); });
		total += result.get().append("!").size();
		thread.join();
	}
	for (int i = 0; i < 50; i++) {
		auto shared = std::make_shared<std::string>(100, 'z');
		std::vector<std::thread> threads;
		for (int j = 0; j < 3; j++)
			threads.emplace_back([shared]() mutable {
				std::string copy = *shared + "!";
				shared.reset();
			});
		shared.reset();
		for (auto &thread : threads)
			thread.join();
	}
	printf("%zu\n", total);
}
