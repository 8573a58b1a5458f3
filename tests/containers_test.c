/* The containers by themselves, without the detector: contracts, errors, and random operations against naive models.
 * Run by tests/containers.test, plainly and under ASan and UBSan. Argument `cost`: print what an operation costs. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <racetrack/map.h>
#include <racetrack/slice.h>

static int failures;

#define EXPECT(condition)                                                                                    \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			printf("not ok - line %d: %s\n", __LINE__, #condition);                              \
			failures++;                                                                          \
		}                                                                                            \
	} while (0)

static uint64_t random_state = 88172645463325252ull;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* ---- slices ---- */

static int at(const struct rt_slice *slice, size_t index)
{
	int value = -1;
	EXPECT(rt_slice_get(slice, index, &value) == 0);
	return value;
}

static struct rt_slice numbers(int count, size_t cap)
{
	struct rt_slice slice;
	EXPECT(rt_slice_make(&slice, sizeof(int), 0, cap) == 0);
	for (int i = 0; i < count; i++)
		EXPECT(rt_slice_append(&slice, &i) == 0);
	return slice;
}

static void slice_grows(void)
{
	struct rt_slice slice = RT_SLICE_OF(int);
	EXPECT(rt_slice_len(&slice) == 0 && rt_slice_cap(&slice) == 0 && !rt_slice_ref(&slice, 0));
	for (int i = 0; i < 10000; i++)
		EXPECT(rt_slice_append(&slice, &i) == 0);
	EXPECT(rt_slice_len(&slice) == 10000 && rt_slice_cap(&slice) >= 10000);
	for (int i = 0; i < 10000; i++)
		EXPECT(at(&slice, (size_t)i) == i);
	/* Elements of the slice itself, across a growth. */
	struct rt_slice tight;
	EXPECT(rt_slice_cut3(&slice, 0, 5, 5, &tight) == 0);
	EXPECT(rt_slice_append_many(&tight, rt_slice_ref(&tight, 1), 3) == 0);
	EXPECT(at(&tight, 5) == 1 && at(&tight, 7) == 3 && at(&slice, 5) == 5);
	rt_slice_drop(&tight);
	rt_slice_drop(&slice);
	rt_slice_drop(&slice);
	EXPECT(slice.array == NULL && slice.element_bytes == sizeof(int));
}

static void slice_cuts_as_go_does(void)
{
	struct rt_slice s = numbers(5, 8), t, u;
	int x = 99;
	EXPECT(rt_slice_cut(&s, 1, 3, &t) == 0 && rt_slice_len(&t) == 2 && rt_slice_cap(&t) == 7);
	EXPECT(rt_slice_append(&t, &x) == 0 && at(&s, 3) == 99);
	EXPECT(rt_slice_cut3(&s, 1, 3, 3, &u) == 0 && rt_slice_cap(&u) == 2);
	x = 77;
	EXPECT(rt_slice_append(&u, &x) == 0 && at(&s, 3) == 99 && at(&u, 2) == 77);
	rt_slice_drop(&u);
	EXPECT(rt_slice_cut(&s, 5, 8, &u) == 0 && rt_slice_len(&u) == 3); /* up to cap, beyond len */
	rt_slice_drop(&u);
	EXPECT(rt_slice_cut(&s, 0, 9, &u) == ERANGE && rt_slice_cut(&s, 3, 2, &u) == ERANGE);
	EXPECT(rt_slice_cut3(&s, 0, 3, 2, &u) == ERANGE && rt_slice_cut3(&s, 0, 3, 9, &u) == ERANGE);
	EXPECT(rt_slice_get(&s, 5, &x) == ERANGE && rt_slice_set(&s, 5, &x) == ERANGE);
	EXPECT(!rt_slice_ref(&s, 5));
	EXPECT(rt_slice_cut(&s, 2, 4, &s) == 0 && at(&s, 0) == 2 && rt_slice_cap(&s) == 6);
	rt_slice_drop(&s);
	EXPECT(at(&t, 2) == 99); /* t still holds the array */
	rt_slice_drop(&t);
	struct rt_slice none = RT_SLICE_OF(int);
	EXPECT(rt_slice_cut(&none, 0, 0, &t) == 0 && rt_slice_cut(&none, 0, 1, &t) == ERANGE);
}

static void slice_copies(void)
{
	struct rt_slice s = numbers(6, 6), low, high, other;
	EXPECT(rt_slice_cut(&s, 0, 4, &low) == 0 && rt_slice_cut(&s, 2, 6, &high) == 0);
	EXPECT(rt_slice_copy(&high, &low) == 4 && at(&s, 2) == 0 && at(&s, 5) == 3);
	EXPECT(rt_slice_make(&other, 8, 3, 3) == 0 && rt_slice_copy(&other, &s) == 0);
	rt_slice_drop(&other);
	rt_slice_share(&s, &other);
	rt_slice_drop(&s);
	rt_slice_drop(&low);
	rt_slice_drop(&high);
	EXPECT(at(&other, 1) == 1);
	rt_slice_drop(&other);
}

