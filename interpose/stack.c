/* Each thread remembers the stack it walked last, outermost frame first, with the context of every frame. What decides
 * the rest of a walk from a frame on is its (pc, rsp, rbp) and the stack words that hold the return addresses and saved
 * rbps, and the CFAs of realigned frames, further out. So a new walk goes from the innermost frame only until it meets a remembered frame in the same
 * state, all of whose outer words are still what they were: from there on it would find the same frames. This is exact,
 * and a walk costs the frames that changed since the last one plus two loads for each that did not. */
#include "stack.h"

#include "cfi.h"
#include "shadow/context.h"
#include "shadow/process.h"
#include "shadow/sys.h"

enum by { BY_SP, BY_BP, BY_MEMORY /* as well */ };
enum { RECALLED = 2 /* frames: the site's, and the caller's */ };

struct walk {
	uintptr_t pc, sp, bp;
	uintptr_t bp_slot;   /* where bp came from */
	uintptr_t sp_slot;   /* where sp came from, 0: from a register */
	uintptr_t low, high; /* memory that may be read directly */
	uint64_t *copy;      /* of a page of a stack that is not the thread's own, NULL: none yet */
	uintptr_t page;      /* which, 0: none */
	bool exact;          /* pc is where a signal arrived, no return address */
	uint8_t by;          /* what the last step depended on besides pc: enum by */
	bool foreign;
	uint16_t start; /* lower bits of where the function starts whose frame was left */
};

/* A word of the stack. A stack that is not the thread's own (a fiber's, a signal's) may end anywhere, so it is read by
 * way of the kernel, a page at a time. */
static bool read_word(struct walk *walk, uintptr_t address, uintptr_t *word)
{
	if (address % sizeof(uintptr_t))
		return false;
	if (RT_LIKELY(!walk->foreign)) {
		if (address < walk->low || address + sizeof(*word) > walk->high)
			return false;
		*word = *(const uintptr_t *)address;
		return true;
	}
	uintptr_t page = address & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	if (page != walk->page) {
		walk->page = 0;
		if (!walk->copy)
			walk->copy = rt_alloc(RT_PAGE_BYTES);
		if (!walk->copy || !rt_sys_safe_copy(page, walk->copy, RT_PAGE_BYTES))
			return false;
		walk->page = page;
	}
	*word = walk->copy[(address - page) / sizeof(uintptr_t)];
	return true;
}

static bool step_signal(struct walk *walk, int32_t offset)
{
	/* struct ucontext: flags, link, stack (24), then the registers; see <sys/ucontext.h>. */
	enum { REGISTERS = 40, BP = 10 * 8, SP = 15 * 8, PC = 16 * 8 };
	uintptr_t context = walk->sp + (uintptr_t)(intptr_t)offset + REGISTERS, sp;
	if (!read_word(walk, context + PC, &walk->pc) || !read_word(walk, context + BP, &walk->bp) ||
		!read_word(walk, context + SP, &sp))
		return false;
	/* A handler on its own stack: the interrupted one is elsewhere. */
	if (sp < walk->low || sp >= walk->high)
		walk->foreign = true;
	walk->sp = sp;
	walk->bp_slot = walk->sp_slot = 0;
	walk->by = BY_MEMORY;
	walk->exact = true;
	return true;
}

/* Code without unwind information may still keep a frame pointer. */
static bool step_frame_pointer(struct walk *walk)
{
	uintptr_t bp = walk->bp, next_bp, pc;
	if (bp < walk->sp || !read_word(walk, bp, &next_bp) || !read_word(walk, bp + 8, &pc))
		return false;
	if (rt_cfi_rule(pc - 1).kind == RT_FRAME_UNKNOWN)
		return false;
	walk->bp_slot = bp;
	walk->sp_slot = 0;
	walk->bp = next_bp;
	walk->by = BY_MEMORY;
	walk->pc = pc;
	walk->sp = bp + 16;
	walk->exact = false;
	return true;
}

