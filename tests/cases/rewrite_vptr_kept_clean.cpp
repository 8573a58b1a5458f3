// cflags: -O2
// The pointer to a virtual table is made once, and kept over loops and calls up to the destructors that store it.
#include <atomic>
#include <string>
#include <thread>
#include <unistd.h>

struct worker {
	std::atomic<bool> stop{false};
	std::thread thread;

	void start()
	{
		thread = std::thread([this] {
			while (!stop) {
				step();
				usleep(100);
			}
		});
	}
	void halt()
	{
		stop = true;
		if (thread.joinable())
			thread.join();
	}
	virtual size_t step()
	{
		return 1;
	}
	virtual ~worker()
	{
		halt();
	}
};

struct last final : worker {
	std::string text = "more than fits into the object";

	size_t step() override
	{
		return text.size();
	}
	~last() override
	{
		halt();
	}
};

int main()
{
	for (int i = 0; i < 10; i++) {
		last *object = new last;
		object->start();
		usleep(1000);
		delete object;
	}
	return 0;
}
