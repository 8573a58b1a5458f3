/* Locals whose address others may have: in a module with hooks what is in the frame, and is no such local, nobody has to tell of.
 *
 * A hook tells of a local only if it has escaped: of the bytes that it is handed. And an address that is stored elsewhere, or
 * exchanged, is one of an object, of which no more is known than where it begins. An address that goes away as a call's argument is
 * not counted: mostly it comes back with the call.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_ESCAPES_H
#define RACETRACK_REWRITE_ESCAPES_H

#include "hook_calls.h"
#include "own_frame.h"
#include "values.h"

enum { RT_ESCAPES_MOST = 16 };

struct rt_escapes {
	struct rt_escape {
		int64_t from_sp, from_bp; /* as it is reached by these two */
		int64_t bytes;
		bool by_sp, by_bp;
	} at[RT_ESCAPES_MOST];
	unsigned count;
};

/* pre: rt_own_frame_find. */
RT_HIDDEN void rt_escapes_find(struct rt_escapes *escapes, struct rt_values *values,
	const struct rt_hooks *hooks, const struct rt_own_frame *frame, struct rt_body *body);
/* Some of the bytes from the value on, before the instruction that `values` has come to. */
RT_HIDDEN bool rt_escapes_has(const struct rt_escapes *escapes, const struct rt_values *values,
	struct rt_value value, int64_t bytes);

#endif
