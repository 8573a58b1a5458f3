// The lock of a stream orders.
#include <stdio.h>
#include "steps.h"

static FILE *file;

#define PASS (flockfile(file), funlockfile(file))
#define TRY  (MUST(ftrylockfile(file) == 0), funlockfile(file))

static void steps(void)
{
	HANDS(PASS, PASS);
	HANDS(TRY, TRY);
}

int main(void)
{
	file = tmpfile();
	steps_run();
	fclose(file);
	return 0;
}
