#include "thread.h"

#include "arena.h"
#include "counters.h"
#include "lock.h"
#include "sys.h"

enum { HANDLE_BUCKETS = 1024, INFOS_MOST = 1 << 20, REUSE_TRIES = 64 };

struct slot_owner {
	uint64_t from_epoch;
	uint32_t thread;
};

/* What outlives the threads that used a slot. */
struct slot {
	uint64_t epoch;   /* the last one used */
	uint32_t segment; /* that epoch's */
	bool has_block;
	bool free;
	rt_slot_t next_free;
	struct slot_owner *owners; /* ascending epochs */
	uint32_t owner_count, owner_room;
};

uint32_t rt_watching;
struct rt_epoch_block rt_epoch_blocks[RT_BLOCKS];
__thread struct rt_thread *rt_self __attribute__((tls_model("initial-exec")));

static struct {
	struct rt_spin spin;
	struct slot *slots;
	uint32_t slot_count;
	uint32_t block_count;
	rt_slot_t free_first,
		free_last; /* a queue: the longest free slot is the likeliest to be known to a creator */
	uint32_t unjoined; /* other threads that may still have a past no one joined */
	struct rt_thread *handles[HANDLE_BUCKETS];
	struct rt_thread *live; /* all that are not free */
	struct rt_thread_info *infos;
	uint32_t info_count, info_room;
	bool started;
} threads;

#define NO_SLOT UINT32_MAX

/* ---- the fork gate ---- */

static uint32_t gate;
static bool gate_needs_fence = true; /* the kernel has no membarrier: rt_enter pays for the order itself */

/* Some thread was cancelled, or is about to be: before that nobody pays for being cancellable. */
static bool cancel_used;

