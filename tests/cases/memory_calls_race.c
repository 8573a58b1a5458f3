// cflags: -fno-builtin
// Every byte that the memory functions touch: the last one of each extent, and what is done to it.
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "steps.h"

static void steps(void)
{
	READS(memcpy(A, B, 7), B + 6);             // race: race-data
	WRITES(memcpy(A, B, 7), A + 6);            // race: race-data
	READS(memmove(A, B, 7), B + 6);            // race: race-data
	WRITES(memmove(A, B, 7), A + 6);           // race: race-data
	READS(memmove(A, A + 3, 7), A + 7);        // race: race-data
	READS(memmove(A, A + 3, 7), A + 9);        // race: race-data
	WRITES(memmove(A, A + 3, 7), A + 5);       // race: race-data
	READS(memmove(A + 3, A, 7), A);            // race: race-data
	READS(memmove(A + 3, A, 7), A + 2);        // race: race-data
	WRITES(memmove(A + 3, A, 7), A + 3);       // race: race-data
	WRITES(memmove(A + 3, A, 7), A + 9);       // race: race-data
	READS(memcmp(B, B, 23), B + 22);           // race: race-data
	READS(mempcpy(A, B, 7), B + 6);            // race: race-data
	WRITES(mempcpy(A, B, 7), A + 6);           // race: race-data
	READS(memccpy(A, B, 'c', 7), B + 2);       // race: race-data
	WRITES(memccpy(A, B, 'c', 7), A + 2);      // race: race-data
	WRITES(memset(A, 1, 7), A + 6);            // race: race-data
	READS(memcmp(A, B, 7), A + 6);             // race: race-data
	READS(memcmp(A, B, 7), B + 6);             // race: race-data
	READS(memchr(A, 'd', 7), A + 3);           // race: race-data
	READS(memrchr(A, 'd', 7), A + 3);          // race: race-data
	READS(memmem(A, 16, "fg", 2), A + 6);      // race: race-data
	READS(memmem("fg", 2, A, 16), A + 15);     // race: race-data
	READS(rawmemchr(A, 'd'), A + 3);           // race: race-data
	WRITES(VOID(bzero(A, 7)), A + 6);          // race: race-data
	WRITES(VOID(explicit_bzero(A, 7)), A + 6); // race: race-data
	READS(VOID(bcopy(B, A, 7)), B + 6);        // race: race-data
	WRITES(VOID(bcopy(B, A, 7)), A + 6);       // race: race-data
	READS(bcmp(A, B, 7), A + 6);               // race: race-data
	READS(bcmp(A, B, 7), B + 6);               // race: race-data
	READS(VOID(swab(B, A, 6)), B + 5);         // race: race-data
	WRITES(VOID(swab(B, A, 6)), A + 5);        // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
