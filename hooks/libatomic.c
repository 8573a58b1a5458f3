/* Atomic objects of any size: libatomic's functions around the real ones.
 *
 * A size that the processor has an instruction for is an atomic operation like any other. All others libatomic does under
 * locks of its own, each for many objects: what it does is ignored, and the object is ordered as if it had a lock to itself,
 * whatever order was asked for. That can hide a race and can't invent one. */
#include "hooks.h"

#include <dlfcn.h>

static struct {
	void (*load)(size_t bytes, const volatile void *from, void *to, int order);
	void (*store)(size_t bytes, volatile void *to, const void *from, int order);
	void (*exchange)(size_t bytes, volatile void *object, const void *from, void *to, int order);
	bool (*compare_exchange)(size_t bytes, volatile void *object, void *expected, const void *from,
		int order, int failure);
} real;

/* Whoever calls for it may have found it here only, and have nothing of libatomic's loaded. No look-up may fail: the C
 * library would free what it has to say of that, perhaps by a free that is still to be looked up. */
static RT_COLD void find_real(void)
{
	void *library = dlopen("libatomic.so.1", RTLD_NOW);
	if (!library)
		rt_check_failed("libatomic.so.1", 0, "there is a library for atomic objects of any size");
	real.load = dlsym(library, "__atomic_load");
	real.store = dlsym(library, "__atomic_store");
	real.exchange = dlsym(library, "__atomic_exchange");
	__atomic_store_n(
		&real.compare_exchange, dlsym(library, "__atomic_compare_exchange"), __ATOMIC_RELEASE);
}

static inline void need_real(void)
{
	if (RT_UNLIKELY(!__atomic_load_n(&real.compare_exchange, __ATOMIC_ACQUIRE)))
		find_real();
}

static bool has_instruction(size_t bytes, const volatile void *object)
{
	return bytes && bytes <= 16 && !(bytes & (bytes - 1)) && !((uintptr_t)object & (bytes - 1));
}

/* One call, whichever it is; NULL: it has no such operand. */
struct call {
	size_t bytes;
	volatile void *object;
	const void *from;
	void *to, *expected;
	enum rt_atomic_kind kind;
	int order, failure;
	bool done;
};

static bool run_real(void *argument)
{
	struct call *call = argument;
	if (call->expected)
		return call->done = real.compare_exchange(call->bytes, call->object, call->expected,
			       call->from, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	if (call->from && call->to)
		real.exchange(call->bytes, call->object, call->from, call->to, __ATOMIC_SEQ_CST);
	else if (call->from)
		real.store(call->bytes, call->object, call->from, __ATOMIC_SEQ_CST);
	else
		real.load(call->bytes, call->object, call->to, __ATOMIC_SEQ_CST);
	return true;
}

static void touch(const volatile void *address, size_t bytes)
{
	const volatile char *first = address;
	if (!first)
		return;
	(void)first[0];
	(void)first[bytes - 1];
}

static void tell_values(struct rt_thread *self, struct rt_site *site, const struct call *call)
{
	if (call->from)
		rt_access(self, site, call->from, call->bytes, RT_READ, RT_CLASS_DATA);
	if (call->expected)
		rt_access(self, site, call->expected, call->bytes, RT_READ, RT_CLASS_DATA);
	if (call->expected && !call->done)
		rt_access(self, site, call->expected, call->bytes, RT_WRITE, RT_CLASS_DATA);
	if (call->to)
		rt_access(self, site, call->to, call->bytes, RT_WRITE, RT_CLASS_DATA);
}

static void run_lock_free(uintptr_t pc, struct call *call)
{
	touch(call->object, call->bytes);
	touch(call->from, call->bytes);
	touch(call->to, call->bytes);
	touch(call->expected, call->bytes);
	struct rt_thread *self = rt_enter();
	if (!self) {
		run_real(call);
		return;
	}
	struct rt_site site = rt_frames_site(pc);
	rt_atomic(self, &site, call->object, call->bytes, call->kind, (enum rt_order)(call->order & 7),
		(enum rt_order)(call->failure & 7), run_real, call);
	tell_values(self, &site, call);
	rt_leave(self);
}

/* Its locks and its copying are its own affair. */
static void ignore_all(struct rt_thread *self, int change)
{
	rt_ignore_accesses(self, change);
	rt_ignore_sync(self, change);
}

static void run_locked(uintptr_t pc, struct call *call)
{
	uint64_t key = RT_HOOK_KEY(call->object);
	RT_HOOK_TELL_AT(pc, {
		if (call->kind != RT_ATOMIC_LOAD && !rt_sync_ignored(self))
			rt_sync_release(self, &site, key, "atomic");
		ignore_all(self, 1);
	});
	run_real(call);
	RT_HOOK_TELL_AT(pc, {
		ignore_all(self, -1);
		if (call->kind != RT_ATOMIC_STORE && !rt_sync_ignored(self))
			rt_sync_acquire(self, &site, key, "atomic");
		rt_access(self, &site, call->object, call->bytes,
			call->kind == RT_ATOMIC_LOAD ? RT_ATOMIC_READ : RT_ATOMIC_WRITE, RT_CLASS_DATA);
		tell_values(self, &site, call);
	});
}

static void run(uintptr_t pc, struct call *call)
{
	need_real();
	if (RT_LIKELY(!rt_watching) || !call->bytes)
		run_real(call);
	else if (has_instruction(call->bytes, call->object))
		run_lock_free(pc, call);
	else
		run_locked(pc, call);
}

void rt_atomic_any_load(size_t bytes, const volatile void *from, void *to, int order)
{
	struct call call = {.bytes = bytes,
		.object = (volatile void *)from,
		.to = to,
		.kind = RT_ATOMIC_LOAD,
		.order = order};
	run(RT_HOOK_PC, &call);
}

void rt_atomic_any_store(size_t bytes, volatile void *to, const void *from, int order)
{
	struct call call = {
		.bytes = bytes, .object = to, .from = from, .kind = RT_ATOMIC_STORE, .order = order};
	run(RT_HOOK_PC, &call);
}

void rt_atomic_any_exchange(size_t bytes, volatile void *object, const void *from, void *to, int order)
{
	struct call call = {.bytes = bytes,
		.object = object,
		.from = from,
		.to = to,
		.kind = RT_ATOMIC_CHANGE,
		.order = order};
	run(RT_HOOK_PC, &call);
}

bool rt_atomic_any_compare_exchange(
	size_t bytes, volatile void *object, void *expected, const void *from, int order, int failure)
{
	struct call call = {.bytes = bytes,
		.object = object,
		.from = from,
		.expected = expected,
		.kind = RT_ATOMIC_CHANGE,
		.order = order,
		.failure = failure};
	run(RT_HOOK_PC, &call);
	return call.done;
}
