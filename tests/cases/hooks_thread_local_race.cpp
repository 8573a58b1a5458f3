// cflags: -std=c++17
// compilers: gcc clang clang-19
// Constructor and destructor of a thread's own variable touch what all threads share.
#include "pair.h"

struct registered {
	int number;
	registered();
	~registered();
	void touch()
	{
		number++;
	}
};

int constructed, destroyed, *published;

registered::registered() : number(0) // race: race-data number
{
	constructed++; // race: race-data
}

registered::~registered()
{
	destroyed++; // race: race-data
}

static thread_local registered own;

static void first()
{
	own.touch();
	published = &own.number; // race: race-data address
}

static void second()
{
	*published = 2; // race: race-data address ; race-data number
	own.touch();
}

int main()
{
	pair_run(first, second);
	return 0;
}