static void slice_refuses(void)
{
	struct rt_slice s = {0};
	EXPECT(rt_slice_make(&s, 0, 1, 1) == EINVAL && rt_slice_make(&s, 1, 2, 1) == ERANGE);
	EXPECT(rt_slice_make(&s, 16, 0, SIZE_MAX / 8) == ENOMEM &&
		rt_slice_make(&s, 1, 0, SIZE_MAX) == ENOMEM);
	EXPECT(rt_slice_append(&s, "x") == EINVAL && s.owner == NULL);
	s = numbers(3, 3);
	EXPECT(rt_slice_append_many(&s, "x", SIZE_MAX) == ENOMEM);
	EXPECT(rt_slice_append_many(&s, "x", SIZE_MAX / 8) == ENOMEM && at(&s, 2) == 2 && s.len == 3);
	rt_slice_drop(&s);
}

/* ---- maps ---- */

enum { KEYS = 3000 };

/* The model: is key k there, and with which value. Long keys share a prefix, short ones are integers in text. */
static const char *text_of(uint64_t key, char *room)
{
	sprintf(room, key % 3 ? "%d" : "a/longer/key/with/the/same/beginning/%d", (int)key);
	return room;
}

static void map_agrees_with_model(enum rt_map_keys keys, unsigned steps)
{
	static int there[KEYS];
	static uint64_t value[KEYS];
	char room[64];
	size_t len = 0;
	struct rt_map map;
	memset(there, 0, sizeof there);
	rt_map_init(&map, keys, sizeof(uint64_t));
	for (unsigned step = 0; step < steps; step++) {
		/* Waves, so that the map fills and empties. */
		uint64_t k = random_next() % KEYS, v = random_next(), got = 0;
		unsigned what = (unsigned)(random_next() % 8), grow = step / 5000 % 2 ? 5 : 2;
		const char *text = text_of(k, room);
		size_t n = strlen(text);
		int error;
		if (what < grow) {
			error = keys == RT_MAP_INTEGERS  ? rt_map_put(&map, k, &v)
				: keys == RT_MAP_STRINGS ? rt_map_put_string(&map, text, &v)
							 : rt_map_put_bytes(&map, text, n, &v);
			EXPECT(error == 0);
			len += !there[k];
			there[k] = 1;
			value[k] = v;
		} else if (what < 6) {
			error = keys == RT_MAP_INTEGERS  ? rt_map_delete(&map, k)
				: keys == RT_MAP_STRINGS ? rt_map_delete_string(&map, text)
							 : rt_map_delete_bytes(&map, text, n);
			EXPECT(error == (there[k] ? 0 : ENOENT));
			len -= (size_t)there[k];
			there[k] = 0;
		} else {
			error = keys == RT_MAP_INTEGERS  ? rt_map_get(&map, k, &got)
				: keys == RT_MAP_STRINGS ? rt_map_get_string(&map, text, &got)
							 : rt_map_get_bytes(&map, text, n, &got);
			EXPECT(error == (there[k] ? 0 : ENOENT));
			EXPECT(error || got == value[k]);
		}
		EXPECT(rt_map_len(&map) == len);
		if (step % 997)
			continue;
		size_t seen = 0;
		struct rt_map_iterator it;
		rt_map_iterate(&map, &it);
		while (rt_map_next(&it)) {
			const char *digits = it.bytes ? strrchr((const char *)it.bytes, '/') : NULL;
			uint64_t key = keys == RT_MAP_INTEGERS
					       ? it.key
					       : (uint64_t)atoi(digits ? digits + 1 : (const char *)it.bytes);
			EXPECT(key < KEYS && there[key] && *(uint64_t *)it.value == value[key]);
			seen++;
			if (step % 2 && key % 4 == 0) {
				EXPECT(rt_map_delete_here(&it) == 0 && rt_map_delete_here(&it) == ENOENT);
				there[key] = 0;
				len--;
			}
		}
		EXPECT(seen >= len && rt_map_len(&map) == len);
	}
	rt_map_fini(&map);
	EXPECT(rt_map_len(&map) == 0);
}

