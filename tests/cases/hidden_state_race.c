// cflags: -fno-builtin -Wl,--no-as-needed -lm
// What the C library keeps between calls or leaves in one place, in functions that are not thread-safe: both threads call.
#define _GNU_SOURCE
#include <dirent.h>
#include <grp.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <mntent.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

#define BOTH(call) STEP(call, (steps_sink = (uintptr_t)(call)))

static DIR *folder, *folder64;
static FILE *mounts, *users, *groups;
static time_t moment = 86400;
static struct tm parts = {.tm_mday = 1, .tm_year = 70};
static struct ether_addr hardware;
static ENTRY entry = {.key = "one"};

static __thread int point, sign;

static struct tm *result;

static struct tm *keep(struct tm *given)
{
	return result = given;
}

static void results(void)
{
	WRITES(keep(gmtime(&moment)), &result->tm_year); // race: race-hidden-state
	BOTH(asctime(&parts));                           // race: race-hidden-state
	BOTH(getpwnam("root"));                          // race: race-hidden-state
	BOTH(getpwuid(0));                               // race: race-hidden-state
	BOTH(getgrnam("root"));                          // race: race-hidden-state
	BOTH(getgrgid(0));                               // race: race-hidden-state
	BOTH(gethostbyname("127.0.0.1"));                // race: race-hidden-state
	BOTH(gethostbyname2("127.0.0.1", AF_INET));      // race: race-hidden-state
	BOTH(ether_ntoa(&hardware));                     // race: race-hidden-state
	BOTH(ether_aton("1:2:3:4:5:6"));                 // race: race-hidden-state
	BOTH(l64a(12345));                               // race: race-hidden-state
	BOTH(ecvt(1.5, 3, &point, &sign)[0]);            // race: race-hidden-state
	BOTH(fcvt(1.5, 3, &point, &sign)[0]);            // race: race-hidden-state
	BOTH(localeconv());                              // race: race-hidden-state
	BOTH(getmntent(mounts));                         // race: race-hidden-state
	BOTH(tmpnam(NULL));                              // race: race-hidden-state
	BOTH(fgetpwent(users));                          // race: race-hidden-state
	BOTH(fgetgrent(groups));                         // race: race-hidden-state
	BOTH(readdir(folder));                           // race: race-hidden-state
	BOTH(readdir64(folder64));                       // race: race-hidden-state
}

static void kept(void)
{
	STEP(setenv("HIDDEN", "1", 1), getenv("HIDDEN"));   // race: race-hidden-state
	STEP(strtok(A, "c"), strtok(B, "c"));               // race: race-hidden-state
	STEP(setlocale(LC_ALL, "C"), nl_langinfo(CODESET)); // race: race-hidden-state
	BOTH(lrand48());                                    // race: race-hidden-state
	BOTH(lgamma(2.5) > 0);                              // race: race-hidden-state
	STEP(hsearch(entry, ENTER), hsearch(entry, FIND));  // race: race-hidden-state
	STEP(VOID(setpwent()), VOID(endpwent()));           // race: race-hidden-state
	STEP(VOID(setgrent()), VOID(endgrent()));           // race: race-hidden-state
}

static void steps(void)
{
	results();
	kept();
}

int main(void)
{
	MUST(folder = opendir("/"));
	MUST(folder64 = opendir("/"));
	MUST(mounts = setmntent("/proc/self/mounts", "r"));
	MUST(users = fopen("/etc/passwd", "r"));
	MUST(groups = fopen("/etc/group", "r"));
	MUST(hcreate(16));
	steps_run();
	return 0;
}
