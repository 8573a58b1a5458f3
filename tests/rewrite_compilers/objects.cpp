// What compilers make of C++: exceptions through frames of all kinds, virtual calls, casts, templates, containers, statics that
// are made at their first use, in several threads that hold a lock where they share. The sum of all is printed.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace {
constexpr int threads = 3, rounds = 25;

void expect(int line, bool right)
{
	if (!right) {
		std::printf("wrong in line %d\n", line);
		std::exit(1);
	}
}
#define EXPECT(condition) expect(__LINE__, condition)
#define NOINLINE __attribute__((noinline))

uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * 0x9e3779b97f4a7c15u + (sum >> 29);
}

/* ---- virtual calls, with adjusted objects ---- */

struct shape {
	virtual ~shape() = default;
	virtual double area() const = 0;
};
struct named {
	explicit named(std::string name) : name(std::move(name)) {}
	virtual ~named() = default;
	virtual size_t length() const { return name.size(); }
	std::string name;
};
struct square final : shape, named {
	explicit square(double side) : named("square"), side(side) {}
	double area() const override { return side * side; }
	double side;
};
struct ring : virtual shape, virtual named {
	explicit ring(double width) : named("a ring of some length, on the heap"), width(width) {}
	double area() const override { return 3 * width; }
	size_t length() const override { return named::length() + 1; }
	double width;
};

uint64_t shapes(uint64_t seed)
{
	std::vector<std::unique_ptr<shape>> all;
	double sum = 0;
	size_t lengths = 0;
	for (unsigned i = 0; i < 20; i++)
		if (seed >> i & 1)
			all.push_back(std::make_unique<square>(i));
		else
			all.push_back(std::make_unique<ring>(i));
	for (const auto &one : all) {
		sum += one->area();
		lengths += dynamic_cast<const named &>(*one).length();
		EXPECT((dynamic_cast<const ring *>(one.get()) != nullptr) == (one->area() != 0 && dynamic_cast<named &>(*one).length() == 35) ||
		       one->area() == 0);
	}
	return mix(seed, static_cast<uint64_t>(sum) * 1000 + lengths);
}

/* ---- exceptions ---- */

struct counted {
	explicit counted(int &count) : count(count) { count++; }
	~counted() { count--; }
	int &count;
};

struct trouble : std::runtime_error {
	explicit trouble(int depth) : std::runtime_error("trouble " + std::to_string(depth)), depth(depth) {}
	int depth;
};

NOINLINE int descend(int depth, int &count)
{
	counted here(count);
	char room[32];
	std::snprintf(room, sizeof(room), "%d", depth);
	if (depth == 0)
		throw trouble(7);
	try {
		return descend(depth - 1, count) + room[0];
	} catch (const trouble &one) {
		if (depth % 3)
			throw;
		throw trouble(one.depth + depth);
	} catch (const std::logic_error &) {
		return -1;
	}
}

uint64_t exceptions(uint64_t seed)
{
	int count = 0, caught = 0;
	for (int i = 1; i < 8; i++)
		try {
			descend(i, count);
		} catch (const std::exception &one) {
			caught += dynamic_cast<const trouble &>(one).depth + static_cast<int>(std::strlen(one.what()));
		}
	EXPECT(count == 0 && caught > 49);
	try {
		std::vector<int>().at(seed % 5);
		EXPECT(false);
	} catch (const std::out_of_range &) {
		caught++;
	}
	return mix(seed, static_cast<uint64_t>(caught));
}

/* ---- containers and templates ---- */

template <typename T, size_t N> NOINLINE T fold(const std::array<T, N> &values)
{
	return std::accumulate(values.begin(), values.end(), T(1), [](T a, T b) { return a * 31 + b; });
}

uint64_t containers(uint64_t seed)
{
	std::map<std::string, int> ordered;
	std::unordered_map<uint64_t, std::string> hashed;
	std::vector<uint64_t> values;
	for (int i = 0; i < 120; i++) {
		seed = mix(seed, static_cast<uint64_t>(i));
		ordered[std::to_string(seed % 40)] += i;
		hashed.emplace(seed % 1000, std::string(seed % 30, 'x'));
		values.push_back(seed);
	}
	std::sort(values.begin(), values.end(), [](uint64_t a, uint64_t b) { return a % 1009 < b % 1009 || (a % 1009 == b % 1009 && a < b); });
	EXPECT(std::is_sorted(values.begin(), values.end(), [](uint64_t a, uint64_t b) { return a % 1009 < b % 1009; }));
	uint64_t sum = 0;
	for (const auto &[name, count] : ordered)
		sum = mix(sum, static_cast<uint64_t>(count) + name.size());
	for (uint64_t key = 0; key < 1000; key++)
		if (auto found = hashed.find(key); found != hashed.end())
			sum += key * found->second.size();
	return mix(sum, fold(std::array<uint64_t, 5>{values[3], values[60], 1, 2, seed}) +
			   fold(std::array<uint16_t, 3>{1, 2, static_cast<uint16_t>(seed)}));
}

/* ---- functions as values, variants ---- */

using value = std::variant<int64_t, double, std::string>;

uint64_t values(uint64_t seed)
{
	std::vector<value> all{static_cast<int64_t>(seed % 77), 2.5, std::string("three")};
	std::vector<std::function<uint64_t(uint64_t)>> steps;
	for (const auto &one : all)
		steps.push_back([one](uint64_t sum) {
			return std::visit(
				[sum](const auto &held) -> uint64_t {
					if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>)
						return mix(sum, held.size());
					else
						return mix(sum, static_cast<uint64_t>(held * 2));
				},
				one);
		});
	for (const auto &step : steps)
		seed = step(seed);
	return seed;
}

/* ---- what threads share ---- */

struct registry {
	registry() { names.assign(50, "name"); }
	std::vector<std::string> names;
};

const registry &the_registry()
{
	static const registry one;
	return one;
}

class channel {
public:
	void put(std::shared_ptr<const std::string> text)
	{
		std::lock_guard<std::mutex> lock(mutex);
		texts.push_back(std::move(text));
		filled.notify_one();
	}
	std::shared_ptr<const std::string> get()
	{
		std::unique_lock<std::mutex> lock(mutex);
		filled.wait(lock, [this] { return !texts.empty(); });
		auto text = texts.back();
		texts.pop_back();
		return text;
	}

private:
	std::mutex mutex;
	std::condition_variable filled;
	std::vector<std::shared_ptr<const std::string>> texts;
};

channel texts;
std::once_flag once;
std::unique_ptr<std::string> made_once;
std::atomic<uint64_t> received{0};

uint64_t work(uint64_t seed)
{
	std::call_once(once, [] { made_once = std::make_unique<std::string>("made once, by one of them"); });
	EXPECT(made_once->size() == 25 && the_registry().names.size() == 50);
	for (int i = 0; i < rounds; i++) {
		seed = values(containers(exceptions(shapes(seed))));
		texts.put(std::make_shared<const std::string>(40, static_cast<char>('a' + i)));
		received.fetch_add(texts.get()->size());
	}
	return seed;
}
} // namespace

int main()
{
	std::array<uint64_t, threads> sums{};
	std::vector<std::thread> all;
	for (int i = 0; i < threads; i++)
		all.emplace_back([i, &sums] { sums[static_cast<size_t>(i)] = work(static_cast<uint64_t>(i) + 1); });
	for (auto &one : all)
		one.join();
	EXPECT(received == 40 * threads * rounds);
	std::printf("%016llx\n", static_cast<unsigned long long>(fold(sums)));
	return 0;
}
