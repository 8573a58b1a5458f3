// cflags: -fno-builtin -Wl,--no-as-needed -lm
// State that the C library hides, used rightly: under one lock, or by the forms that take it from their caller; and functions
// that have a lock or a place for each thread, which need none.
#define _GNU_SOURCE
#include <dirent.h>
#include <grp.h>
#include <locale.h>
#include <langinfo.h>
#include <math.h>
#include <mntent.h>
#include <netdb.h>
#include <arpa/inet.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static DIR *folder;
static volatile int sink;

#define LOOKS_AT(pointer) (sink = (pointer) ? ((const char *)(pointer))[0] : 0)

static void use_results(void)
{
	time_t moment = 86400;
	struct tm parts = {.tm_mday = 1};
	struct ether_addr hardware = {{1, 2, 3, 4, 5, 6}};
	in_addr_t address = htonl(INADDR_LOOPBACK);
	int point, sign;
	LOOKS_AT(localtime(&moment));
	LOOKS_AT(gmtime(&moment));
	LOOKS_AT(asctime(&parts));
	LOOKS_AT(ctime(&moment));
	LOOKS_AT(getpwnam("root"));
	LOOKS_AT(getpwuid(0));
	LOOKS_AT(getgrnam("root"));
	LOOKS_AT(getgrgid(0));
	LOOKS_AT(getlogin());
	LOOKS_AT(gethostbyname("127.0.0.1"));
	LOOKS_AT(gethostbyname2("127.0.0.1", AF_INET));
	LOOKS_AT(gethostbyaddr(&address, sizeof(address), AF_INET));
	LOOKS_AT(gethostent());
	LOOKS_AT(getservbyname("http", "tcp"));
	LOOKS_AT(getservbyport(htons(80), "tcp"));
	LOOKS_AT(getservent());
	LOOKS_AT(getprotobyname("tcp"));
	LOOKS_AT(getprotobynumber(6));
	LOOKS_AT(getprotoent());
	LOOKS_AT(getnetbyname("loopback"));
	LOOKS_AT(getnetbyaddr(127, AF_INET));
	LOOKS_AT(getnetent());
	LOOKS_AT(ether_ntoa(&hardware));
	LOOKS_AT(ether_aton("1:2:3:4:5:6"));
	LOOKS_AT(ttyname(0));
	LOOKS_AT(ptsname(posix_openpt(2)));
	LOOKS_AT(l64a(12345));
	LOOKS_AT(ecvt(1.5, 3, &point, &sign));
	LOOKS_AT(fcvt(1.5, 3, &point, &sign));
	LOOKS_AT(localeconv());
	LOOKS_AT(tmpnam(NULL));
	LOOKS_AT(readdir(folder));
}

static void use_lists(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	FILE *users = fopen("/etc/passwd", "r"), *groups = fopen("/etc/group", "r");
	DIR *own = opendir("/");
	LOOKS_AT(getmntent(mounts));
	LOOKS_AT(fgetpwent(users));
	LOOKS_AT(fgetgrent(groups));
	LOOKS_AT(readdir64(own));
	endmntent(mounts);
	fclose(users);
	fclose(groups);
	closedir(own);
	setpwent();
	LOOKS_AT(getpwent());
	endpwent();
	setgrent();
	LOOKS_AT(getgrent());
	endgrent();
}

static void use_kept(void)
{
	unsigned short seed[7] = {1, 2, 3, 4, 5, 6, 7};
	char text[] = "a b", in_environment[] = "HIDDEN_OTHER=2";
	setenv("HIDDEN", "1", 1);
	LOOKS_AT(getenv("HIDDEN"));
	LOOKS_AT(secure_getenv("HIDDEN"));
	putenv(in_environment);
	unsetenv("HIDDEN_OTHER");
	clearenv();
	setlocale(LC_ALL, "C");
	LOOKS_AT(nl_langinfo(CODESET));
	LOOKS_AT(strtok(text, " "));
	LOOKS_AT(strtok(NULL, " "));
	srand48(1);
	seed48(seed);
	lcong48(seed);
	sink = (int)(drand48() + (double)lrand48() + (double)mrand48());
	sink = (int)(lgamma(2.5) + lgammaf(2.5f) + (float)lgammal(2.5L));
	hcreate(16);
	hsearch((ENTRY){"one", NULL}, ENTER);
	hdestroy();
}

static void under_lock(void)
{
	pthread_mutex_lock(&lock);
	use_results();
	use_lists();
	use_kept();
	pthread_mutex_unlock(&lock);
}

/* Nothing orders these, and nothing has to. */
static void at_once(void)
{
	unsigned short seed[3] = {1, 2, 3};
	time_t moment = 86400;
	struct tm parts;
	DIR *own = opendir("/");
	LOOKS_AT(getenv("PATH"));
	LOOKS_AT(setlocale(LC_ALL, NULL));
	LOOKS_AT(nl_langinfo(CODESET));
	LOOKS_AT(localtime_r(&moment, &parts));
	LOOKS_AT(inet_ntoa((struct in_addr){htonl(INADDR_LOOPBACK)}));
	LOOKS_AT(strerror(12345));
	LOOKS_AT(strsignal(12345));
	LOOKS_AT(readdir(own));
	sink = rand() + (int)random() + (int)erand48(seed) + (int)nrand48(seed) + (int)jrand48(seed);
	closedir(own);
}

int main(void)
{
	MUST(folder = opendir("/"));
	pair_run(under_lock, under_lock);
	pair_run(at_once, at_once);
	return 0;
}
