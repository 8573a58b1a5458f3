/* The body of one function, taken apart: its instructions as they are reached from the places where it can be entered.
 *
 * What is not reached is not looked at: data between the code stays what it is.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_BODY_H
#define RACETRACK_REWRITE_BODY_H

#include "module.h"

/* What is known of an instruction's start. */
enum {
	RT_MARK_LEADER = 1,   /* control may come here other than from the instruction before */
	RT_MARK_OUTSIDE = 2,  /* from outside of the function's clone: a jump into the clone is wanted */
	RT_MARK_RETURN = 4,   /* from a call */
	RT_MARK_WAITS = 8,    /* it loads what a loop waits for: see wait.h */
	RT_MARK_FLAG = 16,    /* it loads or stores what may be a flag: see flag.h */
	RT_MARK_LOOP = 32,    /* control comes here from further down, too */
	RT_MARK_CHECKED = 64, /* an access of it is checked: see rt_check_mark */
	RT_MARK_ARMS = 128,   /* before it the frame's entry is armed: see frame.h */
	RT_MARK_DETOUR = 256, /* a jump into the clone is wanted if one before it can't be had: see sites.c */
	RT_MARK_ONCE = 512,   /* it stores what was looked at before: see once.h */
	RT_MARK_RING = 1024,  /* it loads the other's index of a ring, or stores the own one: see ring.h */
	RT_MARK_OWN = 2048,   /* it loads the own one */
	RT_MARK_VISITED = 4096, /* while ring.c looks */
	RT_MARK_CHOSEN =
		8192, /* it loads what a conditional move takes or not, or is that move: see chosen.h */
	RT_MARK_VPTR = 16384,             /* it stores a pointer to a virtual table: see vptr.h */
	RT_MARK_AROUND = RT_MARK_VISITED, /* while wait.c looks: see loop.h */
	RT_MARK_APART = 32768,            /* while loop.c looks */
	RT_MARK_GLANCE = 65536,           /* it loads what is compared with another word: see glance.h */
	RT_MARK_REACHED = 1 << 17,        /* while origin.c looks */
};

struct rt_body {
	struct rt_module *module;
	const struct rt_function *function;
	struct rt_insn *insns; /* by ascending offset */
	struct rt_insn *found; /* as control reaches them */
	uint32_t *marks;       /* of each */
	rt_regs_t *live;       /* of each: may be read from there on */
	uint32_t *
		next; /* of each: the index of the instruction that follows it, RT_NO_INSN: none that was reached */
	uint32_t *targets; /* of each: the index of the direct target in the function, RT_NO_INSN: none */
	uint32_t count, room;
	uint32_t *index; /* of each byte of the function: what is known of it, see body.c */
	uint32_t index_room;
	uint32_t unreached; /* bytes that are neither instructions that were reached nor padding */
	bool takes_frame, has_rbp_frame;
};

enum { RT_NO_INSN = UINT32_MAX };

enum rt_body_result {
	RT_BODY_WHOLE,
	RT_BODY_BAD, /* control reaches bytes that are no instruction, or cannot be moved, or instructions that overlap */
	RT_BODY_NO_ROOM,
};

/* Takes a function apart, into memory that the next one uses again. Marks jump tables in the module. */
RT_HIDDEN enum rt_body_result rt_body_read(
	struct rt_body *body, struct rt_module *module, const struct rt_function *function);
/* Bytes, offsets in the text. */
struct rt_padding {
	uint32_t start, end;
};

/* The first no-operations behind padding->end that control never reaches, in the function or between it and the next one, which
 * starts at `next`. False: no more. */
RT_HIDDEN bool rt_body_padding(const struct rt_body *body, uint32_t next, struct rt_padding *padding);
/* It is the instruction syscall. */
RT_HIDDEN bool rt_body_calls_kernel(const struct rt_body *body, const struct rt_insn *insn);
/* Memory for so many instructions; those that there are, as control reached them, stay. False: there is none. */
RT_HIDDEN bool rt_body_reserve(struct rt_body *body, uint32_t wanted);
RT_HIDDEN void rt_body_fini(struct rt_body *body);

#endif
