/* Random small functions that call each other, in machine code: instructions of all kinds that real programs have, and random
 * ones, with their operands in memory aimed at the machine's windows (machine.h) by all kinds of addresses; loops, branches,
 * tables of jumps, frames of every fashion. One thread at a time. */
#ifndef RACETRACK_TESTS_GENERATE_H
#define RACETRACK_TESTS_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	GENERATE_FUNCTIONS = 4,
	GENERATE_PARTS = 400,
	GENERATE_TABLES = 24,
	GENERATE_TARGETS = 4,
	GENERATE_TEXT = 0x28000000,
	GENERATE_TEXT_BYTES = 0x4000,
	GENERATE_CONSTANT = GENERATE_TEXT + GENERATE_TEXT_BYTES, /* a page that is only read */
	GENERATE_POINTERS = GENERATE_CONSTANT + 0x1000,          /* a page that is written, too */
	GENERATE_END = GENERATE_POINTERS + 0x1000,
	GENERATE_STACK = 0x24000000,
	GENERATE_STACK_BYTES = 0x20000,
	GENERATE_SP = GENERATE_STACK + 0x18000, /* at the entry */
};

enum generate_field {
	FIELD_NONE,
	FIELD_PART,     /* a distance to a part */
	FIELD_FUNCTION, /* to a function */
	FIELD_PLACE,    /* to an address */
};

/* What is left out as a whole where a failure is made smaller. */
struct generate_part {
	uint8_t bytes[96];
	uint8_t count;
	uint8_t function;
	uint8_t field, field_bytes; /* where the distance stands */
	uint8_t field_end;          /* and from where it counts */
	uint8_t field_kind;
	uint32_t target;
	bool is_escape; /* takes an address of the frame */
	bool is_removed;
	uint32_t offset; /* in the text */
};

/* Of jumps: distances from the table, or addresses. */
struct generate_table {
	bool is_addresses;
	uint16_t targets[GENERATE_TARGETS]; /* parts */
};

struct generate_function {
	uint32_t first_part, part_count;
	uint32_t start, end; /* in the text */
	bool escapes;        /* an address of its frame is taken, if that part is there */
	bool has_rbp;        /* rbp stands for the frame */
};

struct generated {
	struct generate_part parts[GENERATE_PARTS];
	struct generate_table tables[GENERATE_TABLES];
	struct generate_function functions[GENERATE_FUNCTIONS];
	uint32_t part_count, table_count, function_count;
	uint32_t vectors
		[64]; /* what is at GENERATE_VECTORS: small numbers of 4 bytes, of 8, then all bits or none */
	bool hands_flags;  /* from function to function */
	bool takes_thread; /* the threads' own variables may be others', too: see rewrite/segment.h */
	uint8_t code[GENERATE_TEXT_BYTES];
	uint32_t bytes;
};

/* False: no Zydis. Takes its instructions from the system's libraries. */
bool generate_open(void);
void generate_make(struct generated *it, uint64_t seed);
/* Lays it out, without what was removed, and fills the pages behind the text. */
void generate_place(struct generated *it);
/* The part at an offset of the text; NULL: none. */
struct generate_part *generate_part_at(struct generated *it, uint32_t offset);
/* A table page's content, and where tables are. */
static inline uintptr_t generate_table_at(const struct generated *it, uint32_t table)
{
	return (it->tables[table].is_addresses ? GENERATE_POINTERS : GENERATE_CONSTANT) + 64 + table * 32u;
}
enum { GENERATE_FUNCTION_POINTERS = GENERATE_POINTERS + 0xc00, GENERATE_VECTORS = GENERATE_CONSTANT + 0x800 };

/* Variables of the thread's own that functions use. */
extern __thread uint64_t generate_own[64];

uint64_t generate_random(void);
void generate_seed(uint64_t seed);

#endif
