/* Orders that there may be. In code that was not compiled for this library an atomic load and an atomic store are the same plain
 * moves as any others. Where two of them meet without an order and nothing shows what they are (see infer.h), they are reported
 * as a race; but if the source has an atomic variable there, it is none, and what the storing thread did before comes before
 * what the loading one does after. So of such a meeting is kept who may have learnt from whom, and of every race is asked
 * whether all these would put it in order: then it is no more than inferred. What is answered too often is "it may": also where
 * another process's thread is met, of which nobody here can tell what it knew.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_MAYBE_H
#define RACETRACK_SHADOW_MAYBE_H

#include "finding.h"

/* Whether an access of the one kind and one of the other, to the same bytes, may be atomic in the source: both are moves, or one
 * is what is made of a load and a store that belong together, or known to be atomic (an index of a ring, see infer.h). Two of the latter lose updates, whatever the source says. */
RT_HIDDEN bool rt_maybe_atomic(enum rt_access_kind a, enum rt_access_kind b);

/* A plain load or store of one word. */
RT_HIDDEN bool rt_maybe_move(enum rt_access_kind kind);
/* As a mov makes it, or one with an operation. */
RT_HIDDEN bool rt_maybe_moved(enum rt_access_kind kind);

/* The thread's access, a store where `stores`, and the earlier one of the cell meet at an address without an order. */
RT_HIDDEN void rt_maybe_met(struct rt_thread *self, bool stores, rt_cell_t cell, uintptr_t address);

/* The address of a variable by which the access of the cell may come before what the thread does now; 0: there is none. */
RT_HIDDEN uintptr_t rt_maybe_order(struct rt_thread *self, rt_cell_t cell);

#endif