static void map_contracts(void)
{
	struct rt_map map;
	uint64_t v = 5;
	char bytes[3] = {0, 'a', 0};
	rt_map_init(&map, RT_MAP_BYTES, 8);
	EXPECT(rt_map_put(&map, 1, &v) == EINVAL && rt_map_get_string(&map, "", &v) == EINVAL);
	EXPECT(rt_map_put_bytes(&map, NULL, 0, &v) == 0 && rt_map_put_bytes(&map, bytes, 3, NULL) == 0);
	EXPECT(rt_map_get_bytes(&map, bytes, 2, NULL) == ENOENT);
	EXPECT(*(uint64_t *)rt_map_ref_bytes(&map, bytes, 3) == 0);
	EXPECT(*(uint64_t *)rt_map_ref_bytes(&map, "", 0) == 5 && !rt_map_ref(&map, 0));
	rt_map_clear(&map);
	EXPECT(rt_map_len(&map) == 0 && !rt_map_ref_bytes(&map, bytes, 3));
	struct rt_map_iterator it;
	rt_map_iterate(&map, &it);
	EXPECT(!rt_map_next(&it) && !rt_map_next(&it));
	rt_map_fini(&map);
	rt_map_fini(&map);

	/* A value put from inside the map, across growths; a set; a value that cannot exist. */
	rt_map_init(&map, RT_MAP_INTEGERS, 48);
	char wide[48] = "wide";
	EXPECT(rt_map_put(&map, 0, wide) == 0);
	for (uint64_t k = 1; k < 1000; k++) {
		EXPECT(rt_map_put(&map, k, rt_map_ref(&map, k - 1)) == 0);
		EXPECT((uintptr_t)rt_map_ref(&map, k) % 16 == 0);
	}
	EXPECT(memcmp(rt_map_ref(&map, 999), wide, 48) == 0);
	rt_map_iterate(&map, &it);
	EXPECT(rt_map_next(&it) && rt_map_put(&map, 5000, wide) == 0 && rt_map_delete_here(&it) == ESTALE);
	rt_map_fini(&map);
	rt_map_init(&map, RT_MAP_STRINGS, 0);
	EXPECT(rt_map_put_string(&map, "x", NULL) == 0 && rt_map_get_string(&map, "x", NULL) == 0);
	rt_map_fini(&map);
	rt_map_init(&map, RT_MAP_INTEGERS, SIZE_MAX / 4);
	EXPECT(rt_map_put(&map, 1, wide) == ENOMEM && rt_map_len(&map) == 0 && !rt_map_ref(&map, 1));
	rt_map_init(&map, RT_MAP_STRINGS, SIZE_MAX);
	EXPECT(rt_map_put_string(&map, "x", wide) == ENOMEM && rt_map_len(&map) == 0);
}

/* ---- cost ---- */

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

enum { ROUNDS = 2000000 };

static void print_cost(const char *what, double start)
{
	printf("# %-28s %6.1f ns\n", what, (now_ns() - start) / ROUNDS);
}

static void cost(unsigned long rounds)
{
	struct rt_slice slice = RT_SLICE_OF(uint64_t);
	struct rt_map map;
	uint64_t sum = 0, v;
	double start = now_ns();
	for (uint64_t i = 0; i < rounds; i++)
		rt_slice_append(&slice, &i);
	print_cost("slice append", start);
	start = now_ns();
	for (uint64_t i = 0; i < rounds; i++, sum += v)
		rt_slice_get(&slice, i, &v);
	print_cost("slice get", start);
	rt_slice_drop(&slice);
	rt_map_init(&map, RT_MAP_INTEGERS, sizeof v);
	start = now_ns();
	for (uint64_t i = 0; i < rounds; i++)
		rt_map_put(&map, i % 1000, &i);
	print_cost("map put, 1000 integers", start);
	start = now_ns();
	for (uint64_t i = 0; i < rounds; i++, sum += v)
		rt_map_get(&map, i % 1000, &v);
	print_cost("map get, 1000 integers", start);
	start = now_ns();
	for (uint64_t i = 0; i < rounds; i++)
		rt_map_put(&map, i, &i);
	print_cost("map put, growing", start);
	start = now_ns();
	for (uint64_t i = 0; i < rounds; i++, sum += v)
		rt_map_get(&map, random_next() % rounds, &v);
	print_cost("map get, 2 million integers", start);
	rt_map_fini(&map);
	printf("# (%llu)\n", (unsigned long long)sum);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "cost") == 0) {
		cost(ROUNDS);
		return 0;
	}
	slice_grows();
	slice_cuts_as_go_does();
	slice_copies();
	slice_refuses();
	map_contracts();
	map_agrees_with_model(RT_MAP_INTEGERS, 200000);
	map_agrees_with_model(RT_MAP_STRINGS, 100000);
	map_agrees_with_model(RT_MAP_BYTES, 100000);
	return failures != 0;
}