/* From a frame to its caller. False: there is none. */
static bool step(struct walk *walk)
{
	struct rt_frame_rule rule = rt_cfi_rule(walk->exact ? walk->pc : walk->pc - 1);
	uintptr_t cfa, pc, cfa_slot = 0, bp_base;
	walk->start = (uint16_t)rule.start;
	switch (rule.kind) {
	case RT_FRAME_SP:
		cfa = walk->sp + (uintptr_t)(intptr_t)rule.cfa_offset;
		break;
	case RT_FRAME_BP:
		cfa = walk->bp + (uintptr_t)(intptr_t)rule.cfa_offset;
		break;
	case RT_FRAME_BP_MEMORY:
	case RT_FRAME_REALIGNED:
		cfa_slot = walk->bp + (uintptr_t)(intptr_t)rule.cfa_offset;
		if (!read_word(walk, cfa_slot, &cfa) || cfa - cfa_slot > UINT32_MAX)
			return false;
		break;
	case RT_FRAME_SIGNAL:
		return step_signal(walk, rule.cfa_offset);
	case RT_FRAME_END:
		return false;
	default:
		return step_frame_pointer(walk);
	}
	if (cfa <= walk->sp || !read_word(walk, cfa - 8, &pc) || !pc)
		return false;
	walk->by = cfa_slot ? BY_MEMORY : rule.kind == RT_FRAME_SP ? BY_SP : BY_BP;
	walk->sp_slot = cfa_slot;
	walk->bp_slot = 0;
	bp_base = rule.kind == RT_FRAME_REALIGNED ? walk->bp : cfa;
	if (rule.bp_offset || rule.kind == RT_FRAME_REALIGNED) {
		walk->bp_slot = bp_base + (uintptr_t)(intptr_t)rule.bp_offset;
		if (!read_word(walk, walk->bp_slot, &walk->bp))
			return false;
	}
	walk->pc = pc;
	walk->sp = cfa;
	walk->exact = false;
	return true;
}

static uint32_t depth_limit(void)
{
	return (uint32_t)rt_options.stack_depth;
}

/* Room for two stacks: the remembered one at the front, the new frames at the back. */
static bool make_room(struct rt_thread *self)
{
	if (RT_LIKELY(self->stack_room))
		return true;
	uint32_t room = 2 * depth_limit();
	if (!self->known_frames)
		self->known_frames = rt_alloc(RT_KNOWN_FRAMES * sizeof(*self->known_frames));
	self->stack = self->known_frames ? rt_alloc(room * sizeof(*self->stack)) : NULL;
	self->stack_room = self->stack ? room : 0;
	return self->stack;
}

/* How many of the first `most` remembered frames still stand as they were, counted from the outermost. */
static uint32_t count_standing(const struct rt_thread *self, uint32_t most, uintptr_t sp)
{
	uint32_t count = 0;
	for (; count < most; count++) {
		const struct rt_stack_frame *frame = &self->stack[count];
		if (frame->cfa < sp || *(const uintptr_t *)(frame->cfa - 8) != frame->pc)
			break;
		if (frame->bp_slot && *(const uintptr_t *)frame->bp_slot != frame->bp)
			break;
		if (RT_UNLIKELY(frame->cfa_below) &&
			*(const uintptr_t *)(frame->cfa - frame->cfa_below) != frame->cfa)
			break;
	}
	return count;
}

static void take_frame(struct rt_stack_frame *frame, const struct walk *walk)
{
	*frame = (struct rt_stack_frame){.cfa = walk->sp,
		.pc = walk->pc,
		.bp_slot = walk->bp_slot,
		.bp = walk->bp,
		.cfa_below = walk->sp_slot ? (uint32_t)(walk->sp - walk->sp_slot) : 0};
}

/* Gives frames [0, count), outermost first, their contexts below `context`; the last one's. */
static rt_ctx_t intern(struct rt_stack_frame *frames, uint32_t count, rt_ctx_t context)
{
	for (uint32_t i = 0; i < count; i++) {
		rt_ctx_t child = rt_context_child(context, frames[i].pc);
		context = child ? child : context; /* no room: a shorter stack is better than none */
		frames[i].context = context;
	}
	return context;
}

/* step, and where the frame ends that it leaves, which mostly is what it was the last time that these registers were seen here. */
static bool step_known(const struct rt_thread *self, struct walk *walk)
{
	struct rt_known_frame *known = &self->known_frames[(walk->pc ^ walk->pc >> 8) % RT_KNOWN_FRAMES];
	uint32_t generation = __atomic_load_n(&rt_cfi_generation, __ATOMIC_RELAXED);
	uintptr_t pc = walk->pc, sp = walk->sp, bp = walk->bp;
	if (RT_UNLIKELY(walk->exact || walk->foreign))
		return step(walk);
	if (RT_LIKELY(known->pc == pc && known->sp == sp && known->bp == bp &&
		      known->generation == generation)) {
		walk->sp = known->cfa;
		walk->pc = *(const uintptr_t *)(known->cfa - 8);
		walk->bp_slot = known->bp_slot;
		walk->sp_slot = 0;
		walk->bp = known->bp_slot ? *(const uintptr_t *)known->bp_slot : bp;
		walk->start = known->start;
		walk->by = known->by;
		return walk->pc != 0;
	}
	if (!step(walk))
		return false;
	if (walk->by != BY_MEMORY)
		*known = (struct rt_known_frame){
			pc, sp, bp, walk->sp, walk->bp_slot, generation, walk->start, walk->by};
	return true;
}

