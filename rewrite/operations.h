/* Code that debug information tells to be operations on atomic variables: what compilers made of std::atomic's, Rust's and others'
 * functions where they are inlined. Its plain moves are atomic ones, wherever the variable lies.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_OPERATIONS_H
#define RACETRACK_REWRITE_OPERATIONS_H

#include "bits.h"
#include "module.h"

/* Of a module that has some: a bit for each byte of its text. */
struct rt_operations {
	const struct rt_operations *next;
	uintptr_t module, text; /* where they begin */
	size_t bytes;           /* 0: the module is gone */
	uint64_t bits[];
};
extern RT_HIDDEN const struct rt_operations *rt_operations;

/* So many bytes of the module's text. One thread at a time. */
RT_HIDDEN void rt_operations_add(const struct rt_module *module, uintptr_t from, size_t bytes);
/* Likewise of one load or store, and what leads to its operand: the last instruction that may be it. pre: the text is as it was. */
RT_HIDDEN void rt_operations_add_move(
	const struct rt_module *module, uintptr_t from, size_t bytes, bool stores);
/* Before another module may lie there: those of the one that begins there. */
RT_HIDDEN void rt_operations_forget(uintptr_t module);

/* The instruction at pc belongs to one. Any thread, signal-safe. */
static inline bool rt_operations_have(uintptr_t pc)
{
	const struct rt_operations *of = __atomic_load_n(&rt_operations, __ATOMIC_ACQUIRE);
	for (; of; of = of->next)
		if (pc - of->text < __atomic_load_n(&of->bytes, __ATOMIC_RELAXED))
			return rt_bit(of->bits, (uint32_t)(pc - of->text));
	return false;
}

#endif
