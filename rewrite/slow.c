#include "slow.h"

#include "operations.h"
#include "slots.h"
#include "spread.h"
#include "shadow/allocator.h"
#include "shadow/engine.h"
#include "shadow/infer.h"
#include "shadow/once.h"
#include "shadow/single.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

__thread struct rt_slots rt_slots;

enum { STACK_ROOM = 6144 };

enum { FLAG_ZF = 1 << 6, FLAG_DF = 1 << 10 };

/* As no atomic load or store is. */
static bool is_never_atomic(uint32_t what, uintptr_t address)
{
	uint32_t bytes = what & RT_WHAT_BYTES;
	return what & RT_WHAT_REPEATED || bytes > sizeof(uint64_t) || bytes & (bytes - 1) ||
	       address & (bytes - 1);
}

static enum rt_access_kind kind_of(uint32_t what, uintptr_t address)
{
	bool stays_plain = is_never_atomic(what, address);
	if (what & RT_WHAT_BARE && what & RT_WHAT_OWN)
		return what & RT_WHAT_WRITE ? RT_HUSHED_WRITE : RT_HUSHED_READ;
	if (what & RT_WHAT_BARE && !stays_plain)
		return what & RT_WHAT_WRITE ? RT_BARE_WRITE : RT_BARE_READ;
	if ((what & RT_WHAT_GLANCE) == RT_WHAT_GLANCE && !stays_plain)
		return RT_GLANCED_READ;
	if (what & RT_WHAT_RING && !stays_plain)
		return what & RT_WHAT_WRITE ? RT_ADVANCED_WRITE : RT_COMPARED_READ;
	if (!(what & RT_WHAT_WRITE))
		return what & RT_WHAT_FLAG ? RT_TESTED_READ : stays_plain ? RT_READ : RT_MOVED_READ;
	if (what & RT_WHAT_FLAG)
		return RT_SET_WRITE;
	return stays_plain ? RT_WRITE : what & RT_WHAT_READ ? RT_UPDATED : RT_MOVED_WRITE;
}

static struct rt_site site_of(const struct rt_slow_frame *frame)
{
	const struct rt_slow_behind *behind = rt_slow_behind(frame);
	int32_t cfa = behind->frame.cfa;
	uintptr_t from = frame->reg[cfa & 1 ? RT_RBP : RT_RSP];
	return (struct rt_site){.pc = (uintptr_t)&behind->distance + (uintptr_t)(intptr_t)behind->distance,
		.sp = frame->reg[RT_RSP],
		.bp = frame->reg[RT_RBP],
		.cfa = cfa ? from + (uintptr_t)(cfa >> 1) : 0,
		.armed = behind->frame.number};
}

/* Bytes of the access, whose address is *address; of a repeated one all of them. */
static size_t bytes_of(const struct rt_slow_frame *frame, uintptr_t *address)
{
	const struct rt_slow_behind *behind = rt_slow_behind(frame);
	size_t bytes = behind->what & RT_WHAT_BYTES, count = frame->reg[RT_RCX];
	*address = rt_slots.address;
	if (!(behind->what & RT_WHAT_REPEATED) || !count)
		return behind->what & RT_WHAT_REPEATED ? 0 : bytes;
	if (frame->flags & FLAG_DF)
		*address -= bytes * (count - 1);
	return bytes * count;
}

