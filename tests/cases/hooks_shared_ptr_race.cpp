// cflags: -std=c++17
// compilers: gcc clang clang-19
// Counts of owners are safe, the pointers that hold them and what they point to are not.
#include "pair.h"
#include <memory>

struct object {
	int value;
};

static std::shared_ptr<object> shared = std::make_shared<object>();
static std::shared_ptr<object> first_owner = shared, second_owner = shared;
object *plain;

__attribute__((noinline)) static void write_value(const std::shared_ptr<object> &owner, int to)
{
	owner->value = to; // race: race-data
}

static void first()
{
	write_value(first_owner, 1);
	first_owner.reset();
	plain = shared.get(); // race: race-data pointer
}

static void second()
{
	write_value(second_owner, 2);
	second_owner.reset();
	plain = nullptr; // race: race-data pointer
}

int main()
{
	pair_run(first, second);
	return 0;
}
