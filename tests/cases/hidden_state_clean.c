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

static void look_at(const void *pointer)
{
	sink = pointer ? *(const char *)pointer : 0;
}

static void use_results(void)
{
	time_t moment = 86400;
	struct tm parts = {.tm_mday = 1};
	struct ether_addr hardware = {{1, 2, 3, 4, 5, 6}};
	in_addr_t address = htonl(INADDR_LOOPBACK);
	int point, sign;
	look_at(localtime(&moment));
	look_at(gmtime(&moment));
	look_at(asctime(&parts));
	look_at(ctime(&moment));
	look_at(getpwnam("root"));
	look_at(getpwuid(0));
	look_at(getgrnam("root"));
	look_at(getgrgid(0));
	look_at(getlogin());
	look_at(gethostbyname("127.0.0.1"));
	look_at(gethostbyname2("127.0.0.1", AF_INET));
	look_at(gethostbyaddr(&address, sizeof(address), AF_INET));
	look_at(gethostent());
	look_at(getservbyname("http", "tcp"));
	look_at(getservbyport(htons(80), "tcp"));
	look_at(getservent());
	look_at(getprotobyname("tcp"));
	look_at(getprotobynumber(6));
	look_at(getprotoent());
	look_at(getnetbyname("loopback"));
	look_at(getnetbyaddr(127, AF_INET));
	look_at(getnetent());
	look_at(ether_ntoa(&hardware));
	look_at(ether_aton("1:2:3:4:5:6"));
	look_at(ttyname(0));
	look_at(ptsname(posix_openpt(2)));
	look_at(l64a(12345));
	look_at(ecvt(1.5, 3, &point, &sign));
	look_at(fcvt(1.5, 3, &point, &sign));
	look_at(localeconv());
	look_at(tmpnam(NULL));
	look_at(readdir(folder));
}

static void use_lists(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	FILE *users = fopen("/etc/passwd", "r"), *groups = fopen("/etc/group", "r");
	DIR *own = opendir("/");
	look_at(getmntent(mounts));
	look_at(fgetpwent(users));
	look_at(fgetgrent(groups));
	look_at(readdir64(own));
	endmntent(mounts);
	fclose(users);
	fclose(groups);
	closedir(own);
	setpwent();
	look_at(getpwent());
	endpwent();
	setgrent();
	look_at(getgrent());
	endgrent();
}

static void use_kept(void)
{
	unsigned short seed[7] = {1, 2, 3, 4, 5, 6, 7};
	char text[] = "a b", in_environment[] = "HIDDEN_OTHER=2";
	setenv("HIDDEN", "1", 1);
	look_at(getenv("HIDDEN"));
	look_at(secure_getenv("HIDDEN"));
	putenv(in_environment);
	unsetenv("HIDDEN_OTHER");
	clearenv();
	setlocale(LC_ALL, "C");
	look_at(nl_langinfo(CODESET));
	look_at(strtok(text, " "));
	look_at(strtok(NULL, " "));
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
	look_at(getenv("PATH"));
	look_at(setlocale(LC_ALL, NULL));
	look_at(nl_langinfo(CODESET));
	look_at(localtime_r(&moment, &parts));
	look_at(inet_ntoa((struct in_addr){htonl(INADDR_LOOPBACK)}));
	look_at(strerror(12345));
	look_at(strsignal(12345));
	look_at(readdir(own));
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