static void access_long(const struct rt_slow_frame *frame, uintptr_t address, size_t bytes)
{
	struct rt_site site = site_of(frame);
	uint32_t what = rt_slow_behind(frame)->what;
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self)
		return;
	if (rt_operations_have(site.pc - 1))
		what = (what & ~(uint32_t)RT_WHAT_HINTS) | RT_WHAT_SPIN;
	struct rt_plain plain = {.reads = what & RT_WHAT_READ,
		.writes = what & RT_WHAT_WRITE,
		.waits = what & RT_WHAT_SPIN,
		.flag = what & RT_WHAT_FLAG,
		.once = what & RT_WHAT_ONCE,
		.ring = (what & RT_WHAT_GLANCE) == RT_WHAT_RING,
		.bare = what & RT_WHAT_BARE,
		.own = (what & (RT_WHAT_GLANCE | RT_WHAT_BARE)) == RT_WHAT_OWN};
	if (!rt_infer_access(self, &site, address, bytes, plain) && !rt_allocator_holds(site.pc)) {
		rt_access(self, &site, (const void *)address, bytes, kind_of(what, address), RT_CLASS_DATA);
		if (RT_UNLIKELY(self->met || rt_infer_came(address, bytes))) {
			self->met = false;
			plain.glance = (what & RT_WHAT_GLANCE) == RT_WHAT_GLANCE;
			rt_infer_access(self, &site, address, bytes, plain);
		}
	}
	rt_leave(self);
}

/* Piece after piece; false: the rest is for rt_slow_long, which begins anew. */
static bool spread_short(const struct rt_slow_frame *frame)
{
	struct rt_spread_walk walk;
	uintptr_t address;
	size_t bytes;
	struct rt_site site = site_of(frame);
	rt_spread_begin(&walk, frame);
	while (rt_spread_next(&walk, &address, &bytes))
		if (!rt_access_walked((const void *)address, bytes, kind_of(walk.what, address), &site))
			return false;
	return true;
}

static void spread_long(const struct rt_slow_frame *frame)
{
	struct rt_spread_walk walk;
	uintptr_t address;
	size_t bytes;
	rt_spread_begin(&walk, frame);
	while (rt_spread_next(&walk, &address, &bytes))
		access_long(frame, address, bytes);
}

/* Near the end of the thread's stack nothing is checked: the program has to run out of it itself, as it would without us,
 * and not in the middle of the engine. */
static bool is_at_end(const struct rt_slow_frame *frame)
{
	const struct rt_thread *self = rt_self;
	return self && (uintptr_t)frame - self->stack_low < STACK_ROOM;
}

/* What is loaded counts: the condition holds, of the flags in their slot. */
static bool is_chosen(uint32_t what)
{
	enum { CARRY = 1 << 8, PARITY = 1 << 10, ZERO = 1 << 14, SIGN = 1 << 15, OVERFLOW = 1 };
	uint64_t flags = rt_slots.flags;
	bool less = !(flags & SIGN) != !(flags & OVERFLOW);
	const bool holds[] = {flags & OVERFLOW, flags & CARRY, flags & ZERO, flags & (CARRY | ZERO),
		flags & SIGN, flags & PARITY, less, less || flags & ZERO};
	unsigned condition = what >> RT_WHAT_CONDITION & 15;
	return holds[condition >> 1] != (condition & 1);
}

/* A pointer to a virtual table: the store changes nothing. */
static bool is_there(const struct rt_slow_frame *frame, uint32_t what, uintptr_t address)
{
	uint64_t fresh = frame->reg[what >> RT_WHAT_CONDITION & 15];
	return __atomic_load_n((const uint64_t *)address, __ATOMIC_RELAXED) == fresh;
}

/* The short way does not know what it may mean. */
static bool is_special(uint32_t what, uintptr_t address, size_t bytes)
{
	const struct rt_thread *self = rt_watching ? rt_self : NULL;
	return what & RT_WHAT_SPIN || (self && self->lockset && rt_once_may_be(self, address, bytes));
}