static RT_COLD void wait_at_gate(struct rt_thread *self)
{
	do {
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
		while (__atomic_load_n(&gate, __ATOMIC_SEQ_CST))
			rt_sys_yield();
		__atomic_store_n(&self->place, RT_INSIDE, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	} while (__atomic_load_n(&gate, __ATOMIC_SEQ_CST));
	if (self->cancellable && cancel_used &&
		!self->signals_held) { /* it was what the gate was closed for */
		uint64_t mask;
		rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
		rt_thread_hold_signals(self, mask);
	}
}

struct live_link {
	struct rt_thread thread;
	struct rt_thread *previous_live, *next_live;
};

static struct live_link *link_of(struct rt_thread *thread)
{
	return (struct live_link *)thread;
}

void rt_threads_stop(struct rt_thread *self)
{
	rt_spin_lock(&threads.spin);
	__atomic_store_n(&gate, 1, __ATOMIC_SEQ_CST);
	if (!gate_needs_fence)
		rt_syscall(__NR_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
	rt_spin_unlock(&threads.spin);
	for (;;) {
		bool busy = false;
		rt_spin_lock(&threads.spin);
		for (struct rt_thread *other = threads.live; other; other = link_of(other)->next_live)
			if (other != self && __atomic_load_n(&other->place, __ATOMIC_SEQ_CST) == RT_INSIDE &&
				(other->state == RT_THREAD_LIVE &&
					rt_sys_thread_lives(rt_sys_getpid(), other->tid)))
				busy = true;
		if (!busy)
			return; /* with the threads' lock held */
		rt_spin_unlock(&threads.spin);
		rt_sys_yield();
	}
}

void rt_threads_resume(void)
{
	__atomic_store_n(&gate, 0, __ATOMIC_SEQ_CST);
	rt_spin_unlock(&threads.spin);
}

/* ---- slots and epochs ---- */

/* Gives the slot its next segment. False: none is left, and the epoch stays. Threads' lock held. */
static bool next_segment(rt_slot_t index)
{
	struct slot *slot = &threads.slots[index];
	uint32_t last = (1u << RT_EPOCH_BITS) - 1;
	if (slot->has_block && (slot->segment & last) != last) {
		slot->segment++;
		slot->epoch++;
		return true;
	}
	if (threads.block_count >= RT_THREAD_BLOCKS)
		return false;
	uint32_t block = threads.block_count++;
	slot->epoch++;
	rt_epoch_blocks[block] = (struct rt_epoch_block){slot->epoch, index};
	slot->segment = block << RT_EPOCH_BITS;
	slot->has_block = true;
	return true;
}

void rt_thread_tick_slow(struct rt_thread *self)
{
	uint32_t last = (1u << RT_EPOCH_BITS) - 1;
	struct slot *slot = &threads.slots[self->slot];
	self->tick_pending = false;
	if ((slot->segment & last) != last) { /* only the owner touches a slot that is in use */
		slot->segment++;
		slot->epoch++;
	} else {
		rt_spin_lock(&threads.spin);
		bool ticked = next_segment(self->slot);
		rt_spin_unlock(&threads.spin);
		if (!ticked) {
			rt_count(RT_COUNTER_NO_EPOCH);
			return;
		}
	}
	self->segment = slot->segment;
	rt_clock_set(&self->clock, self->slot, slot->epoch);
}

static bool add_owner(struct slot *slot, uint32_t thread)
{
	if (slot->owner_count == slot->owner_room) {
		uint32_t room = slot->owner_room ? 2 * slot->owner_room : 4;
		struct slot_owner *owners = rt_alloc(room * sizeof(*owners));
		if (!owners)
			return false;
		rt_bytes_copy(owners, slot->owners, slot->owner_count * sizeof(*owners));
		rt_free(slot->owners, slot->owner_room * sizeof(*owners));
		slot->owners = owners;
		slot->owner_room = room;
	}
	slot->owners[slot->owner_count++] = (struct slot_owner){slot->epoch, thread};
	return true;
}

uint32_t rt_thread_of_epoch(rt_slot_t index, uint64_t epoch)
{
	uint32_t thread = 0;
	rt_spin_lock(&threads.spin);
	const struct slot *slot = &threads.slots[index];
	for (uint32_t i = slot->owner_count; i-- > 0 && !thread;)
		if (slot->owners[i].from_epoch <= epoch)
			thread = slot->owners[i].thread;
	rt_spin_unlock(&threads.spin);
	return thread;
}

static void free_slot(rt_slot_t index)
{
	threads.slots[index].free = true;
	threads.slots[index].next_free = NO_SLOT;
	if (threads.free_last == NO_SLOT)
		threads.free_first = index;
	else
		threads.slots[threads.free_last].next_free = index;
	threads.free_last = index;
}

static void take_from_queue(rt_slot_t before, rt_slot_t index)
{
	rt_slot_t next = threads.slots[index].next_free;
	if (before == NO_SLOT)
		threads.free_first = next;
	else
		threads.slots[before].next_free = next;
	if (threads.free_last == index)
		threads.free_last = before;
	threads.slots[index].free = false;
}

/* A slot for a thread whose past is `clock`. */
static rt_slot_t take_slot(const struct rt_clock *clock)
{
	rt_slot_t before = NO_SLOT;
	unsigned tries = 0;
	for (rt_slot_t i = threads.free_first; i != NO_SLOT && tries++ < REUSE_TRIES;
		i = threads.slots[i].next_free) {
		if (rt_clock_get(clock, i) >= threads.slots[i].epoch) {
			take_from_queue(before, i);
			return i;
		}
		before = i;
	}
	if (threads.slot_count < RT_THREAD_BLOCKS && threads.block_count < RT_THREAD_BLOCKS)
		return threads.slot_count++;
	/* Out of slots: one whose past the creator does not know. Races with that past may be missed. */
	if (threads.free_first != NO_SLOT) {
		rt_slot_t first = threads.free_first;
		take_from_queue(NO_SLOT, first);
		rt_count(RT_COUNTER_NO_EPOCH);
		return first;
	}
	return NO_SLOT;
}

/* ---- the lists ---- */

static struct rt_thread **bucket_of(uint64_t handle)
{
	return &threads.handles[rt_hash64(handle) % HANDLE_BUCKETS];
}

static void put_handle(struct rt_thread *thread, uint64_t handle)
{
	struct rt_thread **bucket = bucket_of(handle);
	for (struct rt_thread **link = bucket; *link; link = &(*link)->next)
		if ((*link)->handle == handle) { /* of a thread that ended: the C library reuses handles */
			*link = (*link)->next;
			break;
		}
	thread->handle = handle;
	thread->next = *bucket;
	*bucket = thread;
}

static void drop_handle(struct rt_thread *thread)
{
	for (struct rt_thread **link = bucket_of(thread->handle); *link; link = &(*link)->next)
		if (*link == thread) {
			*link = thread->next;
			return;
		}
}

static struct rt_thread *find_handle(uint64_t handle)
{
	for (struct rt_thread *thread = *bucket_of(handle); thread; thread = thread->next)
		if (thread->handle == handle)
			return thread;
	return NULL;
}

static void link_live(struct rt_thread *thread)
{
	struct live_link *link = link_of(thread);
	link->previous_live = NULL;
	link->next_live = threads.live;
	if (threads.live)
		link_of(threads.live)->previous_live = thread;
	threads.live = thread;
}

static void unlink_live(struct rt_thread *thread)
{
	struct live_link *link = link_of(thread);
	if (link->previous_live)
		link_of(link->previous_live)->next_live = link->next_live;
	else
		threads.live = link->next_live;
	if (link->next_live)
		link_of(link->next_live)->previous_live = link->previous_live;
}

static void count_for(struct rt_thread *thread)
{
	for (unsigned i = 0; i < RT_COUNTER_HOT; i++) {
		rt_count_add((enum rt_counter)i, thread->counts[i]);
		thread->counts[i] = 0;
	}
}

void rt_threads_count(void)
{
	rt_spin_lock(&threads.spin);
	for (struct rt_thread *thread = threads.live; thread; thread = link_of(thread)->next_live)
		count_for(thread);
	rt_spin_unlock(&threads.spin);
}

/* A thread that runs no more gives everything back but its info. Threads' lock held. */
static void retire(struct rt_thread *thread)
{
	count_for(thread);
	drop_handle(thread);
	unlink_live(thread);
	free_slot(thread->slot);
	rt_clock_fini(&thread->clock);
	rt_free(thread->held, thread->held_room * sizeof(*thread->held));
	rt_free(thread->stack, thread->stack_room * sizeof(*thread->stack));
	rt_free(thread, sizeof(struct live_link));
}

/* Detached threads, and those whose creation was not seen, end unnoticed: ask the kernel. Threads' lock held. */
static void reap_detached(void)
{
	static uint32_t next_reap = 16, calls;
	if (++calls < next_reap)
		return;
	calls = 0;
	int pid = rt_sys_getpid();
	uint32_t lives = 0;
	for (struct rt_thread *thread = threads.live, *next; thread; thread = next) {
		next = link_of(thread)->next_live;
		bool unnoticed = thread->flags & (RT_THREAD_DETACHED | RT_THREAD_UNSEEN_START);
		if (thread->state == RT_THREAD_LIVE && unnoticed && !rt_sys_thread_lives(pid, thread->tid))
			retire(thread);
		else
			lives++;
	}
	next_reap = lives < 16 ? 16 : lives;
}

void rt_watch_set(uint32_t bit, bool on)
{
	if (on)
		__atomic_fetch_or(&rt_watching, bit, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(&rt_watching, ~bit, __ATOMIC_SEQ_CST);
}

static void count_unjoined(int change)
{
	threads.unjoined += (uint32_t)change;
	rt_watch_set(RT_WATCH_THREADS, threads.unjoined != 0);
}

static uint32_t new_info(uint32_t parent, rt_ctx_t created_at, uint8_t flags)
{
	if (threads.info_count >= threads.info_room)
		return 0;
	uint32_t id = threads.info_count++;
	threads.infos[id] =
		(struct rt_thread_info){.id = id, .parent = parent, .created_at = created_at, .flags = flags};
	return id;
}

struct rt_thread_info *rt_thread_info_of(uint32_t id)
{
	return id && id < threads.info_count ? &threads.infos[id] : NULL;
}

/* A thread with `past` as its clock. Threads' lock held. */
static struct rt_thread *new_thread(
	const struct rt_clock *past, uint32_t parent, rt_ctx_t created_at, uint8_t flags)
{
	reap_detached();
	struct rt_thread *thread = rt_alloc(sizeof(struct live_link));
	rt_slot_t slot = thread ? take_slot(past) : NO_SLOT;
	if (slot == NO_SLOT || (past && !rt_clock_join(&thread->clock, past))) {
		if (slot != NO_SLOT)
			free_slot(slot);
		rt_free(thread, sizeof(struct live_link));
		rt_count(RT_COUNTER_NO_THREAD);
		return NULL;
	}
	if (!next_segment(slot))
		rt_count(RT_COUNTER_NO_EPOCH);
	thread->slot = slot;
	thread->id = new_info(parent, created_at, flags);
	thread->segment = threads.slots[slot].segment;
	thread->flags = flags;
	rt_clock_set(&thread->clock, slot, threads.slots[slot].epoch);
	add_owner(&threads.slots[slot], thread->id);
	link_live(thread);
	rt_count(RT_COUNTER_THREADS);
	return thread;
}

/* ---- entering ---- */

bool rt_threads_init(void)
{
	size_t bytes;
	threads.free_first = threads.free_last = NO_SLOT;
	threads.slots =
		rt_reserve(RT_BLOCKS * sizeof(struct slot), RT_BLOCKS * sizeof(struct slot) / 2, &bytes);
	threads.infos = rt_reserve(INFOS_MOST * sizeof(struct rt_thread_info), 1 << 16, &bytes);
	threads.info_room = (uint32_t)(bytes / sizeof(struct rt_thread_info));
	threads.info_count = 1;
	if (!threads.slots || !threads.infos)
		return false;
	gate_needs_fence = rt_sys_failed(
		rt_syscall(__NR_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0));
	struct rt_clock nothing = {0};
	struct rt_thread *first = new_thread(&nothing, 0, 0, RT_THREAD_MAIN);
	if (!first)
		return false;
	first->state = RT_THREAD_LIVE;
	first->tid = rt_sys_gettid();
	rt_thread_info_of(first->id)->tid = first->tid;
	rt_self = first;
	threads.started = true;
	return true;
}

/* A thread that something other than pthread_create started: ordered after all that happened so far, which may hide a
 * race but invents none. */
static RT_COLD struct rt_thread *adopt(void)
{
	if (!threads.started)
		return NULL;
	struct rt_clock past = {0};
	uint64_t mask;
	rt_sys_signal_mask(
		RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask); /* there is no place yet to say that it is inside */
	rt_spin_lock(&threads.spin);
	for (struct rt_thread *other = threads.live; other; other = link_of(other)->next_live)
		if (other->state == RT_THREAD_LIVE)
			rt_clock_set(&past, other->slot, threads.slots[other->slot].epoch);
	struct rt_thread *self = new_thread(&past, 0, 0, RT_THREAD_UNSEEN_START);
	if (self) {
		self->state = RT_THREAD_LIVE;
		self->place = RT_INSIDE;
		self->tid = rt_sys_gettid();
		struct rt_thread_info *info = rt_thread_info_of(self->id);
		if (info)
			info->tid = self->tid;
		for (struct rt_thread *other = threads.live; other; other = link_of(other)->next_live)
			other->tick_pending = true;
		count_unjoined(1);
		rt_count(RT_COUNTER_THREADS_UNSEEN);
		rt_self = self;
	}
	rt_spin_unlock(&threads.spin);
	rt_clock_fini(&past);
	if (self)
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
	return self;
}

/* ---- signals ---- */

void rt_thread_hold_signals(struct rt_thread *self, uint64_t mask)
{
	if (!self->signals_held || (mask & RT_SIGNALS_HELD) != RT_SIGNALS_HELD)
		self->signal_mask = mask;
	self->signals_held = true;
}

bool rt_thread_step_out(struct rt_thread *self, uint64_t *mask)
{
	bool held = self->signals_held;
	*mask = self->signal_mask;
	self->signals_held = false;
	__atomic_store_n(&self->place, self->cancellable && cancel_used ? RT_OUTSIDE_CANCELLABLE : RT_OUTSIDE,
		__ATOMIC_RELEASE);
	return held;
}

static RT_COLD void release_signals(struct rt_thread *self)
{
	uint64_t mask;
	rt_thread_step_out(self, &mask);
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
}

void rt_thread_cancellable(struct rt_thread *self, bool is)
{
	self->cancellable = is;
	self->place = is && cancel_used ? RT_OUTSIDE_CANCELLABLE : RT_OUTSIDE;
}

void rt_thread_cancelling(void)
{
	struct rt_thread *self = cancel_used ? NULL : rt_enter();
	if (!self)
		return;
	rt_threads_stop(self);
	__atomic_store_n(&cancel_used, true, __ATOMIC_SEQ_CST);
	for (struct rt_thread *other = threads.live; other; other = link_of(other)->next_live)
		if (other->cancellable && other->place == RT_OUTSIDE && other != self)
			other->place = RT_OUTSIDE_CANCELLABLE;
	rt_threads_resume();
	rt_leave(self);
	if (self->cancellable)
		self->place = RT_OUTSIDE_CANCELLABLE;
}

/* False: it is inside already. */
static RT_COLD bool enter_cancellable(struct rt_thread *self)
{
	uint64_t mask;
	if (self->place == RT_INSIDE) {
		rt_count(RT_COUNTER_SIGNAL_NESTED);
		return false;
	}
	rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
	rt_thread_hold_signals(self, mask);
	return true;
}

/* ---- entering and leaving ---- */

struct rt_thread *rt_enter(void)
{
	struct rt_thread *self = rt_self;
	if (RT_UNLIKELY(!self) && !(self = adopt()))
		return NULL;
	if (RT_UNLIKELY(self->place != RT_OUTSIDE) && !enter_cancellable(self))
		return NULL;
	*(volatile uint8_t *)&self->place = RT_INSIDE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(gate_needs_fence))
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(__atomic_load_n(&gate, __ATOMIC_RELAXED)))
		wait_at_gate(self);
	return self;
}

void rt_leave(struct rt_thread *self)
{
	__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(self->signals_held))
		release_signals(self);
}

