/* A page of prices in a file, which is mapped while it is in use. Row R6, repaired: the reader is done before it is
 * unmapped.
 */
/* expect: nothing */
#include <string.h>

#include "../shared.h"

struct prices {
	char pear[32], plum[32];
};

static void *look_up(void *mapped)
{
	struct prices *prices = mapped;
	char price[32];
	printf("a pear is %s\n", strcpy(price, prices->pear));
	return NULL;
}

static void *close_shop(void *mapped)
{
	must(munmap(mapped, sizeof(struct prices)));
	return NULL;
}

int main(void)
{
	struct prices *prices = map_file(make_memory(sizeof *prices), sizeof *prices);
	snprintf(prices->pear, sizeof prices->pear, "%d cents", 60);
	pthread_t reader;
	must(pthread_create(&reader, NULL, look_up, prices));
	pthread_join(reader, NULL);
	close_shop(prices);
	return 0;
}
