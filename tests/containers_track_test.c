/* The tracker half of containers/ on a mock engine: which misuses it finds, which places it names, and when it is silent.
 * Races are the engine's and not tested here. Run by tests/containers.test under ASan and UBSan.
 *
 * A context is the number that at() was given last; expect() names the contexts of the one finding since the last look. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../containers/track.h"
#include "../include/racetrack/racetrack.h"

struct rt_thread {
	uint32_t id;
};

static struct rt_thread self = {1};
static rt_ctx_t now;
static int failures;
static long blocks;

static struct {
	const char *rule;
	uint32_t count;
	rt_ctx_t contexts[3];
	uint32_t findings;
} last;

/* ---- the mock engine ---- */

void rt_access(struct rt_thread *thread, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, enum rt_class class)
{
	(void)thread, (void)site, (void)address, (void)bytes, (void)kind, (void)class;
}

static const char *poison_rule;
static size_t poisoned;

void rt_poison(struct rt_thread *thread, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, const char *rule)
{
	(void)thread, (void)site, (void)address, (void)kind;
	poison_rule = rule;
	poisoned += bytes;
}

bool rt_unpoison(struct rt_thread *thread, const volatile void *address, size_t bytes)
{
	(void)thread, (void)address;
	poisoned -= poisoned < bytes ? poisoned : bytes;
	return true;
}

void rt_sync_acquire(struct rt_thread *thread, struct rt_site *site, uint64_t key, const char *kind)
{
	(void)thread, (void)site, (void)key, (void)kind;
}

void rt_sync_release(struct rt_thread *thread, struct rt_site *site, uint64_t key, const char *kind)
{
	(void)thread, (void)site, (void)key, (void)kind;
}

void rt_sync_destroy(struct rt_thread *thread, uint64_t key)
{
	(void)thread, (void)key;
}

rt_ctx_t rt_site_context(struct rt_thread *thread, struct rt_site *site, enum rt_access_kind kind)
{
	(void)thread, (void)site, (void)kind;
	return now;
}

uint32_t rt_thread_id(struct rt_thread *thread)
{
	return thread->id;
}

void rt_misuse(struct rt_thread *thread, const char *rule, const char *message,
	const struct rt_party *parties, uint32_t count)
{
	(void)thread, (void)message;
	last.rule = rule;
	last.count = count;
	last.findings++;
	for (uint32_t i = 0; i < count && i < 3; i++)
		last.contexts[i] = parties[i].context;
}

void *rt_alloc(size_t bytes)
{
	blocks++;
	return calloc(1, bytes);
}

void rt_free(void *memory, size_t bytes)
{
	(void)bytes;
	blocks--;
	free(memory);
}

bool rt_safe_read(uintptr_t from, void *to, size_t bytes)
{
	struct iovec here = {to, bytes}, there = {(void *)from, bytes};
	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)bytes;
}

void rt_spin_wait(struct rt_spin *spin)
{
	(void)spin;
	abort(); /* one thread: a lock was left held */
}

static __attribute__((noinline)) void slice_event(const struct racetrack_slice_event *event)
{
	struct rt_site site = {.pc = 1, .sp = (uintptr_t)__builtin_frame_address(0) + 16};
	rt_track_slice(&self, &site, event);
}

static __attribute__((noinline)) void map_event(const struct racetrack_map_event *event)
{
	struct rt_site site = {.pc = 1, .sp = (uintptr_t)__builtin_frame_address(0) + 16};
	rt_track_map(&self, &site, event);
}

extern const struct racetrack_api racetrack_api;
const struct racetrack_api racetrack_api = {.version = RACETRACK_API_VERSION,
	.bytes = sizeof racetrack_api,
	.slice_event = slice_event,
	.map_event = map_event};

/* ---- expectations ---- */

static void at(rt_ctx_t context)
{
	now = context;
}

