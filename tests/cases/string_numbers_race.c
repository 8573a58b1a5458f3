// cflags: -fno-builtin -fno-inline
// The number and the byte that ends it are read; the end is stored.
#define _GNU_SOURCE
#include <stdlib.h>
#include "steps.h"

static void steps(void)
{
	READS(strtol(put(A, "12x"), NULL, 10), A + 2);             // race: race-data
	READS(strtoul(put(A, "12x"), NULL, 10), A + 2);            // race: race-data
	READS(strtoll(put(A, "12x"), NULL, 10), A + 2);            // race: race-data
	READS(strtoull(put(A, "12x"), NULL, 10), A + 2);           // race: race-data
	READS(strtod(put(A, "1.5x"), NULL), A + 3);                // race: race-data
	READS(strtof(put(A, "1.5x"), NULL), A + 3);                // race: race-data
	READS(strtold(put(A, "1.5x"), NULL), A + 3);               // race: race-data
	READS(atoi(put(A, "12x")), A + 2);                         // race: race-data
	READS(atol(put(A, "12x")), A + 2);                         // race: race-data
	READS(atoll(put(A, "12x")), A + 2);                        // race: race-data
	READS(atof(put(A, "1.5x")), A + 3);                        // race: race-data
	WRITES(strtol(put(A, "12"), (char **)WORDS, 10), WORDS);   // race: race-data
	WRITES(strtoul(put(A, "12"), (char **)WORDS, 10), WORDS);  // race: race-data
	WRITES(strtoll(put(A, "12"), (char **)WORDS, 10), WORDS);  // race: race-data
	WRITES(strtoull(put(A, "12"), (char **)WORDS, 10), WORDS); // race: race-data
	WRITES(strtod(put(A, "12"), (char **)WORDS), WORDS);       // race: race-data
	WRITES(strtof(put(A, "12"), (char **)WORDS), WORDS);       // race: race-data
	WRITES(strtold(put(A, "12"), (char **)WORDS), WORDS);      // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
