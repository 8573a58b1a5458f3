/* How to get from a frame to its caller: what an FDE's program says of a pc, where it is of the simple kinds that compilers
 * write.
 *
 * Who may include it: interpose/, rewrite/. Calls nothing; any thread, signal-safe. Sources: DWARF 5, section 6.4; System V ABI
 * for x86-64, section 3.7. */
#ifndef RACETRACK_DWARF_FRAME_RULE_H
#define RACETRACK_DWARF_FRAME_RULE_H

#include "eh_frame.h"

enum rt_frame_kind {
	RT_FRAME_UNKNOWN,   /* no unwind information, or a form that compilers do not use around calls */
	RT_FRAME_END,       /* outermost: the return address is undefined */
	RT_FRAME_SIGNAL,    /* the kernel's signal frame: registers are in the ucontext at rsp + cfa_offset */
	RT_FRAME_SP,        /* CFA = rsp + cfa_offset */
	RT_FRAME_BP,        /* CFA = rbp + cfa_offset */
	RT_FRAME_BP_MEMORY, /* CFA = *(rbp + cfa_offset): a realigned stack */
	RT_FRAME_REALIGNED, /* the same, and the caller's rbp lies at rbp + bp_offset: how far from the CFA nobody knows */
};

/* Offsets have so many bits, the sign included. A function's start is known by its place in its page. */
enum { RT_FRAME_CFA_BITS = 28, RT_FRAME_BP_BITS = 21, RT_FRAME_START_BITS = 12 };

/* The return address lies at CFA - 8. */
struct rt_frame_rule {
	enum rt_frame_kind kind;
	int32_t cfa_offset;
	int32_t bp_offset; /* but where it is realigned: the caller's rbp lies at CFA + bp_offset; 0: rbp was not changed */
	uint32_t start; /* the lower bits of where the function starts, or the part of it that the pc is in */
};

struct rt_frame_row {
	uint64_t cfa_register;
	int64_t cfa_offset;
	int64_t bp_offset;
	bool cfa_memory;  /* CFA = *(register + offset) */
	bool cfa_unknown; /* an expression of another kind */
	bool bp_from_bp;  /* it lies at rbp + bp_offset */
	bool bp_unknown;
	bool return_undefined;
};

enum { RT_FRAME_REMEMBER_DEPTH = 8 };

/* An FDE whose program was executed up to some pc. */
struct rt_frame_program {
	struct rt_eh_cie cie;
	struct rt_frame_row row, initial, remembered[RT_FRAME_REMEMBER_DEPTH];
	unsigned depth;
	uint32_t start;
	uint64_t location;
	struct rt_reader left;
};

RT_HIDDEN void rt_frame_program_begin(struct rt_frame_program *program, const struct rt_eh_fde *fde);
/* The rule at a pc of the FDE that is not below the one asked for before. */
RT_HIDDEN struct rt_frame_rule rt_frame_program_rule(struct rt_frame_program *program, uintptr_t pc);

#endif