static void expect_at(int line, const char *rule, rt_ctx_t a, rt_ctx_t b, rt_ctx_t c)
{
	uint32_t findings = rule ? 1 : 0, count = c ? 3 : b ? 2 : 1;
	const rt_ctx_t contexts[3] = {a, b, c};
	bool right = last.findings == findings;
	if (right && rule)
		right = rt_string_equal(rule, last.rule) && last.count == count &&
			memcmp(contexts, last.contexts, count * sizeof contexts[0]) == 0;
	if (!right) {
		printf("not ok - line %d: %u findings, the last %s at %u %u %u (of %u)\n", line,
			last.findings, last.rule ? last.rule : "-", last.contexts[0], last.contexts[1],
			last.contexts[2], last.count);
		failures++;
	}
	memset(&last, 0, sizeof last);
}

#define EXPECT(rule, a, b, c) expect_at(__LINE__, rule, a, b, c)
#define SILENT()              expect_at(__LINE__, NULL, 0, 0, 0)

static const int x = 77;

static void append(struct rt_slice *slice, rt_ctx_t context)
{
	at(context);
	if (rt_slice_append(slice, &x))
		abort();
}

static void cut(const struct rt_slice *from, size_t i, size_t j, struct rt_slice *to, rt_ctx_t context)
{
	at(context);
	if (rt_slice_cut(from, i, j, to))
		abort();
}

static int get(const struct rt_slice *slice, size_t index, rt_ctx_t context)
{
	int value = 0;
	at(context);
	return rt_slice_get(slice, index, &value) ? -1 : value;
}

static __attribute__((noinline)) struct rt_slice made(int len, size_t cap, rt_ctx_t context)
{
	struct rt_slice slice;
	at(context);
	if (rt_slice_make(&slice, sizeof(int), 0, cap))
		abort();
	for (int i = 0; i < len; i++)
		rt_slice_append(&slice, &i);
	return slice;
}

/* ---- appends over others' elements ---- */

static void alias_cut(void)
{
	struct rt_slice all = made(4, 8, 1), part;
	append(&all, 2);
	cut(&all, 1, 3, &part, 3);
	append(&part, 4);
	EXPECT("slice-alias-append", 4, 1, 3);
	rt_slice_drop(&all);
	append(&part, 5); /* its array is its own now */
	SILENT();
	rt_slice_drop(&part);
}

static void alias_neighbour(void)
{
	struct rt_slice all = made(8, 8, 1), chunk[2];
	cut(&all, 0, 4, &chunk[0], 2);
	cut(&all, 4, 8, &chunk[1], 3);
	append(&chunk[0], 4);
	EXPECT("slice-alias-append", 4, 3, 2);
	append(&chunk[1], 5); /* no room: copies */
	SILENT();
	rt_slice_drop(&all);
	rt_slice_drop(&chunk[0]);
	rt_slice_drop(&chunk[1]);
}

static void three_indexes_copy(void)
{
	struct rt_slice all = made(4, 8, 1), part;
	at(2);
	rt_slice_cut3(&all, 1, 3, 3, &part);
	append(&part, 3);
	append(&all, 4);
	SILENT();
	rt_slice_drop(&all);
	rt_slice_drop(&part);
}

static void plain_copies(void)
{
	struct rt_slice a = made(3, 8, 1), b;
	append(&a, 2);
	b = a;
	append(&a, 3);
	append(&b, 4); /* a shows this one already */
	EXPECT("slice-alias-append", 4, 1, 0);
	rt_slice_drop(&a);

	/* b = a may be a move: nobody is accused before a is used again. */
	a = made(3, 8, 1);
	get(&a, 0, 2);
	b = a;
	cut(&b, 0, 0, &b, 3);
	append(&b, 4);
	SILENT();
	get(&a, 1, 5);
	SILENT(); /* not the one that was overwritten */
	get(&b, 0, 5);
	b = a;
	cut(&b, 0, 0, &b, 3);
	append(&b, 4);
	SILENT();
	get(&a, 0, 5);
	EXPECT("slice-alias-append", 4, 1, 0);
	rt_slice_drop(&a);
}

