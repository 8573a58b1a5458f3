// Statics that many threads make and use at once: the guard orders them, also after a constructor that throws.
#include "pair.h"

struct made {
	volatile int value;
	explicit made(bool fails) : value(7)
	{
		if (fails)
			throw 1;
		value = 8;
	}
};

static int made_times;

static int get(bool fails)
{
	static made one(fails);
	return one.value;
}

static void *worker(void *)
{
	bool fails = __atomic_fetch_add(&made_times, 1, __ATOMIC_RELAXED) < 2;
	try {
		MUST(get(fails) == 8);
	} catch (int) {
	}
	for (int i = 0; i < 100; i++)
		MUST(get(false) == 8);
	return nullptr;
}

int main()
{
	pthread_t threads[8];
	for (pthread_t &thread : threads)
		MUST(pthread_create(&thread, nullptr, worker, nullptr) == 0);
	for (pthread_t thread : threads)
		pthread_join(thread, nullptr);
	return 0;
}