/* ---- life ---- */

struct rt_thread *rt_thread_create(struct rt_thread *self, struct rt_site *site, bool detached)
{
	rt_ctx_t created_at = rt_site_context(self, site, RT_READ);
	if (!rt_watching) {
		rt_lock_watch(self);
		self->tick_pending = true;
	}
	rt_spin_lock(&threads.spin);
	struct rt_thread *child =
		new_thread(&self->clock, self->id, created_at, detached ? RT_THREAD_DETACHED : 0);
	if (child) {
		child->state = RT_THREAD_CREATED;
		count_unjoined(1);
	}
	rt_spin_unlock(&threads.spin);
	self->tick_pending = true;
	return child;
}

void rt_thread_not_created(struct rt_thread *self, struct rt_thread *child)
{
	(void)self;
	if (!child)
		return;
	rt_spin_lock(&threads.spin);
	retire(child);
	count_unjoined(-1);
	rt_spin_unlock(&threads.spin);
}

void rt_thread_created(struct rt_thread *self, struct rt_thread *child, uint64_t handle)
{
	(void)self;
	if (!child)
		return;
	rt_spin_lock(&threads.spin);
	/* Once it runs it may be gone already, joined by somebody else, and the handle another's. */
	bool still = false;
	for (struct rt_thread *thread = threads.live; thread && !still; thread = link_of(thread)->next_live)
		still = thread == child;
	if (still && handle && child->state == RT_THREAD_CREATED && !child->handle)
		put_handle(child, handle);
	rt_spin_unlock(&threads.spin);
}

