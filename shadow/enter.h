/* Entering and leaving the engine, in line: what rt_enter and rt_leave are, for those that are called at every access.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_ENTER_H
#define RACETRACK_SHADOW_ENTER_H

#include "thread.h"

/* FENCE: the kernel has no membarrier, whoever enters pays for the order itself. SHUT: a fork is under way. */
enum { RT_GATE_SHUT = 1, RT_GATE_FENCE = 2 };
extern RT_HIDDEN uint32_t rt_gate;

/* The state to enter with, where there is none yet or the thread is not simply outside; NULL: not at all. */
RT_HIDDEN RT_COLD struct rt_thread *rt_enter_slow(void);
/* Inside already: waits while the gate is shut. */
RT_HIDDEN RT_COLD void rt_gate_pass(struct rt_thread *self);
/* Acquires what the thread's last load of a sync variable is to acquire. */
RT_HIDDEN RT_COLD void rt_enter_late(struct rt_thread *self);
/* Leaves with the signals that were held. */
RT_HIDDEN RT_COLD void rt_leave_signals(struct rt_thread *self);

static inline struct rt_thread *rt_enter_here(void)
{
	struct rt_thread *self = rt_self;
	if (RT_UNLIKELY(!self || self->place != RT_OUTSIDE) && !(self = rt_enter_slow()))
		return NULL;
	*(volatile uint8_t *)&self->place = RT_INSIDE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(__atomic_load_n(&rt_gate, __ATOMIC_RELAXED)))
		rt_gate_pass(self);
	if (RT_UNLIKELY(self->late))
		rt_enter_late(self);
	return self;
}

static inline void rt_leave_here(struct rt_thread *self)
{
	__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(self->signals_held))
		rt_leave_signals(self);
}

#endif
