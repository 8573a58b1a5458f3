// What was written before a static of a function was made happens before what comes after a look at the static, which is an
// inline load of its guard.
#include <cstdlib>
extern "C" {
#include "pair.h"
}

static int given, seen;

__attribute__((noinline)) static int *keep(int *what)
{
	static int *kept = what ? what : (int *)std::calloc(1, sizeof(int));
	return kept;
}

static void make()
{
	given = std::rand();
	MUST(keep(&given) == &given);
}

static void look()
{
	seen = *keep(nullptr);
}

int main()
{
	pair_run(make, look);
	MUST(seen == given);
	return 0;
}