struct message {
	struct rt_slice body;
};

static void moved_into_messages(void)
{
	struct rt_slice all = made(8, 8, 1);
	struct message *messages = calloc(2, sizeof *messages);
	for (size_t i = 0; i < 2; i++) {
		struct rt_slice part;
		cut(&all, i * 4, i * 4 + 4, &part, 2);
		messages[i].body = part;
	}
	rt_slice_drop(&all);
	get(&messages[1].body, 0, 3);
	append(&messages[0].body, 4);
	EXPECT("slice-alias-append", 4, 2, 0);
	rt_slice_drop(&messages[0].body);
	rt_slice_drop(&messages[1].body);
	free(messages);
}

/* ---- headers that are dead ---- */

static __attribute__((noinline)) void forget_a_cut(const struct rt_slice *slice)
{
	struct rt_slice part;
	cut(slice, 0, 3, &part, 2);
	get(&part, 0, 2);
}

static void dead_headers(void)
{
	struct rt_slice slice = made(5, 16, 1), part;
	append(&slice, 2); /* the variable in made() is left */
	cut(&slice, 0, 0, &slice, 3);
	append(&slice, 4);
	SILENT();
	rt_slice_drop(&slice);

	slice = made(5, 8, 1);
	forget_a_cut(&slice);
	cut(&slice, 0, 0, &slice, 3);
	append(&slice, 4);
	SILENT();
	rt_slice_drop(&slice);

	slice = made(5, 8, 1);
	cut(&slice, 0, 5, &part, 2);
	rt_slice_drop(&part);
	cut(&slice, 0, 5, &part, 2);
	memset(&part, 0, sizeof part);
	cut(&slice, 0, 0, &slice, 3);
	append(&slice, 4);
	SILENT();
	rt_slice_drop(&slice);
}

/* ---- headers on old arrays ---- */

static void stale_headers(void)
{
	struct rt_slice config = made(4, 4, 1), mine, part;
	at(2);
	rt_slice_share(&config, &mine);
	cut(&mine, 0, 2, &part, 3);
	get(&mine, 0, 4);
	SILENT();
	append(&config, 5);
	get(&config, 0, 6);
	SILENT();
	get(&mine, 0, 6);
	EXPECT("slice-stale", 6, 5, 2);
	get(&mine, 1, 7);
	SILENT(); /* said once */
	get(&part, 0, 8);
	EXPECT("slice-stale", 8, 5, 3);
	rt_slice_drop(&mine);
	rt_slice_drop(&part);
	rt_slice_drop(&config);

	config = made(4, 4, 1);
	mine = config; /* holds no reference: the array itself is kept for a while */
	append(&config, 5);
	get(&mine, 0, 6);
	EXPECT("slice-stale", 6, 5, 0);
	rt_slice_drop(&config);

	config = made(4, 4, 1);
	cut(&config, 0, 4, &part, 2);
	append(&part, 5); /* who grows leaves the others where they are */
	get(&config, 0, 6);
	SILENT();
	rt_slice_drop(&part);
	rt_slice_drop(&config);
}

static void bounds(void)
{
	struct rt_slice slice = made(2, 4, 1), part;
	get(&slice, 1, 2);
	SILENT();
	get(&slice, 2, 3);
	EXPECT("slice-bounds", 3, 1, 0);
	at(4);
	rt_slice_cut(&slice, 0, 5, &part);
	EXPECT("slice-bounds", 4, 1, 0);
	cut(&slice, 0, 4, &part, 5);
	SILENT();
	rt_slice_drop(&part);
	rt_slice_drop(&slice);
}

/* ---- maps ---- */

