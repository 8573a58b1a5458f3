/* A page of prices in a file, which is mapped while it is in use. Row R6: it is unmapped while a thread still reads a
 * price; on another day the reader gets a fault, or another file's bytes.
 */
/* expect: race-unmap */
#include <string.h>

#include "../shared.h"

struct prices {
	char pear[32], plum[32];
};

static void *look_up(void *mapped)
{
	struct prices *prices = mapped;
	char price[32];
	// racetrack: race-unmap a
	printf("a pear is %s\n", strcpy(price, prices->pear));
	day_reached(1);
	return NULL;
}

static void *close_shop(void *mapped)
{
	day_wait(1);
	// racetrack: race-unmap b
	must(munmap(mapped, sizeof(struct prices)));
	return NULL;
}

int main(void)
{
	struct prices *prices = map_file(make_memory(sizeof *prices), sizeof *prices);
	snprintf(prices->pear, sizeof prices->pear, "%d cents", 60);
	run_both(look_up, close_shop, prices, prices);
	return 0;
}
