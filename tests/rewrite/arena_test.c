/* Memory for code near a module: what is handed out is what was asked for, and the system sees no page that is writable and
 * executable. Children have no memory files, little address space, or no executable memory at all. */
#include "rewrite/arena.h"
#include "rewrite/room.h"
#include "shadow/sys.h"

#include "confine.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAIL(...) (fprintf(stderr, "arena_test:%d: ", __LINE__), fprintf(stderr, __VA_ARGS__), exit(1))
#define CHECK(condition)                                                                                     \
	do                                                                                                   \
		if (!(condition))                                                                            \
			FAIL("%s\n", #condition);                                                            \
	while (0)

enum { RUNS_MOST = 128, REQUESTS = 60000, PIECES = 40, SCATTERED = 40000, MARK = 0xe9 };
#define REACH ((uintptr_t)1 << 31)

static uint64_t state = 88172645463325252u;

static uint64_t random_number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* ---- what the kernel says ---- */

struct seen {
	unsigned writable_and_executable, code_maps, code_writable;
};

static struct seen look_at_maps(void)
{
	struct seen seen = {0, 0, 0};
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof(line), maps)) {
		const char *flags = strchr(line, ' ') + 1;
		bool is_code = strstr(line, "racetrack-code");
		seen.writable_and_executable += flags[1] == 'w' && flags[2] == 'x';
		seen.code_maps += is_code;
		seen.code_writable += is_code && flags[1] == 'w';
	}
	fclose(maps);
	return seen;
}

static unsigned long address_space_pages(void)
{
	unsigned long pages = 0;
	FILE *statm = fopen("/proc/self/statm", "r");
	CHECK(fscanf(statm, "%lu", &pages) == 1);
	fclose(statm);
	return pages;
}

static volatile bool watching;

static void *watch(void *unused)
{
	while (watching)
		CHECK(!look_at_maps().writable_and_executable);
	return unused;
}

/* ---- requests ---- */

struct request {
	uintptr_t low, high, step, remainder, place;
};

static struct request random_request(struct rt_range near)
{
	static const unsigned logs[] = {0, 8, 8, 16, 16, 16, 16, 24, 24, 24, 24, 32};
	uintptr_t low = near.low - REACH / 2 + random_number() % REACH, step = 1;
	unsigned log = logs[random_number() % 12];
	if (log == 32) {
		low = near.low - REACH;
		step = (uintptr_t)1 << 8 * (1 + random_number() % 3);
	}
	return (struct request){low, low + ((uintptr_t)1 << log) - 1, step, random_number() & (step - 1), 0};
}

static void check_place(const struct request *request)
{
	uintptr_t place = request->place;
	CHECK(place >= request->low && place <= request->high);
	CHECK((place & (request->step - 1)) == request->remainder);
	CHECK(place % RT_PAGE_BYTES <= RT_PAGE_BYTES - RT_JUMP_BYTES);
}

/* What was asked for in turn has the number of its request in its bytes: overlapping ones would destroy each other. */
static unsigned ask_for_jumps(struct rt_arena *arena, struct rt_range near, struct request *requests)
{
	unsigned got = 0;
	for (uint32_t i = 0; i < REQUESTS; i++) {
		struct request *request = &requests[i];
		*request = random_request(near);
		request->place = rt_arena_jump(
			arena, request->low, request->high, request->step, request->remainder, i % 4);
		if (!request->place)
			continue;
		check_place(request);
		if (i % 16 == 0) {
			rt_arena_jump_back(arena, request->place);
			request->place = 0;
			continue;
		}
		uint8_t *at = rt_arena_at(arena, request->place);
		CHECK(!*at);
		*at = MARK;
		memcpy(at + 1, &i, 4);
		got++;
	}
	return got;
}

static void check_jumps(const struct request *requests)
{
	for (uint32_t i = 0; i < REQUESTS; i++)
		if (requests[i].place) {
			const uint8_t *at = (const uint8_t *)requests[i].place;
			CHECK(*at == MARK && !memcmp(at + 1, &i, 4));
		}
}

static void count_range(struct rt_range range, void *data)
{
	CHECK(range.low < range.high);
	++*(unsigned *)data;
}

/* A code piece that returns its number. */
static void write_piece(struct rt_arena *arena, uintptr_t code, size_t bytes, uint32_t number)
{
	uint8_t *at = rt_arena_at(arena, code);
	memset(at, 0x90, bytes - 6);
	at[bytes - 6] = 0xb8; /* mov eax, number; ret */
	memcpy(at + bytes - 5, &number, 4);
	at[bytes - 1] = 0xc3;
}

