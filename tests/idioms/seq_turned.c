// A sequence lock for one writer, beside what it guards: its reader waits for an even number first, and compilers put that below what it
// reads.
// not at: -O0
#include "../idiom.h"

static atomic_uint sequence __attribute__((aligned(64)));
static struct {
	atomic_uint a, b, c;
} shared __attribute__((aligned(64)));
static atomic_int stop;
static unsigned wrong, looked;

struct copy {
	unsigned a, b, c;
};

static inline unsigned begin(void)
{
	for (;;) {
		unsigned version = LOAD(&sequence, acquire);
		if (__builtin_expect((version & 1) == 0, 1))
			return version;
		relax();
	}
}

static inline bool retry(unsigned version)
{
	FENCE(acquire);
	return LOAD(&sequence, relaxed) != version;
}

static __attribute__((noinline)) void check(const struct copy *copy)
{
	looked++;
	if (copy->b != copy->a + 1000 || copy->c != copy->a + copy->b)
		wrong++;
}

static void *reader(void *x)
{
	for (long i = 0; i < 50 * rounds; i++) {
		struct copy copy;
		unsigned version;
		do {
			version = begin();
			copy.a = LOAD(&shared.a, relaxed);
			copy.b = LOAD(&shared.b, relaxed);
			copy.c = LOAD(&shared.c, relaxed);
		} while (retry(version));
		check(&copy);
	}
	STORE(&stop, 1, release);
	return x;
}

static void *writer(void *x)
{
	for (unsigned i = 1; !LOAD(&stop, acquire); i++) {
		unsigned now = LOAD(&sequence, relaxed);
		STORE(&sequence, now + 1, relaxed);
		FENCE(release);
		STORE(&shared.a, i, relaxed);
		STORE(&shared.b, i + 1000, relaxed);
		STORE(&shared.c, 2 * i + 1000, relaxed);
		STORE(&sequence, now + 2, release);
		if (BROKEN)
			looked++;
	}
	return x;
}

static int body(void)
{
	shared.b = shared.c = 1000;
	run_two(reader, writer);
	TELL("%u", wrong);
	return 0;
}
