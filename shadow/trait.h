/* What is known of modules, by where they lie: how much of their code is looked at, and what for.
 *
 * Who may include it: shadow/, interpose/, rewrite/. Each trait has rows of its own: some are asked for at every access that has to be
 * recorded, or at every lock, and a few modules have those. */
#ifndef RACETRACK_SHADOW_TRAIT_H
#define RACETRACK_SHADOW_TRAIT_H

#include "context.h"

enum rt_trait {
	/* Its accesses are looked at for the order that they make, and for nothing else: races that its own loads and stores take part in
	 * are not reported. */
	RT_TRAIT_QUIET,
	/* It is rewritten, but for some of its code: in a sample, by the options, or because it could not be taken apart. What orders
	 * threads may be there, unseen, so that a race of theirs is no more than inferred. */
	RT_TRAIT_GAPS,
	/* It is rewritten as a whole, or nearly: what its code does with atomic instructions, and with memory, is seen like the calls
	 * that it makes. */
	RT_TRAIT_WHOLE,
	/* A module of the system's whose loads and stores are not looked at, though it has atomic instructions. What several threads
	 * share by way of it may be ordered there, unseen: see rt_stack_is_unseen. */
	RT_TRAIT_UNSEEN,
	/* As that, but what orders the program's threads is looked at: it counts where it made the call itself. */
	RT_TRAIT_UNSEEN_MOST,
	/* It orders nothing, and counts as whoever called it. */
	RT_TRAIT_PLAIN,
	/* Its debug information tells all of its atomic variables. */
	RT_TRAIT_TOLD,
	RT_TRAITS
};

/* [low, high) has it from now on, until the module that begins at `low` is gone. False: there is no room. One thread at a time. */
RT_HIDDEN bool rt_trait_add(enum rt_trait trait, uintptr_t low, uintptr_t high);
/* The module is gone, with all that was known of it. As above. */
RT_HIDDEN void rt_trait_forget(uintptr_t low);
/* A module had it, ever. Any thread. */
RT_HIDDEN bool rt_trait_any(enum rt_trait trait);
/* A module found no room: it may be any. Any thread. */
RT_HIDDEN bool rt_trait_is_lost(enum rt_trait trait);
/* The byte before `pc` lies in a module that has it. Any thread. */
RT_HIDDEN bool rt_trait_holds(enum rt_trait trait, uintptr_t pc);

/* ---- of the code of a context's stack; any thread ---- */

/* The access is a load or store of quiet code: not a call that the code makes. */
RT_HIDDEN bool rt_stack_is_quiet(rt_ctx_t context);
/* It leads through a module with gaps. */
RT_HIDDEN bool rt_stack_has_gaps(rt_ctx_t context);
/* What an unseen module did, or had done: a call that it made, or code of the program's that it called. Who begins a thread's stack
 * does not count: what it hands to the thread is ordered by the thread's creation. */
RT_HIDDEN bool rt_stack_is_unseen(rt_ctx_t context);

#endif
