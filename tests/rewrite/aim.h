/* Instructions for generated functions: where their operands in memory lead, and which may be used at all. */
#ifndef RACETRACK_TESTS_AIM_H
#define RACETRACK_TESTS_AIM_H

#include "generate.h"

/* What the registers of a function are for. */
struct aim_roles {
	uint8_t base[2]; /* addresses in the data's middle */
	uint8_t index;   /* 0 to 15 */
	uint8_t counter; /* of a loop */
	uint32_t base_at[2];
	bool has_frame, by_rbp, is_red; /* slots of the frame may be used, at rbp - 8 and below; below rsp */
	uint16_t kept;                  /* the registers that nothing else may change */
};
enum { AIM_SLOTS = 6 };

bool aim_open(void);
/* The instruction that `form` begins with, with another operand in memory. `on_stack`: it may push or pop. False: it is not one
 * for this. `part` then is as it was. */
bool aim_form(struct generate_part *part, const uint8_t *form, const struct aim_roles *roles, bool on_stack);
/* One of a program's or a random one. */
void aim_random_form(uint8_t *form);

#endif