static void slices_in_maps(void)
{
	struct rt_slice all = made(8, 8, 1), part;
	struct rt_map map;
	rt_map_init(&map, RT_MAP_INTEGERS, sizeof(struct rt_slice));
	for (uint64_t key = 0; key < 2; key++) {
		cut(&all, key * 3, key * 3 + 3, &part, 2);
		rt_map_put(&map, key, &part);
	}
	memset(&part, 0, sizeof part);
	rt_slice_drop(&all);
	append(rt_map_ref(&map, 0), 3);
	EXPECT("slice-alias-append", 3, 2, 0);
	for (uint64_t key = 10; key < 100; key++) {
		struct rt_slice none = RT_SLICE_OF(int);
		rt_map_put(&map, key, &none);
	}
	append(rt_map_ref(&map, 0), 4); /* both have moved with the table */
	EXPECT("slice-alias-append", 4, 2, 0);
	rt_slice_drop(rt_map_ref(&map, 0));
	rt_slice_drop(rt_map_ref(&map, 1));
	rt_map_fini(&map);
	SILENT();
}

static __attribute__((noinline)) void leave_early(struct rt_map *map)
{
	struct rt_map_iterator it;
	rt_map_iterate(map, &it);
	rt_map_next(&it);
}

static void changes_in_iterations(void)
{
	struct rt_map map;
	struct rt_map_iterator it, other;
	rt_map_init(&map, RT_MAP_INTEGERS, sizeof x);
	for (uint64_t key = 0; key < 4; key++)
		rt_map_put(&map, key, &x);
	at(1);
	rt_map_iterate(&map, &it);
	for (at(2); rt_map_next(&it); at(2))
		rt_map_put(&map, it.key, &x); /* an old key: nothing moves */
	rt_map_iterate(&map, &it);
	for (; rt_map_next(&it);)
		if (it.key % 2)
			rt_map_delete_here(&it);
	leave_early(&map);
	at(3);
	rt_map_put(&map, 50, &x);
	SILENT();

	rt_map_iterate(&map, &it);
	rt_map_next(&it);
	rt_map_iterate(&map, &other);
	rt_map_next(&other);
	at(4);
	rt_map_delete_here(&other);
	at(5);
	rt_map_next(&other);
	SILENT();
	rt_map_next(&it); /* the other iteration's deletion is a change to this one */
	EXPECT("map-changed-while-iterating", 5, 4, 0);
	at(6);
	rt_map_put(&map, 60, &x);
	SILENT();
	at(7);
	while (rt_map_next(&it))
		;
	EXPECT("map-changed-while-iterating", 7, 6, 0);
	rt_map_fini(&map);
}

static void tables_left_behind(void)
{
	struct rt_map map;
	rt_map_init(&map, RT_MAP_INTEGERS, 16);
	for (uint64_t key = 0; key < 7; key++)
		rt_map_put(&map, key, NULL);
	char *old = rt_map_ref(&map, 3);
	if (poisoned)
		failures++, puts("not ok - poison before growth");
	rt_map_put(&map, 7, NULL);
	if (!poisoned || !rt_string_equal(poison_rule, "map-stale-reference"))
		failures++, puts("not ok - no poison after growth");
	old[0] = 1; /* still the map's memory: ASan is content */
	for (uint64_t key = 0; key < 100000; key++) {
		rt_map_put(&map, key, NULL); /* many growths at one size */
		rt_map_delete(&map, key);
	}
	if (poisoned > 16384)
		failures++, printf("not ok - %zu bytes are kept\n", poisoned);
	rt_map_fini(&map);
	if (poisoned)
		failures++, puts("not ok - poison after the map's end");
	SILENT();
}

int main(void)
{
	alias_cut();
	alias_neighbour();
	three_indexes_copy();
	plain_copies();
	moved_into_messages();
	dead_headers();
	stale_headers();
	bounds();
	slices_in_maps();
	changes_in_iterations();
	tables_left_behind();
	for (int i = 0; i < 1000; i++) { /* everything the registry knew goes with its arrays */
		struct rt_slice slice = made(1, 1, 1);
		rt_slice_drop(&slice);
	}
	if (blocks > 64 + 3 + 8)
		failures++, printf("not ok - %ld blocks are left\n", blocks);
	return failures != 0;
}
