/* Accesses of every size, aligned and not, by the compiler's hooks. */
#include "pair.h"

#include <stdint.h>
#include <string.h>

struct __attribute__((packed)) odd {
	char first;
	uint32_t four;
	uint64_t eight;
};

uint8_t one;
uint16_t two;
uint64_t eight, sink;
struct odd odd;
__int128 sixteen;
struct {
	char c[100];
} block, other;

static void first(void)
{
	one = 1;                   // race: race-data one
	two = 1;                   // race: race-data two
	eight = 1;                 // race: race-data eight
	odd.four = 1;              // race: race-data four
	odd.eight = 1;             // race: race-data odd
	((char *)&sixteen)[9] = 1; // race: race-data sixteen
	block.c[99] = 1;           // race: race-data block
}

static void second(void)
{
	one = 2;       // race: race-data one
	two++;         // race: race-data two
	sink = eight;  // race: race-data eight
	odd.four = 2;  // race: race-data four
	odd.eight = 2; // race: race-data odd
	sixteen = 2;   // race: race-data sixteen
	other = block; // race: race-data block
}

int main(void)
{
	pair_run(first, second);
	return 0;
}
