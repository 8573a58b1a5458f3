/* Where emitted code puts what it has to put somewhere: thread-local words at fixed distances from the segment fs, and
 * the engine's table at fixed distances from gs. Neither the stack nor the red zone below it is touched.
 *
 * Who may include it: rewrite/. Owner thread, and its signal handlers (resume.c saves what they overwrite). */
#ifndef RACETRACK_REWRITE_SLOTS_H
#define RACETRACK_REWRITE_SLOTS_H

#include "code.h"
#include "shadow/hot.h"

struct rt_slots {
	uint64_t reg[RT_REGISTERS]; /* what a register held before it was borrowed */
	uint64_t flags;             /* lahf in bits 8 to 15, seto in bits 0 to 7 */
	uint64_t address;           /* of the access, for the slow path */
	/* Of a call of the slow path, while it is under way: what signal handlers have to know. */
	uintptr_t frame;   /* its struct rt_slow_frame; 0: there is none */
	uintptr_t vectors; /* where the program's vectors are kept; 0: they are in the processor */
	uint64_t phase;    /* of an atomic change: enum rt_slow_phase */
	uint64_t kept;     /* RT_SLOW_RUNS: the program's value of the register that holds the address */
	bool held;         /* signals, until the change is made, without the engine */
	uint64_t mask;     /* the program's, if so */
	/* What spread.h needs of registers that the slow path does not keep. */
	uint64_t spread_bits;
	uint8_t spread_mask[32], spread_index[64];
};
extern RT_HIDDEN __thread struct rt_slots rt_slots __attribute__((tls_model("initial-exec")));

/* The distance of a thread-local object of ours from the thread pointer: the same in every thread. */
static inline int32_t rt_slots_distance(const void *object)
{
	uintptr_t pointer;
	__asm__("mov %%fs:0, %0" : "=r"(pointer));
	return (int32_t)((uintptr_t)object - pointer);
}

#define RT_SLOT(member)       rt_slots_distance(&rt_slots.member)
#define RT_SLOT_EXPECTED      rt_slots_distance(&racetrack_hot.expected)
#define RT_FRONT(member)      ((int32_t)offsetof(struct rt_front, member) - RT_FRONT_BYTES)
#define RT_FRONT_LOOKED(look) (RT_FRONT(looked_at) + (int32_t)((look)*8 * sizeof(uint64_t)))

#endif
