// cflags: -fno-builtin
// The memory functions touch no byte beyond their extents, and only read what they only read.
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "steps.h"

static void steps(void)
{
	ONLY_READS(memcpy(A, B, 7), B);
	SPARES(memcpy(A, B, 7), B + 7);
	SPARES(memcpy(A, B, 7), A + 7);
	ONLY_READS(memmove(A, B, 7), B);
	SPARES(memmove(A, B, 7), B + 7);
	SPARES(memmove(A, B, 7), A + 7);
	SPARES(mempcpy(A, B, 7), B + 7);
	SPARES(mempcpy(A, B, 7), A + 7);
	SPARES(memccpy(A, B, 'c', 7), B + 3);
	SPARES(memccpy(A, B, 'c', 7), A + 3);
	SPARES(memccpy(A, B, 'z', 7), B + 7);
	SPARES(memset(A, 1, 7), A + 7);
	SPARES(memset(A + 1, 1, 7), A);
	ONLY_READS(memcmp(A, B, 7), A);
	SPARES(memcmp(A, B, 7), A + 7);
	SPARES(memcmp(A, "abX", 7), A + 3);
	ONLY_READS(memchr(A, 'd', 7), A + 3);
	SPARES(memchr(A, 'd', 7), A + 4);
	SPARES(memchr(A, 'z', 7), A + 7);
	SPARES(memrchr(A, 'd', 7), A + 2);
	SPARES(memrchr(A, 'z', 7), A + 7);
	SPARES(memmem(A, 16, "fg", 2), A + 7);
	SPARES(memmem("fg", 2, A, 3), A + 3);
	SPARES(rawmemchr(A, 'd'), A + 4);
	SPARES(VOID(bzero(A, 7)), A + 7);
	SPARES(VOID(explicit_bzero(A, 7)), A + 7);
	SPARES(VOID(bcopy(B, A, 7)), B + 7);
	SPARES(VOID(bcopy(B, A, 7)), A + 7);
	SPARES(bcmp(A, B, 7), A + 7);
	SPARES(VOID(swab(B, A, 7)), A + 6);
	SPARES(VOID(swab(B, A, -7)), A);
	SPARES(memset(A, 1, N(0)), A);
	SPARES(memcpy(A, B, N(0)), B);
}

int main(void)
{
	steps_run();
	return 0;
}