static void check_arena(struct rt_range near, size_t hint, unsigned *places, unsigned *runs)
{
	static struct request requests[REQUESTS];
	uintptr_t pieces[PIECES];
	const char *why = NULL;
	struct rt_arena *arena = rt_arena_create(near, hint, &why);
	if (!arena)
		FAIL("%s\n", why);
	for (unsigned i = 0; i < PIECES; i++) {
		size_t bytes = 16 + random_number() % (hint / 8);
		pieces[i] = rt_arena_code(arena, 2 * bytes);
		CHECK(pieces[i] && pieces[i] % 16 == 0);
		CHECK(pieces[i] + REACH > near.high && pieces[i] + 2 * bytes < near.low + REACH);
		write_piece(arena, pieces[i], bytes, i);
		rt_arena_trim(arena, pieces[i], bytes);
	}
	*places = ask_for_jumps(arena, near, requests);
	CHECK(rt_arena_seal(arena));
	struct seen seen = look_at_maps();
	CHECK(!seen.code_writable && !seen.writable_and_executable);
	check_jumps(requests);
	for (unsigned i = 0; i < PIECES; i++)
		CHECK(((uint32_t(*)(void))pieces[i])() == i);
	*runs = 0;
	rt_arena_ranges(arena, count_range, runs);
	CHECK(!seen.code_maps || seen.code_maps == *runs);
	rt_arena_destroy(arena);
	CHECK(!look_at_maps().code_maps);
}

/* More single pages than there may be mappings. */
static unsigned check_budget(struct rt_range near)
{
	const char *why;
	unsigned refused = 0, runs = 0;
	struct rt_arena *arena = rt_arena_create(near, 1 << 20, &why);
	CHECK(arena);
	for (uintptr_t i = 0; i < SCATTERED; i++) {
		uintptr_t low = near.low - REACH / 2 + i * 16 * RT_PAGE_BYTES;
		refused += !rt_arena_jump(arena, low, low + 255, 1, 0, true);
	}
	CHECK(rt_arena_seal(arena));
	rt_arena_ranges(arena, count_range, &runs);
	CHECK(runs <= RUNS_MOST && look_at_maps().code_maps <= RUNS_MOST);
	rt_arena_destroy(arena);
	return refused;
}

/* ---- children ---- */

static void in_child(void (*run)(struct rt_range near), struct rt_range near)
{
	int status;
	pid_t child = fork();
	if (!child) {
		run(near);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && !status);
}

static void without_memory_files(struct rt_range near)
{
	unsigned places, runs;
	confine_memory_files();
	check_arena(near, 1 << 16, &places, &runs);
	CHECK(places > REQUESTS / 3); /* at addresses where there is little room */
}

static void without_executable_memory(struct rt_range near)
{
	const char *why = NULL;
	confine_executable_memory(true);
	rt_arena_create(near, 1 << 16, &why); /* the engine's own memory grows once */
	unsigned long before = address_space_pages();
	for (unsigned i = 0; i < 3; i++)
		CHECK(!rt_arena_create(near, 1 << 16, &why) && strstr(why, "executable"));
	CHECK(address_space_pages() == before);
}

static void with_little_address_space(struct rt_range near)
{
	unsigned places, runs;
	unsigned long bytes = (address_space_pages() << RT_PAGE_LOG) + (1ul << 28);
	CHECK(!setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes}));
	check_arena(near, 1 << 16, &places, &runs);
}

int main(void)
{
	static char own[1 << 20];
	struct rt_range program = {(uintptr_t)own, (uintptr_t)own + sizeof(own)};
	char *middle = mmap(NULL, 1 << 24, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct rt_range library = {(uintptr_t)middle, (uintptr_t)middle + (1 << 24)};
	unsigned places[2], runs[2], refused;
	pthread_t watcher;

	in_child(without_memory_files, program);
	in_child(without_executable_memory, program);
	in_child(with_little_address_space, library);
	check_arena(program, 1 << 20, &places[0], &runs[0]);
	unsigned long before = address_space_pages();
	for (unsigned i = 0; i < 4; i++)
		check_arena(i % 2 ? program : library, 1 << (12 + 4 * i), &places[i % 2], &runs[i % 2]);
	if (address_space_pages() > before + 256)
		FAIL("%lu pages before, %lu after\n", before, address_space_pages());
	refused = check_budget((struct rt_range){library.low, library.low + (1 << 20)});
	watching = true;
	CHECK(!pthread_create(&watcher, NULL, watch, NULL));
	for (unsigned i = 0; i < 2; i++)
		check_arena(library, 1 << 20, &places[0], &runs[0]);
	watching = false;
	pthread_join(watcher, NULL);
	printf("%u and %u places in %u and %u mappings, %u of %u scattered ones beyond the limit\n",
		places[0], places[1], runs[0], runs[1], refused, SCATTERED);
	return 0;
}