/* The context of a remembered frame in whose state the walk is, of the first *match ones; 0: there is none. */
static rt_ctx_t find_remembered(
	const struct rt_thread *self, const struct walk *walk, uint32_t *match, uintptr_t sp)
{
	for (;;) {
		while (*match && self->stack[*match - 1].cfa < walk->sp)
			--*match;
		const struct rt_stack_frame *known = *match ? &self->stack[*match - 1] : NULL;
		if (!known || known->cfa != walk->sp || known->pc != walk->pc || known->bp != walk->bp ||
			walk->exact)
			return 0;
		uint32_t standing = count_standing(self, *match, sp);
		if (standing == *match)
			return known->context;
		*match = standing;
	}
}

/* The next walk can rely on the new frames, and on the `match` ones that stand. */
static void remember(
	struct rt_thread *self, const struct rt_stack_frame *frames, uint32_t count, uint32_t match)
{
	uint32_t most = depth_limit() - match, kept = count < most ? count : most;
	for (uint32_t i = 0; i < kept; i++)
		self->stack[match + i] = frames[i];
	self->stack_count = match + kept;
}

/* Of a function that is running, remembered by itself. */
static rt_ctx_t find_activation(struct rt_thread *self, const struct walk *walk)
{
	if (walk->exact || walk->foreign)
		return 0;
	rt_ctx_t path = rt_activation_of(self, walk->sp, walk->start, walk->pc);
	return path ? path : rt_activation_recall(self, walk->sp, walk->start, walk->pc);
}

static struct walk walk_from(const struct rt_thread *self, const struct rt_site *site)
{
	return (struct walk){
		.pc = site->pc, .sp = site->sp, .bp = site->bp, .low = site->sp, .high = self->stack_high};
}

/* Not past a signal's frame: what lies below the stack pointer that it interrupted may be the function's. */
uintptr_t rt_stack_cfa(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	enum { FRAMES_MOST = 64 };
	struct walk walk = walk_from(self, site);
	if (!self->known_frames)
		return 0;
	for (uint32_t n = 0; n < FRAMES_MOST; n++)
		if (!step_known(self, &walk) || walk.exact)
			return 0;
		else if (walk.sp > address)
			return walk.sp;
	return 0;
}

void rt_stack_walk(struct rt_thread *self, struct rt_site *site, struct rt_caller *caller)
{
	struct walk walk = walk_from(self, site);
	walk.foreign = walk.sp < self->stack_low || walk.sp >= self->stack_high;
	if (!make_room(self))
		return;
	uint32_t limit = depth_limit(), match = walk.foreign ? 0 : self->stack_count;
	struct rt_stack_frame *end = self->stack + self->stack_room, *first = end;
	bool whole = false, keep = !walk.foreign;
	rt_ctx_t base = 0;
	while (!whole && first > end - limit + 1) {
		base = find_remembered(self, &walk, &match, site->sp);
		if ((whole = base))
			break;
		if (walk.exact) { /* marked by a pseudo frame further in */
			keep = false;
			*--first = (struct rt_stack_frame){.cfa = walk.sp, .pc = RT_PC_EXACT};
		}
		take_frame(--first, &walk);
		if (!step_known(self, &walk)) {
			whole = true;
			match = 0;
		} else if ((base = find_activation(self, &walk))) {
			whole = true;
			keep = false;
			if (walk.by == BY_SP && end - first == RECALLED)
				*caller = (struct rt_caller){rt_activation_where(walk.sp, walk.start), base};
		}
	}
	if (!whole) {
		keep = false;
		base = rt_context_child(0, RT_PC_OMITTED);
	}
	rt_free(walk.copy, RT_PAGE_BYTES);
	uint32_t fresh = (uint32_t)(end - first);
	site->callers = intern(first, fresh, base);
	if (keep)
		remember(self, first, fresh, match);
}
