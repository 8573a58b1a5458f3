// cflags: -O1
// A base's destructor stores the pointer to another virtual table than the one that is there: a virtual call may end up anywhere.
extern "C" {
#include "pair.h"
}

struct base {
	virtual void call() = 0;
	virtual ~base()
	{ // race: race-data table
		__asm__ volatile("" : : "r"(this) : "memory"); /* or the store would be left out */
	}
};

struct last final : base {
	void call() override
	{
	}
};

static base *object;

static void call()
{
	object->call(); // race: race-data table
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
