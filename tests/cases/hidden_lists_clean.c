// cflags: -fno-builtin
// The same under a lock; and the forms that take the place of what is kept, at the same time.
#define _GNU_SOURCE
#include <getopt.h>
#include <netdb.h>
#include <rpc/netdb.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utmp.h>
#include <utmpx.h>
#include "pair.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile uintptr_t sink;

static void look_at(const void *result)
{
	sink += (uintptr_t)result;
}

static void use_logins(void)
{
	struct utmp login = {.ut_type = USER_PROCESS, .ut_line = "one", .ut_id = "1"}, copy, *found;
	struct utmpx extended = {.ut_type = USER_PROCESS, .ut_line = "two", .ut_id = "2"};
	MUST(!utmpname("logins") && !utmpxname("logins"));
	setutent();
	MUST(pututline(&login));
	setutxent();
	look_at(pututxline(&extended));
	setutxent();
	look_at(getutent());
	look_at(getutxent());
	setutent();
	look_at(getutid(&login));
	look_at(getutxid(&extended));
	setutent();
	look_at(getutline(&login));
	look_at(getutxline(&extended));
	setutent();
	MUST(!getutent_r(&copy, &found));
	setutent();
	MUST(!getutid_r(&login, &copy, &found));
	setutent();
	MUST(!getutline_r(&login, &copy, &found));
	endutent();
	endutxent();
}

static void use_lists(void)
{
	setspent();
	look_at(getspent());
	look_at(getspnam("root"));
	endspent();
	look_at(sgetspent("one:*:1:0:99999:7:::"));
	look_at(getrpcent());
	look_at(getrpcbyname("portmapper"));
	look_at(getrpcbynumber(100000));
}

static void use_options(void)
{
	char *words[] = {"command", "file", "-a", "-b", "--long", NULL};
	const struct option known[] = {{"long", no_argument, NULL, 'l'}, {0}};
	optind = 0;
	while (getopt(4, words, "ab") != -1)
		;
	optind = 0;
	while (getopt_long(5, words, "ab", known, NULL) != -1)
		;
	optind = 0;
	while (getopt_long_only(5, words, "ab", known, NULL) != -1)
		;
	look_at(words[optind - 1]);
}

static void under_lock(void)
{
	pthread_mutex_lock(&lock);
	use_logins();
	use_lists();
	use_options();
	pthread_mutex_unlock(&lock);
}

/* Nothing orders these, and nothing has to. */
static void at_once(void)
{
	struct spwd password, *found;
	struct rpcent call, *found_call;
	struct netent net, *found_net;
	struct protoent protocol, *found_protocol;
	struct servent service, *found_service;
	struct hostent host, *found_host;
	char room[4096], text[] = "a=1,b", *rest = text, *value, *const names[] = {"a", "b", NULL};
	int error;
	MUST(!sgetspent_r("one:*:1:0:99999:7:::", &password, room, sizeof(room), &found) && found);
	getspnam_r("root", &password, room, sizeof(room), &found);
	getspent_r(&password, room, sizeof(room), &found);
	getrpcbyname_r("portmapper", &call, room, sizeof(room), &found_call);
	getrpcbynumber_r(100000, &call, room, sizeof(room), &found_call);
	getrpcent_r(&call, room, sizeof(room), &found_call);
	getnetbyname_r("loopback", &net, room, sizeof(room), &found_net, &error);
	getnetent_r(&net, room, sizeof(room), &found_net, &error);
	getprotoent_r(&protocol, room, sizeof(room), &found_protocol);
	getservent_r(&service, room, sizeof(room), &found_service);
	gethostent_r(&host, room, sizeof(room), &found_host, &error);
	FILE *own = fmemopen("two:*:1:0:99999:7:::\n", 21, "r");
	MUST(own && !fgetspent_r(own, &password, room, sizeof(room), &found) && !fclose(own));
	MUST(!getsubopt(&rest, names, &value) && !strcmp(value, "1") && getsubopt(&rest, names, &value) == 1);
}

int main(void)
{
	FILE *made = fopen("logins", "w");
	MUST(made && !fclose(made));
	pair_run(under_lock, under_lock);
	pair_run(at_once, at_once);
	MUST(!remove("logins"));
	return 0;
}
