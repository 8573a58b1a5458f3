// cflags: -fno-builtin
// What calls leave in the program's memory: the last byte of each, and what they read.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

int __xpg_strerror_r(int error, char *to, size_t room);

static time_t *moment(void)
{
	static __thread time_t now;
	now = 86400;
	return &now;
}

static struct tm *date(void)
{
	static __thread struct tm parts;
	parts = (struct tm){.tm_year = 70, .tm_mday = 2};
	return &parts;
}

static char path[PATH_MAX];

static void steps(void)
{
	WRITES(strerror_r(-1, A, 64), A + 16); // race: race-data
	SPARES(strerror_r(ERANGE, A, 64), A);
	WRITES(__xpg_strerror_r(-1, A, 64), A + 16);                                        // race: race-data
	WRITES(gmtime_r(moment(), (struct tm *)WORDS), &((struct tm *)WORDS)->tm_isdst);    // race: race-data
	WRITES(localtime_r(moment(), (struct tm *)WORDS), &((struct tm *)WORDS)->tm_isdst); // race: race-data
	WRITES(ctime_r(moment(), A), A + 25);                                               // race: race-data
	WRITES(asctime_r(date(), A), A + 25);                                               // race: race-data
	SPARES(asctime_r(date(), A), A + 26);
	READS(gmtime_r((time_t *)(WORDS), date()), WORDS); // race: race-data
	READS(ctime_r((time_t *)WORDS, A), WORDS);         // race: race-data
	WRITES(inet_pton(AF_INET, "1.2.3.4", A), A + 3);   // race: race-data
	WRITES(inet_pton(AF_INET6, "::1", A), A + 15);     // race: race-data
	SPARES(inet_pton(AF_INET, "nothing", A), A);
	WRITES(VOID(arc4random_buf(A, 8)), A + 7); // race: race-data
	SPARES(VOID(arc4random_buf(A, 8)), A + 8);
	WRITES(inet_ntop(AF_INET, "abcd", A, 64), A + 12);            // race: race-data
	READS(inet_ntop(AF_INET, A, B, 64), A + 3);                   // race: race-data
	READS(realpath(put(A, "/"), NULL), A);                        // race: race-data
	WRITES(realpath("/", path), path + 1);                        // race: race-data
	WRITES(ttyname_r(posix_openpt(O_RDWR | O_NOCTTY), A, 64), A); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