void rt_thread_begin(struct rt_thread *child)
{
	child->place =
		RT_INSIDE; /* the gate need not be asked: its owner holds the lock as long as it is shut */
	struct rt_thread *handlers = __atomic_exchange_n(&rt_self, child, __ATOMIC_SEQ_CST);
	if (handlers && handlers != child) {
		rt_spin_lock(&threads.spin);
		if (!rt_clock_join(&child->clock, &handlers->clock))
			rt_count(RT_COUNTER_NO_SYNC);
		retire(handlers);
		count_unjoined(-1);
		rt_spin_unlock(&threads.spin);
	}
	rt_leave(child);
}

void rt_thread_started(struct rt_thread *child, uint64_t handle, uintptr_t low, uintptr_t high)
{
	child->place = RT_INSIDE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	rt_spin_lock(&threads.spin);
	if (!child->handle)
		put_handle(child, handle);
	child->tid = rt_sys_gettid();
	child->state = RT_THREAD_LIVE;
	child->stack_low = low;
	child->stack_high = high;
	struct rt_thread_info *info = rt_thread_info_of(child->id);
	if (info)
		info->tid = child->tid;
	rt_spin_unlock(&threads.spin);
	rt_leave(child);
}

void rt_thread_inherit(struct rt_thread *self, uint64_t key)
{
	int pid = rt_sys_getpid();
	rt_spin_lock(&threads.spin);
	for (struct rt_thread *other = threads.live; other; other = link_of(other)->next_live)
		if (other != self && other->state == RT_THREAD_LIVE &&
			!rt_sys_thread_lives(pid, other->tid) && rt_lock_is_held(other, key))
			rt_clock_join(&self->clock, &other->clock);
	rt_spin_unlock(&threads.spin);
}

