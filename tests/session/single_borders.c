// hostile: a process with one thread stores to shared memory by every width, at the ends of regions and of mappings
// expect: race-shared
// with: 8 16 32 64
// cflags: -O1 -mavx
#include "sides.h"
#include <immintrin.h>
#include <stdlib.h>

/* The end of a region of 2 MiB, with private memory in front of it. */
#define BORDER ((char *)0x200000000000)

static int width;

static __attribute__((noinline)) void store(char *at, int value)
{
	if (width == 8)
		*(long *)at = value;
	else if (width == 16)
		_mm_storeu_si128((__m128i *)at, _mm_set1_epi32(value));
	else if (width == 32)
		_mm256_storeu_si256((__m256i *)at, _mm256_set1_epi32(value));
	else
		__asm__ volatile("cld; rep stosq"
				 : "+D"(at), "=m"(*(char(*)[64])at)
				 : "c"(8L), "a"((long)value)
				 : "memory");
}
static void first(void)
{
	store(BORDER - width / 2, 1);
}
static void second(void)
{
	store(BORDER - width / 2, 2);
}
int main(int count, char **arguments)
{
	(void)count;
	width = atoi(arguments[1]);
	MUST(mmap(BORDER - PAGE, 2 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == BORDER - PAGE);
	MUST(mmap(BORDER, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		BORDER);
	run_processes(0, first, second);
	printf("%d %d\n", BORDER[0], BORDER[-1]);
	return 0;
}
