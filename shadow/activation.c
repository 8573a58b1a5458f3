#include "activation.h"

#include "sys.h"

static struct rt_activation nobodys[RT_ACTIVATIONS];

__thread char *rt_activations __attribute__((tls_model("initial-exec"))) = (char *)nobodys;

void rt_activations_take(struct rt_thread *self)
{
	rt_activations = (char *)(self->activations ? self->activations->now : nobodys);
}

void rt_activations_fini(struct rt_thread *thread)
{
	rt_free(thread->activations, thread->activations ? sizeof(*thread->activations) : 0);
}

/* The frame is where the thread's stack is; of another stack only what is near is known to be there. */
static bool is_readable(const struct rt_thread *self, const struct rt_site *site)
{
	uintptr_t low = site->sp, at = site->cfa - sizeof(uintptr_t);
	if (at < low || at % sizeof(uintptr_t))
		return false;
	bool own = low >= self->stack_low && low < self->stack_high;
	return own ? at < self->stack_high : at / RT_PAGE_BYTES == low / RT_PAGE_BYTES;
}

static struct rt_recall *recall_at(const struct rt_thread *self, uint64_t where, uint32_t back)
{
	uint64_t hash = (where ^ (uint64_t)back << 32) * 0x9e3779b97f4a7c15ull;
	return &self->activations->recalls[hash >> 32 & (RT_RECALLS - 1)];
}

static void set_recall(struct rt_recall *at, struct rt_recall recall)
{
	at->where = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	at->caller = recall.caller;
	at->back = recall.back;
	at->state = recall.state;
	at->path = recall.path;
	at->caller_path = recall.caller_path;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	at->where = recall.where;
}

/* It is what it was: it runs, and was called as then. pre: it was the caller of a function that lies and returns as one that runs
 * now; so its frame is there. */
static bool is_same(const struct rt_thread *self, struct rt_caller caller)
{
	uintptr_t cfa = (uintptr_t)(caller.where >> RT_ACTIVATION_START_BITS);
	const struct rt_activation *activation = rt_activation_at(self, cfa);
	return caller.path && activation->where == caller.where &&
	       __atomic_load_n(&activation->state, __ATOMIC_RELAXED) == caller.path &&
	       activation->back == (uint32_t)rt_activation_return(cfa);
}

/* Of a function that has armed its entry. */
static void activate(struct rt_activation *activation, uint64_t where, uint32_t back, rt_ctx_t path)
{
	activation->where = where;
	activation->back = back;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&activation->state, path, __ATOMIC_RELAXED);
}

rt_ctx_t rt_activation_recall(struct rt_thread *self, uintptr_t cfa, uint32_t start, uintptr_t back)
{
	uint64_t where = rt_activation_where(cfa, start);
	if (!self->activations)
		return 0;
	const struct rt_recall *at = recall_at(self, where, (uint32_t)back), recall = *at;
	struct rt_activation *activation = rt_activation_at(self, cfa);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (at->where != where || at->back != (uint32_t)back ||
		__atomic_load_n(&activation->state, __ATOMIC_RELAXED) != recall.state ||
		!is_same(self, (struct rt_caller){recall.caller, recall.caller_path}))
		return 0;
	activate(activation, where, (uint32_t)back, recall.path);
	return recall.path;
}

void rt_activation_keep(
	struct rt_thread *self, const struct rt_site *site, rt_ctx_t path, struct rt_caller caller)
{
	uint32_t state = RT_ACTIVATION_ARMED | site->armed;
	if (!site->cfa || !is_readable(self, site))
		return;
	if (!self->activations) {
		self->activations = rt_alloc(sizeof(*self->activations));
		rt_activations_take(self);
		return;
	}
	struct rt_activation *activation = rt_activation_at(self, site->cfa);
	if (__atomic_load_n(&activation->state, __ATOMIC_RELAXED) != state)
		return;
	uint64_t where = rt_activation_where(site->cfa, site->armed);
	uint32_t back = (uint32_t)rt_activation_return(site->cfa);
	activate(activation, where, back, path);
	if (caller.path)
		set_recall(recall_at(self, where, back),
			(struct rt_recall){where, caller.where, back, state, path, caller.path});
}
