// cflags: -std=c++17
// compilers: gcc clang clang-19
// Shared ownership: whoever drops the last reference destroys what others have changed before they dropped theirs.
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

enum { THREADS = 4, ROUNDS = 300 };

struct object : std::enable_shared_from_this<object> {
	std::string text;
	std::atomic<int> uses{0};
	long changes[THREADS] = {};
	explicit object(const char *from) : text(from)
	{
	}
	virtual ~object()
	{
		for (long change : changes)
			total += change;
		text.clear();
	}
	static std::atomic<long> total;
};
std::atomic<long> object::total;

struct derived : object {
	std::vector<int> more;
	derived() : object("derived, with a text that is long enough for the heap"), more(10)
	{
	}
	~derived() override
	{
		more.clear();
	}
};

static std::mutex mutex;
static std::vector<std::shared_ptr<object>> passed(ROUNDS);
static std::vector<std::weak_ptr<object>> weak(ROUNDS);
static int users[ROUNDS];

static void work(int number)
{
	for (int i = 0; i < ROUNDS; i++) {
		std::shared_ptr<object> mine;
		{
			std::lock_guard<std::mutex> lock(mutex);
			mine = passed[static_cast<size_t>(i)];
			if (!--users[i]) /* whoever comes last leaves the last one to those who still have it */
				passed[static_cast<size_t>(i)].reset();
		}
		mine->changes[number]++;
		mine->uses.fetch_add(1, std::memory_order_relaxed);
		auto other = mine->shared_from_this();
		mine.reset();
		other->changes[number] += static_cast<long>(other->text.size() > 0);
	}
}

int main()
{
	for (int i = 0; i < ROUNDS; i++) {
		passed[static_cast<size_t>(i)] =
			i % 2 ? std::make_shared<derived>() : std::make_shared<object>("plain");
		users[i] = THREADS;
		weak[static_cast<size_t>(i)] = passed[static_cast<size_t>(i)];
	}
	std::vector<std::thread> threads;
	for (int i = 0; i < THREADS; i++)
		threads.emplace_back(work, i);
	for (auto &one : weak)
		if (auto still = one.lock())
			still->uses.fetch_add(1, std::memory_order_relaxed);
	for (auto &thread : threads)
		thread.join();
	return object::total == 2l * THREADS * ROUNDS ? 0 : 1;
}
