// cflags: -O1
// A destructor stores the pointer to its class's virtual table, which is there already: a virtual call at the same time is no race.
extern "C" {
#include "pair.h"
}

struct base {
	virtual void call() = 0;
	virtual ~base() = default;
};

struct last final : base {
	void call() override
	{
	}
	~last() override
	{
		__asm__ volatile("" : : "r"(this) : "memory"); /* or the store would be left out */
	}
};

static base *object;

static void call()
{
	object->call();
}

static void end()
{
	static_cast<last *>(object)->last::~last();
}

int main()
{
	object = new last;
	pair_run(call, end);
	return 0;
}
