// A load of a whole word of which one part tells and the other one is plain.
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include "pair.h"

union word {
	volatile uint32_t four;
	_Atomic(uint16_t) two[2];
	volatile uint16_t plain[2];
};

static union word *word;
static volatile uint16_t value = 5;

static void tell(void)
{
	atomic_fetch_or(&word->two[1], 1);
	word->plain[0] = value; // race: race-data 1
}

static void look(void)
{
	uint32_t seen = word->four; // race: race-data 1
	MUST(seen == 0x10005);
}

int main(void)
{
	word = calloc(1, sizeof(*word));
	MUST(word);
	pair_run(tell, look);
	free((void *)word);
	return 0;
}
