/* A prefork server: the parent listens, each of its workers accepts and answers, and all of them count what they did in
 * a page that they share, for whoever asks. They count by ++, so that counts are lost. Each worker's own slot is nobody
 * else's until the worker has ended.
 */
/* expect: race-shared */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "../shared.h"

enum { WORKERS = 4, REQUESTS = 25 /* of a worker */ };

struct scoreboard {
	volatile long requests;
	struct slot {
		pid_t worker;
		char last[48];
	} slots[WORKERS];
};

static struct scoreboard *scoreboard;
static int listener;

static void serve(int client, struct slot *slot)
{
	char request[48] = "";
	must(recv(client, request, sizeof request, MSG_WAITALL) != sizeof request);
	snprintf(slot->last, sizeof slot->last, "%s", request);
	scoreboard->requests++; // racetrack: race-shared a; race-shared b
	must(send(client, "200", 3, 0) != 3);
}

static void *work(void *argument)
{
	struct slot *slot = argument;
	slot->worker = getpid();
	for (int i = 0; i < REQUESTS; i++) {
		int client = accept(listener, NULL, NULL);
		must(client < 0);
		serve(client, slot);
		close(client);
	}
	return NULL;
}

static void listen_anywhere(struct sockaddr_in *address)
{
	socklen_t bytes = sizeof *address;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	must(listener < 0 || bind(listener, (struct sockaddr *)address, bytes) || listen(listener, 64));
	must(getsockname(listener, (struct sockaddr *)address, &bytes));
}

/* Asks without waiting for answers until every question is asked: else each answer would order the workers. */
static void ask(const struct sockaddr_in *address)
{
	int clients[WORKERS * REQUESTS];
	char request[48], answer[3];
	for (int i = 0; i < WORKERS * REQUESTS; i++) {
		clients[i] = socket(AF_INET, SOCK_STREAM, 0);
		must(connect(clients[i], (const struct sockaddr *)address, sizeof *address));
		memset(request, 0, sizeof request);
		snprintf(request, sizeof request, "GET /page/%d", i);
		must(send(clients[i], request, sizeof request, 0) != sizeof request);
	}
	for (int i = 0; i < WORKERS * REQUESTS; i++) {
		must(recv(clients[i], answer, sizeof answer, MSG_WAITALL) != sizeof answer);
		close(clients[i]);
	}
}

int main(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	pid_t workers[WORKERS];
	scoreboard =
		mmap(NULL, sizeof *scoreboard, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(scoreboard == MAP_FAILED);
	listen_anywhere(&address);
	for (int i = 0; i < WORKERS; i++)
		workers[i] = start_process(work, &scoreboard->slots[i]);
	ask(&address);
	for (int i = 0; i < WORKERS; i++) {
		wait_for(workers[i]);
		printf("worker %d: %s\n", i, scoreboard->slots[i].last);
	}
	printf("%ld requests\n", scoreboard->requests);
	return 0;
}
