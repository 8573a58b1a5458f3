/* Where a register's value comes from, followed backwards as the code lies, through copies and additions of constants.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ORIGIN_H
#define RACETRACK_REWRITE_ORIGIN_H

#include "body.h"

/* What the instruction before `at` put into the register, or what was there by then; and a constant. */
struct rt_origin {
	uint32_t at;
	unsigned reg;
	int64_t more;
};

/* Of the register's value before instruction `i`. */
RT_HIDDEN struct rt_origin rt_origin_of(const struct rt_body *body, uint32_t i, unsigned reg);
/* Likewise, further back: by what is the only change of a register in the function. */
RT_HIDDEN struct rt_origin rt_origin_root(const struct rt_body *body, uint32_t i, unsigned reg);
/* The load that it is, with nothing else in its value; RT_NO_INSN: it is none. */
RT_HIDDEN uint32_t rt_origin_load(const struct rt_body *body, const struct rt_origin *origin);

/* Likewise, whichever way control came there: one of several loads, which are all of one place. */
RT_HIDDEN uint32_t rt_origin_any_load(struct rt_body *body, const struct rt_origin *origin);

/* The instruction compares two words of one object: their loads, of which one may be a part of it. False: or that is not seen. */
RT_HIDDEN bool rt_origin_compares(const struct rt_body *body, uint32_t i, uint32_t *one, uint32_t *other);
/* Loads or stores by addresses that were loaded from different fields. False: or that is not seen. */
RT_HIDDEN bool rt_origin_is_apart(struct rt_body *body, uint32_t one, uint32_t other);

#endif
