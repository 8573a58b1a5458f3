// Who finds a name looked up comes after the look-up, and after who asked for it.
#define _GNU_SOURCE
#include <netdb.h>
#include "pair.h"

static const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
static struct gaicb block = {.ar_name = "127.0.0.1", .ar_request = &hints},
		    never = {.ar_name = "127.0.0.1", .ar_request = &hints};
static int handed;

static void ask(void)
{
	struct gaicb *list[] = {&block};
	racetrack_write(&handed, sizeof(handed));
	MUST(!getaddrinfo_a(GAI_NOWAIT, list, 1, NULL));
}

static void collect(void)
{
	const struct gaicb *list[] = {&block};
	struct timespec most = {100, 0};
	int error = gai_suspend(list, 1, &most);
	MUST(!error || error == EAI_ALLDONE);
	racetrack_write(&handed, sizeof(handed));
	racetrack_write(&block.ar_result, sizeof(block.ar_result));
	MUST(!gai_error(&block));
	freeaddrinfo(block.ar_result);
}

static void cancel(void)
{
	struct gaicb *list[] = {&never};
	MUST(!getaddrinfo_a(GAI_NOWAIT, list, 1, NULL));
	while (gai_cancel(&never) == EAI_NOTCANCELED)
		;
	racetrack_write(&never.ar_result, sizeof(never.ar_result));
}

int main(void)
{
	pair_run(ask, collect);
	cancel();
	return 0;
}
