/* Elements of arrays that belong to one thread, between those of another: compilers load both together, and leave away what is
 * not theirs, by shuffles and by masks. */
// cflags: -O3 -ffast-math
#include "fields.h"
#include "pair.h"

enum { ROUNDS = 20 };

struct entry {
	int32_t id, count, kind;
};

struct item *items;
struct pixel *pixels;
struct sample *samples;
struct place *places;
struct entry *entries;
double total;
int16_t loudest;
uint8_t reds[ITEMS];

APART static float sum_prices(const struct item *of, int count)
{
	float sum = 0;
	for (int i = 0; i < count; i++)
		sum += of[i].price;
	return sum;
}

APART static void pick_reds(uint8_t *restrict to, const struct pixel *of, int count)
{
	for (int i = 0; i < count; i++)
		to[i] = of[i].red;
}

APART static int16_t find_loudest(const struct sample *of, int count)
{
	int16_t most = 0;
	for (int i = 0; i < count; i++)
		most = of[i].left > most ? of[i].left : most;
	return most;
}

APART static double sum_products(const struct place *of, int count)
{
	double sum = 0;
	for (int i = 0; i < count; i++)
		sum += of[i].x * of[i].y;
	return sum;
}

APART static int32_t sum_ids(const struct entry *of, int count)
{
	int32_t sum = 0;
	for (int i = 0; i < count; i++)
		sum += of[i].id;
	return sum;
}

static void first(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		pick_reds(reds, pixels, all);
		loudest = find_loudest(samples, all);
		total += sum_prices(items, all) + sum_products(places, all) + sum_ids(entries, all);
	}
}

static void second(void)
{
	for (int i = 0; i < ITEMS; i++) {
		items[i].weight = 1;
		pixels[i].green = 2;
		pixels[i].blue = 3;
		samples[i].right = 4;
		places[i].z = 5;
		places[i].w = 6;
		entries[i].count = 7;
		entries[i].kind = 8;
	}
}

int main(void)
{
	MUST(items = calloc(ITEMS, sizeof(*items)));
	MUST(pixels = calloc(ITEMS, sizeof(*pixels)));
	MUST(samples = calloc(ITEMS, sizeof(*samples)));
	MUST(places = calloc(ITEMS, sizeof(*places)));
	MUST(entries = calloc(ITEMS, sizeof(*entries)));
	pair_run(first, second);
	return 0;
}
