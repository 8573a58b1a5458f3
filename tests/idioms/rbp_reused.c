// A loop that waits by way of rbp, which was where a slot of the frame is before: it is no pointer to the frame any more.
#include "../idiom.h"

static atomic_int ready;
static long payload;

static void wait_for(atomic_int *flag)
{
	__asm__ volatile("	lea -128(%%rsp), %%rsp\n" /* the red zone stays */
			 "	push %%rbp\n"
			 "	push %%rbx\n"
			 "	mov %%rsp, %%rbp\n"
			 "	mov (%%rbp), %%rax\n"
			 "	mov %[flag], %%rbp\n"
			 "1:	mov (%%rbp), %%eax\n"
			 "	test %%eax, %%eax\n"
			 "	je 1b\n"
			 "	pop %%rbx\n"
			 "	pop %%rbp\n"
			 "	lea 128(%%rsp), %%rsp\n"
			 :
			 : [flag] "r"(flag)
			 : "rax", "cc", "memory");
}

static void *give(void *x)
{
	for (long i = 0; i < rounds; i++) {
		while (LOAD(&ready, acquire))
			relax();
		payload = i;
		STORE(&ready, 1, release);
		if (BROKEN)
			payload = i + 1;
	}
	return x;
}

static void *take(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		wait_for(&ready);
		sum += payload;
		STORE(&ready, 0, release);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(give, take);
	return 0;
}
