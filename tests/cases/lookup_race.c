// The result of a name that is looked up meanwhile is the look-up's until somebody has found it done.
#define _GNU_SOURCE
#include <netdb.h>
#include "pair.h"

static const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
static struct gaicb block = {.ar_name = "127.0.0.1", .ar_request = &hints},
		    other = {.ar_name = "127.0.0.1", .ar_request = &hints};

static void ask(void)
{
	struct gaicb *list[] = {&block};
	MUST(!getaddrinfo_a(GAI_NOWAIT, list, 1, NULL));           // race: race-data EARLY
	racetrack_read(&block.ar_result, sizeof(block.ar_result)); // race: race-data EARLY
	while (gai_error(&block) == EAI_INPROGRESS)
		gai_suspend((const struct gaicb *const *)list, 1, NULL);
	racetrack_write(&block.ar_result, sizeof(block.ar_result));
	list[0] = &other;
	MUST(!getaddrinfo_a(GAI_WAIT, list, 1, NULL)); // race: race-data OTHER
	racetrack_read(&other.ar_result, sizeof(other.ar_result));
}

static void look(void)
{
	racetrack_read(&other.ar_result, sizeof(other.ar_result)); // race: race-data OTHER
}

int main(void)
{
	pair_run(ask, look);
	freeaddrinfo(block.ar_result);
	freeaddrinfo(other.ar_result);
	return 0;
}
