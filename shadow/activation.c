#include "activation.h"

#include "sys.h"

static struct rt_activation nobodys[RT_ACTIVATIONS];

__thread char *rt_activations __attribute__((tls_model("initial-exec"))) = (char *)nobodys;

void rt_activations_take(struct rt_thread *self)
{
	rt_activations = (char *)(self->activations ? self->activations : nobodys);
}

void rt_activations_fini(struct rt_thread *thread)
{
	rt_free(thread->activations, thread->activations ? sizeof(nobodys) : 0);
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

void rt_activation_keep(struct rt_thread *self, const struct rt_site *site, rt_ctx_t callers)
{
	if (!site->cfa || !is_readable(self, site))
		return;
	if (!self->activations) {
		self->activations = rt_alloc(sizeof(nobodys));
		rt_activations_take(self);
		return;
	}
	struct rt_activation *activation = rt_activation_at(self, site->cfa);
	if (activation->state != (RT_ACTIVATION_ARMED | site->armed))
		return;
	activation->where = rt_activation_where(site->cfa, site->armed);
	activation->back = (uint32_t)rt_activation_return(site->cfa);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&activation->state, callers, __ATOMIC_RELAXED);
}
