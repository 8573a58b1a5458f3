// Another name, in another folder or in the same, orders nothing; neither do two that find it, who could not make it, and who
// opens what was there already.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "steps.h"

/* Names of a line: N1 and N2 are not there, N3 is; so in the folder "sub". */
static __thread char names[4][STEPS_MOST][40];
#define NAME(which, prefix) (sprintf(names[which][__LINE__], prefix "%d", __LINE__), names[which][__LINE__])
#define N1                  NAME(0, "new")
#define N2                  NAME(1, "more")
#define N3                  NAME(2, "old")
#define SUB_N1              NAME(3, "sub/new")

static struct stat found;

#define DONE(call)        MUST((call) == 0)
#define GONE(call)        MUST((call) == -1 && errno == ENOENT)
#define THERE(call)       MUST((call) == -1 && errno == EEXIST)
#define OPENED(call)      MUST((call) >= 0)
#define MAKE(name, flags) open(name, O_CREAT | O_WRONLY | (flags), 0600)

static void steps(void)
{
	HANDS(OPENED(MAKE(N1, O_EXCL)), OPENED(MAKE(N2, O_EXCL)));     // race: race-data
	HANDS(OPENED(MAKE(N1, O_EXCL)), OPENED(MAKE(SUB_N1, O_EXCL))); // race: race-data
	HANDS(OPENED(MAKE(N1, O_EXCL)), GONE(stat(SUB_N1, &found)));   // race: race-data
	HANDS(OPENED(MAKE(N3, 0)), OPENED(MAKE(N3, 0)));               // race: race-data
	HANDS(OPENED(open(N3, O_RDWR)), OPENED(open(N3, O_RDWR)));     // race: race-data
	HANDS(MUST(fopen(N3, "a")), MUST(fopen(N3, "r")));             // race: race-data
	HANDS(THERE(MAKE(N3, O_EXCL)), OPENED(open(N3, O_RDONLY)));    // race: race-data
	HANDS(THERE(mkdir(N3, 0700)), DONE(access(N3, F_OK)));         // race: race-data
	HANDS(DONE(stat(N3, &found)), DONE(unlink(N3)));               // race: race-data
	HANDS(GONE(unlink(N1)), OPENED(MAKE(N1, O_EXCL)));             // race: race-data
	HANDS(GONE(rename(N1, N2)), OPENED(MAKE(N2, O_EXCL)));         // race: race-data
	HANDS(DONE(unlink(N3)), GONE(access(N1, F_OK)));               // race: race-data
	HANDS(DONE(rename(N3, N1)), GONE(access(N2, F_OK)));           // race: race-data
}

int main(void)
{
	char name[40];
	mkdir("sub", 0700);
	for (int line = 1; line < 200; line++) {
		sprintf(name, "old%d", line);
		close(creat(name, 0600));
	}
	steps_run();
	return 0;
}