void rt_thread_joined(struct rt_thread *self, uint64_t handle)
{
	rt_spin_lock(&threads.spin);
	struct rt_thread *child = find_handle(handle);
	if (child && child != self) {
		rt_clock_join(&self->clock, &child->clock);
		rt_lock_abandon(child);
		struct rt_thread_info *info = rt_thread_info_of(child->id);
		if (info)
			info->flags |= RT_THREAD_JOINED;
		bool counted = !(child->flags & RT_THREAD_MAIN);
		retire(child);
		if (counted)
			count_unjoined(-1);
	}
	rt_spin_unlock(&threads.spin);
}

void rt_thread_detached(struct rt_thread *self, uint64_t handle)
{
	(void)self;
	rt_spin_lock(&threads.spin);
	struct rt_thread *child = find_handle(handle);
	if (child) {
		child->flags |= RT_THREAD_DETACHED;
		struct rt_thread_info *info = rt_thread_info_of(child->id);
		if (info)
			info->flags |= RT_THREAD_DETACHED;
	}
	rt_spin_unlock(&threads.spin);
}

static void set_name(struct rt_thread *thread, const char *name)
{
	struct rt_thread_info *info = thread ? rt_thread_info_of(thread->id) : NULL;
	if (!info)
		return;
	rt_string_copy(info->name, sizeof(info->name), name);
	info->recorded = false;
}

