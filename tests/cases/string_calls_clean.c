// cflags: -fno-builtin -fno-inline
// The string functions touch no byte beyond their extents, and only read what they only read.
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>
#include <time.h>
#include "steps.h"

static char *cut, *rest;
static struct tm day = {.tm_mday = 1};

static void steps(void)
{
	/* A and B hold 16 characters and the NUL */
	ONLY_READS(strlen(A), A);
	SPARES(strlen(A), A + 17);
	SPARES(strnlen(A, 7), A + 7);
	ONLY_READS(strcpy(A, B), B);
	SPARES(strcpy(A, B), B + 17);
	SPARES(strcpy(A, B), A + 17);
	SPARES(stpcpy(A, B), B + 17);
	SPARES(stpcpy(A, B), A + 17);
	SPARES(strncpy(A, B, 7), B + 7);
	SPARES(strncpy(A, B, 40), B + 17);
	SPARES(strncpy(A, B, 40), A + 40);
	SPARES(stpncpy(A, B, 7), B + 7);
	SPARES(stpncpy(A, B, 40), A + 40);
	ONLY_READS(strcat(A, B), A);
	SPARES(strcat(A, B), A + 33);
	SPARES(strncat(A, B, 7), B + 7);
	SPARES(strncat(A, B, 7), A + 24);
	ONLY_READS(strcmp(A, B), A);
	SPARES(strcmp(A, "abX"), A + 3);
	SPARES(strncmp(A, B, 7), A + 7);
	SPARES(strcasecmp(put(A, "ABC"), put(B, "abd")), A + 3);
	SPARES(strncasecmp(put(A, "ABC"), put(B, "abc"), 2), B + 2);
	SPARES(strxfrm(A, B, 64), A + 17);
	SPARES(strchr(A, 'd'), A + 4);
	SPARES(strchrnul(A, 'd'), A + 4);
	SPARES(index(A, 'd'), A + 4);
	SPARES(strspn(A, "abc"), A + 4);
	SPARES(strcspn(A, "d"), A + 4);
	SPARES(strpbrk(A, "de"), A + 4);
	SPARES(strstr(A, "fg"), A + 17);
	SPARES(strftime(A, 64, "%d", &day), A + 3);
	SPARES(strftime(A, 2, "%d", &day), A + 2);
	SPARES((cut = A, strsep(&cut, "d")), A + 4);
	ONLY_READS((cut = A, strsep(&cut, "d")), A + 2);
	SPARES((cut = NULL, strsep(&cut, "d")), A);
	SPARES(strtok(A, "d"), A + 4);
	SPARES(strtok_r(A, "d", &rest), A + 4);
	ONLY_READS(strtok_r(A, "d", &rest), A + 2);
	SPARES(strdup(A), A + 17);
	ONLY_READS(strdup(A), A);
	SPARES(strndup(A, 7), A + 7);
}

int main(void)
{
	steps_run();
	return 0;
}
