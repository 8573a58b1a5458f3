/* What called a function that is running, remembered by where its frame lies: the stack is walked once for all that the
 * function does until it returns.
 *
 * Rewritten functions *arm* the entry of their frame when they are called: they store their number there, in line. The first
 * walk from the function finds its number, and keeps what it found; what comes later finds that. As long as the function has
 * not returned what called it stays the same, and the next function whose frame has its entry there arms it anew, however the
 * last one was left (exceptions, longjmp, other stacks). The return address is compared, too: a function may be called by a
 * way that does not arm it (it could not be patched there), with a number of its own from another call still in the entry.
 *
 * What is found is recalled beyond the return: called again from the same place, at the same place of the stack, by a function
 * whose own entry says that it was called as then, the function needs no walk.
 *
 * A signal handler may use an entry at any moment: the state is looked at first and written last.
 *
 * Who may include it: shadow/, interpose/, rewrite/. Owner thread. */
#ifndef RACETRACK_SHADOW_ACTIVATION_H
#define RACETRACK_SHADOW_ACTIVATION_H

#include "thread.h"

struct rt_activation {
	uint64_t where; /* the CFA above the lower bits of where the function starts */
	uint32_t state; /* RT_ACTIVATION_ARMED | number; the context of what called it; 0: neither */
	uint32_t back;  /* the return address, its lower half */
};

/* The caller of a function that is running; path 0: it is not known by itself, or where its frame lies depends on more than where
 * the function's does. */
struct rt_caller {
	uint64_t where;
	rt_ctx_t path;
};

/* What called a function whose frame was there and returned to that place; path 0: nothing. */
struct rt_recall {
	uint64_t where, caller; /* `caller`, caller_path: struct rt_caller's */
	uint32_t back, state;   /* as it was armed */
	rt_ctx_t path, caller_path;
};
_Static_assert(sizeof(struct rt_recall) == 32, "two in a line of the cache");
enum { RT_RECALLS = 1 << 10 };

/* A function's number ends with the place of its start in its page. */
enum { RT_ACTIVATION_START_BITS = 12 };

#define RT_ACTIVATION_ARMED  0x80000000u
#define RT_ACTIVATION_STATE  8
/* From a frame's CFA to its entry: bytes. Frames lie at multiples of 16. */
#define RT_ACTIVATION_PLACES 0x1ff0u
enum { RT_ACTIVATIONS = RT_ACTIVATION_PLACES / sizeof(struct rt_activation) + 1 };
struct rt_activations {
	struct rt_activation now[RT_ACTIVATIONS];
	struct rt_recall recalls[RT_RECALLS];
};
_Static_assert(
	sizeof(struct rt_activation) == 16 && offsetof(struct rt_activation, state) == RT_ACTIVATION_STATE,
	"as emitted code has it");

/* Where emitted code arms: the thread's entries, or those that are for nobody. */
extern RT_HIDDEN __thread char *rt_activations __attribute__((tls_model("initial-exec")));

static inline uint64_t rt_activation_where(uintptr_t cfa, uint32_t start)
{
	return (uint64_t)cfa << RT_ACTIVATION_START_BITS | (start & ((1u << RT_ACTIVATION_START_BITS) - 1));
}

static inline uintptr_t rt_activation_return(uintptr_t cfa)
{
	return *(const uintptr_t *)(cfa - sizeof(uintptr_t));
}

static inline struct rt_activation *rt_activation_at(const struct rt_thread *self, uintptr_t cfa)
{
	return (struct rt_activation *)((char *)self->activations->now + (cfa & RT_ACTIVATION_PLACES));
}

/* The context of what called the function that starts there, returns to `back`, and has its frame below the CFA; 0: it is not
 * known. */
static inline rt_ctx_t rt_activation_of(
	const struct rt_thread *self, uintptr_t cfa, uint32_t start, uintptr_t back)
{
	if (RT_UNLIKELY(!self->activations))
		return 0;
	const struct rt_activation *activation = rt_activation_at(self, cfa);
	uint32_t state = __atomic_load_n(&activation->state, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	bool is = !(state & RT_ACTIVATION_ARMED) && activation->where == rt_activation_where(cfa, start) &&
		  activation->back == (uint32_t)back;
	return is ? state : 0;
}

/* Of the site's function. */
static inline rt_ctx_t rt_activation_find(const struct rt_thread *self, const struct rt_site *site)
{
	return site->cfa ? rt_activation_of(self, site->cfa, site->armed, rt_activation_return(site->cfa))
			 : 0;
}

/* The same, of a call that is recalled: what rt_activation_of finds from then on. pre: that found nothing. */
RT_HIDDEN rt_ctx_t rt_activation_recall(
	struct rt_thread *self, uintptr_t cfa, uint32_t start, uintptr_t back);
/* That was found out: `path`. */
RT_HIDDEN void rt_activation_keep(
	struct rt_thread *self, const struct rt_site *site, rt_ctx_t path, struct rt_caller caller);
/* The calling thread is `self` from now on. */
RT_HIDDEN void rt_activations_take(struct rt_thread *self);
RT_HIDDEN void rt_activations_fini(struct rt_thread *thread);

#endif