void rt_thread_name(struct rt_thread *self, const char *name)
{
	set_name(self, name);
}

void rt_thread_name_other(struct rt_thread *self, uint64_t handle, const char *name)
{
	(void)self;
	rt_spin_lock(&threads.spin);
	set_name(find_handle(handle), name);
	rt_spin_unlock(&threads.spin);
}

uint32_t rt_thread_id(struct rt_thread *self)
{
	return self->id;
}

uint32_t rt_thread_of_stack(uintptr_t address, uintptr_t *low, uintptr_t *high)
{
	uint32_t id = 0;
	rt_spin_lock(&threads.spin);
	for (struct rt_thread *thread = threads.live; thread && !id; thread = link_of(thread)->next_live)
		if (address >= thread->stack_low && address < thread->stack_high) {
			id = thread->id;
			*low = thread->stack_low;
			*high = thread->stack_high;
		}
	rt_spin_unlock(&threads.spin);
	return id;
}

void rt_threads_forked(struct rt_thread *self)
{
	/* The threads' lock is held since rt_threads_stop. */
	for (struct rt_thread *thread = threads.live, *next; thread; thread = next) {
		next = link_of(thread)->next_live;
		if (thread == self)
			continue;
		rt_clock_join(&self->clock, &thread->clock);
		retire(thread);
	}
	threads.unjoined = 0;
	rt_watch_set(RT_WATCH_THREADS, false);
	self->tid = rt_sys_gettid();
	struct rt_thread_info *info = rt_thread_info_of(self->id);
	if (info) {
		info->tid = self->tid;
		info->flags |= RT_THREAD_MAIN;
	}
	for (uint32_t i = 1; i < threads.info_count; i++)
		threads.infos[i].recorded = false;
	self->flags = RT_THREAD_MAIN;
	if (!gate_needs_fence) /* registration is per process image, and goes with a fork; ask again to be sure */
		rt_syscall(__NR_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
	rt_threads_resume();
}

void rt_ignore_accesses(struct rt_thread *self, int change)
{
	if (change > 0 || self->ignore_accesses)
		self->ignore_accesses = (uint16_t)(self->ignore_accesses + change);
}

void rt_ignore_sync(struct rt_thread *self, int change)
{
	if (change > 0 || self->ignore_sync)
		self->ignore_sync = (uint16_t)(self->ignore_sync + change);
}

bool rt_sync_ignored(struct rt_thread *self)
{
	return self->ignore_sync != 0;
}
