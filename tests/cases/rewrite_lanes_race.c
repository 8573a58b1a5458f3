/* What vector instructions load and use is checked, to the last element, wherever the rest goes. */
// cflags: -O3 -ffast-math
#include "fields.h"
#include "pair.h"

/* On one line, as the loads are of either. */
#define FOR_EACH(i, does)                                                                                    \
	for (int i = 0; i < count; i++) {                                                                    \
		does;                                                                                        \
	}

struct item items[ITEMS];
struct pixel pixels[ITEMS];
struct sample samples[ITEMS];
struct place places[ITEMS];
uint8_t reds[ITEMS];
int16_t lefts[ITEMS];
double total, product;

APART static float sum_prices(const struct item *of, int count)
{
	float sum = 0;
	FOR_EACH(i, sum += of[i].price) // race: race-data items
	return sum;
}

APART static void pick_reds(uint8_t *restrict to, const struct pixel *of, int count){
	FOR_EACH(i, to[i] = of[i].red) // race: race-data pixels
}

APART static void pick_lefts(int16_t *restrict to, const struct sample *of, int count){
	FOR_EACH(i, to[i] = of[i].left) // race: race-data samples
}

APART static double sum_products(const struct place *of, int count)
{
	double sum = 0;
	FOR_EACH(i, sum += of[i].x * of[i].y) // race: race-data places
	return sum;
}

static void first(void)
{
	total = sum_prices(items, all);
	pick_reds(reds, pixels, all);
	pick_lefts(lefts, samples, all);
	product = sum_products(places, all);
}

static void second(void)
{
	items[2].price = 1;   // race: race-data items
	pixels[53].red = 2;   // race: race-data pixels
	samples[11].left = 3; // race: race-data samples
	places[101].y = 5;    // race: race-data places
}

int main(void)
{
	pair_run(first, second);
	return 0;
}
