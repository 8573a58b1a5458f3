// A static of a function is made once, and that happens before every use.
#include <cstdio>
#include "pair.h"

struct made {
	int value;
	made() : value(7)
	{
		racetrack_write(&value, sizeof value);
	}
};

static made &get()
{
	static made one;
	return one;
}

static void use()
{
	made &one = get();
	racetrack_read(&one.value, sizeof one.value);
}

int main()
{
	pair_run(use, use);
	std::printf("%d\n", get().value);
	return 0;
}
