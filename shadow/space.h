/* A space maps every address of the program to a place for metadata, at a fixed number of bytes per byte.
 *
 * Who may include it: shadow/. It knows nothing of what is stored.
 *
 * Two ways, the first where it can be had:
 *   linear     base + ((address mod 2^44) << scale_log), one reservation. The eight 2^44 windows of the user address space
 *              share it; a GiB of it belongs to the first window that uses it (the usual places of program, heap and
 *              mappings do not meet), and another window's addresses go through the directory.
 *   directory  two levels of pointers to leaves for 256 KiB of addresses, allocated at the first touch: where address space
 *              is scarce, globals, heap and every stack need one at least.
 *
 * Any thread, no locks. Metadata starts as zero bytes. */
#ifndef RACETRACK_SHADOW_SPACE_H
#define RACETRACK_SHADOW_SPACE_H

#include "base.h"

enum {
	RT_WINDOW_LOG = 44,
	RT_REGION_LOG = 30,
	RT_LEAF_LOG = 18,
	RT_MIDDLE_LOG = 31,
	RT_USER_LOG = 47,
	RT_SPACE_FRONT_BYTES = 4096, /* in front of the linear part: its owner's */
};

struct rt_space {
	unsigned scale_log; /* log2 of metadata bytes per program byte */
	char *linear;       /* NULL: directory only */
	uint8_t *owners;    /* window + 1 that owns each GiB of the linear part */
	bool mixed;         /* some GiB of the linear part has addresses of other windows in the directory */
	char ***directory;  /* [address >> 31][(address >> 18) & 8191] */
};

/* Tries a linear reservation unless `directory_only`. False when there is no memory at all. */
RT_HIDDEN bool rt_space_init(struct rt_space *space, unsigned scale_log, bool directory_only);

/* The metadata of `address`; *run_bytes is how many program bytes from there on have theirs contiguous. NULL: no user
 * address, or no memory (or nothing there yet, with `create` false). */
RT_HIDDEN char *rt_space_at(struct rt_space *space, uintptr_t address, size_t *run_bytes, bool create);

/* Zeroes the metadata of a range; gives whole pages back. */
RT_HIDDEN void rt_space_clear(struct rt_space *space, uintptr_t address, size_t bytes);

#endif