__attribute__((used)) bool rt_slow_short(const struct rt_slow_frame *frame)
{
	uintptr_t address;
	size_t bytes = bytes_of(frame, &address);
	struct rt_site site = site_of(frame);
	uint32_t what = rt_slow_behind(frame)->what;
	if (!bytes || RT_UNLIKELY(is_at_end(frame)))
		return true;
	if (RT_UNLIKELY(what & (RT_WHAT_SPREAD | RT_WHAT_CHOSEN | RT_WHAT_VPTR))) {
		if (what & RT_WHAT_SPREAD)
			return spread_short(frame);
		if (what & RT_WHAT_CHOSEN ? !is_chosen(what) : is_there(frame, what, address))
			return true;
	}
	if (rt_single_skips(address, bytes))
		return true;
	if ((what & (RT_WHAT_SPIN | RT_WHAT_ONCE) && RT_UNLIKELY(is_special(what, address, bytes))) ||
		RT_UNLIKELY(rt_operations_have(site.pc - 1)))
		return false;
	return rt_access_walked((const void *)address, bytes, kind_of(what, address), &site);
}

__attribute__((used)) void rt_slow_long(const struct rt_slow_frame *frame)
{
	uintptr_t address;
	size_t bytes = bytes_of(frame, &address);
	if (RT_UNLIKELY(rt_slow_behind(frame)->what & RT_WHAT_SPREAD))
		spread_long(frame);
	else
		access_long(frame, address, bytes);
}

/* ---- atomic changes ---- */

static void set_phase(enum rt_slow_phase phase)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	*(volatile uint64_t *)&rt_slots.phase = phase;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static const void *code_of(const struct rt_slow_behind *behind)
{
	const struct rt_spread_how *how = (const struct rt_spread_how *)(behind + 1);
	return behind->what & RT_WHAT_SPREAD ? how + 1 : how;
}

/* Of what is changed: of a bit with a number, not the operand's. */
static uintptr_t object_of(const struct rt_slow_frame *frame)
{
	struct rt_spread_walk walk;
	uintptr_t address = rt_slots.address;
	size_t bytes;
	if (rt_slow_behind(frame)->what & RT_WHAT_SPREAD) {
		rt_spread_begin(&walk, frame);
		rt_spread_next(&walk, &address, &bytes);
	}
	return address;
}

static bool change(void *argument)
{
	struct rt_slow_frame *frame = argument;
	const struct rt_slow_behind *behind = rt_slow_behind(frame);
	uint64_t *reg = &frame->reg[behind->what >> RT_WHAT_REG_SHIFT];
	rt_slots.kept = *reg;
	set_phase(RT_SLOW_RUNS);
	*reg = rt_slots.address;
	rt_slow_run(frame, code_of(behind));
	*reg = rt_slots.kept;
	set_phase(RT_SLOW_AFTER);
	return !(behind->what & RT_WHAT_COMPARES) || frame->flags & FLAG_ZF;
}

/* Signals that arrive between the change and the end of its bookkeeping come afterwards. */
static void change_outside(struct rt_slow_frame *frame)
{
	change(frame);
	if (RT_LIKELY(!rt_slots.held))
		return;
	rt_slots.held = false;
	rt_sys_signal_mask(RT_SIG_SETMASK, rt_slots.mask, NULL);
}

__attribute__((used)) void rt_slow_atomic(struct rt_slow_frame *frame)
{
	size_t bytes = rt_slow_behind(frame)->what & RT_WHAT_BYTES;
	uintptr_t object = object_of(frame);
	bool told = rt_watching && !is_at_end(frame) && !rt_single_skips(object, bytes);
	struct rt_thread *self = told ? rt_enter() : NULL;
	if (!self) {
		change_outside(frame);
		return;
	}
	struct rt_site site = site_of(frame);
	uint32_t what = rt_slow_behind(frame)->what;
	bool is_quiet = what & RT_WHAT_ORDERS;
	enum rt_atomic_kind kind = what & RT_WHAT_TALLY ? RT_ATOMIC_TALLY : RT_ATOMIC_CHANGE;
	rt_infer_changed(self, &site, object, bytes);
	self->ignore_accesses += is_quiet;
	rt_atomic(self, &site, (const void *)object, bytes, kind, RT_ORDER_SEQ_CST, RT_ORDER_SEQ_CST, change,
		frame);
	self->ignore_accesses -= is_quiet;
	rt_leave(self);
}
