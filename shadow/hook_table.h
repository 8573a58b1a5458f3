/* What racetrack-cc links into a program beside the hooks: a section with a row for each of them, so that the library knows their calls
 * in a stripped program, too.
 *
 * Who may include it: hooks/, the part that is linked into programs included, and rewrite/. */
#ifndef RACETRACK_SHADOW_HOOK_TABLE_H
#define RACETRACK_SHADOW_HOOK_TABLE_H

#include <stdint.h>

#define RT_HOOK_TABLE "racetrack_hooks"

struct rt_hook_row {
	int32_t distance; /* from here to the function */
	uint16_t bytes;   /* of the access that it tells of; 0: it tells of a call */
	uint16_t writes;
};

/* The row of a function of this file; `bytes` and `writes` are numbers. */
#define RT_HOOK_ROW(name, bytes, writes)                                                                     \
	__asm__(".pushsection " RT_HOOK_TABLE ", \"aR\"\n"                                                   \
		"	.long " #name " - .\n"                                                               \
		"	.short " #bytes ", " #writes "\n"                                                    \
		".popsection");

#endif
