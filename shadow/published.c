#include "published.h"

#include "arena.h"
#include "context.h"
#include "counters.h"
#include "fault.h"
#include "finding.h"
#include "module.h"
#include "object.h"
#include "shared_range.h"
#include "space.h"

enum { UNIT = 16, STACK_TRIES = 256, MODULES_KEPT = 1024 };

/* Of this process, by context: the mapping where it was published last, in the upper half, and as which stack. */
static uint64_t *known;

/* Modules of the image that are in the session. */
struct span {
	uint64_t low, high;
	uint64_t file; /* the same for the same file anywhere */
};

static struct {
	struct rt_spin spin;
	struct span spans[MODULES_KEPT];
	uint32_t span_count;
	union {
		struct rt_session_stack stack;
		char bytes[sizeof(struct rt_session_stack) + RT_SESSION_FRAMES * sizeof(uint64_t)];
	} fresh;
} published RT_SPARSE;

static uint32_t own_image(void)
{
	return rt_session.image;
}

/* ---- modules ---- */

static void publish_module(const struct rt_module_image *image)
{
	struct rt_session_tables *tables = rt_session.tables;
	for (uint32_t i = 0; i < published.span_count; i++)
		if (published.spans[i].low == image->low && published.spans[i].high == image->high)
			return;
	uint32_t index = rt_session_take(&tables->header.modules, RT_SESSION_MODULES, 1);
	if (index == RT_SESSION_MODULES || published.span_count == MODULES_KEPT) {
		rt_count(RT_COUNTER_NO_SESSION);
		return;
	}
	uint64_t file = image->build_id_bytes;
	for (uint32_t i = 0; i < image->build_id_bytes; i++)
		file = rt_hash64(file ^ image->build_id[i]);
	for (const char *at = image->path; !image->build_id_bytes && *at; at++)
		file = rt_hash64(file ^ (unsigned char)*at);
	published.spans[published.span_count++] = (struct span){image->low, image->high, file};
	struct rt_session_module *module = &tables->modules[index];
	rt_fault_prevent(module, sizeof(*module));
	module->low = image->low;
	module->high = image->high;
	module->bias = image->bias;
	module->build_id_bytes = image->build_id_bytes;
	rt_bytes_copy(module->build_id, image->build_id, image->build_id_bytes);
	rt_string_copy(module->path, sizeof(module->path), image->path);
	__atomic_store_n(&module->image, own_image() + 1, __ATOMIC_RELEASE);
}

static void publish_modules(void)
{
	rt_finding_lock(); /* whoever looks at modules has it */
	rt_modules_each(publish_module);
	rt_finding_unlock();
}

/* NULL: no module's, as far as is known. */
static const struct span *span_of(uint64_t pc)
{
	for (uint32_t i = 0; i < published.span_count; i++)
		if (pc >= published.spans[i].low && pc < published.spans[i].high)
			return &published.spans[i];
	return NULL;
}

void rt_published_modules(uint32_t image, void (*put)(uint32_t index, const struct rt_session_module *module))
{
	static struct rt_session_module copy; /* findings' lock */
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t count = __atomic_load_n(&tables->header.modules, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < count && i < RT_SESSION_MODULES; i++) {
		rt_fault_prevent(&tables->modules[i], sizeof(copy));
		if (__atomic_load_n(&tables->modules[i].image, __ATOMIC_ACQUIRE) != image + 1)
			continue;
		rt_bytes_copy(&copy, &tables->modules[i], sizeof(copy));
		copy.path[sizeof(copy.path) - 1] = 0;
		bool fits = copy.low < copy.high && copy.high <= (uint64_t)1 << RT_USER_LOG &&
			    copy.build_id_bytes <= sizeof(copy.build_id);
		if (fits)
			put(i, &copy);
	}
}

/* ---- stacks ---- */

/* The stack at a place in the text, and how many frames it has; NULL: there is none. */
static const struct rt_session_stack *stack_at(uint64_t unit, uint32_t *count)
{
	uint64_t room = (uint64_t)1 << RT_SESSION_TEXT_LOG, at = unit * UNIT;
	if (at + sizeof(struct rt_session_stack) > room)
		return NULL;
	const struct rt_session_stack *stack = (const void *)(rt_session.tables->text + at);
	rt_fault_prevent(stack, sizeof(*stack));
	*count = __atomic_load_n(&stack->count, __ATOMIC_RELAXED);
	size_t bytes = sizeof(*stack) + *count * sizeof(uint64_t);
	if (*count > RT_SESSION_FRAMES || at + bytes > room)
		return NULL;
	rt_fault_prevent(stack, bytes);
	return stack;
}

static const struct rt_session_stack *find_stack(uint32_t number, uint32_t *count)
{
	if (!number || number > RT_SESSION_STACKS)
		return NULL;
	rt_fault_prevent(&rt_session.tables->stacks[number - 1], sizeof(uint64_t));
	uint64_t entry = __atomic_load_n(&rt_session.tables->stacks[number - 1], __ATOMIC_ACQUIRE);
	return (uint32_t)entry ? stack_at((uint32_t)entry - 1, count) : NULL;
}

struct rt_published rt_published_read(uint32_t number)
{
	uint32_t count;
	const struct rt_session_stack *stack = find_stack(number, &count);
	uint32_t image = stack ? __atomic_load_n(&stack->image, __ATOMIC_RELAXED) : RT_SESSION_PROCESSES;
	if (image >= RT_SESSION_PROCESSES)
		return (struct rt_published){0};
	uint8_t kind = __atomic_load_n(&stack->kind, __ATOMIC_RELAXED),
		class = __atomic_load_n(&stack->class, __ATOMIC_RELAXED);
	return (struct rt_published){.hash = stack->hash,
		.image = image,
		.mapping = stack->mapping,
		.kind = kind < RT_KIND_COUNT ? (enum rt_access_kind)kind : RT_READ,
		.class = class < RT_CLASS_COUNT ? (enum rt_class) class : RT_CLASS_DATA,
		.count = count};
}

uint32_t rt_published_frames(uint32_t number, uint64_t *pcs)
{
	uint32_t count = 0;
	const struct rt_session_stack *stack = find_stack(number, &count);
	for (uint32_t i = 0; stack && i < count; i++)
		pcs[i] = __atomic_load_n(&stack->pcs[i], __ATOMIC_RELAXED);
	return stack ? count : 0;
}

static void put_pc(void *argument, uint64_t pc)
{
	struct rt_session_stack *stack = argument;
	if (stack->count < RT_SESSION_FRAMES)
		stack->pcs[stack->count++] = pc;
}

/* The context's stack in published.fresh. */
static void describe(rt_ctx_t context, uint32_t mapping)
{
	struct rt_session_stack *stack = &published.fresh.stack;
	bool leaf = rt_context_is_leaf(context), modules = true;
	*stack = (struct rt_session_stack){.image = own_image(),
		.mapping = mapping,
		.kind = leaf ? (uint8_t)rt_context_kind(context) : RT_READ,
		.class = leaf ? (uint8_t)rt_context_class(context) : RT_CLASS_DATA};
	rt_context_frames(context, put_pc, stack);
	for (uint32_t i = 0; i < stack->count; i++)
		modules = modules && (stack->pcs[i] < RT_PC_FUNCTIONS || span_of(stack->pcs[i]));
	if (!modules)
		publish_modules();
	stack->hash = rt_hash64(stack->kind);
	for (uint32_t i = 0; i < stack->count; i++) {
		const struct span *span = span_of(stack->pcs[i]);
		stack->hash = rt_hash64(
			stack->hash ^ (span ? (stack->pcs[i] - span->low) ^ span->file : stack->pcs[i]));
	}
}

static bool is_same(
	const struct rt_session_stack *there, uint32_t count, const struct rt_session_stack *fresh)
{
	return there->hash == fresh->hash && there->image == fresh->image &&
	       there->mapping == fresh->mapping && count == fresh->count &&
	       rt_bytes_equal(there->pcs, fresh->pcs, count * sizeof(uint64_t));
}

/* Its place in the text, in units and one; 0: no room. */
static uint32_t write_stack(const struct rt_session_stack *fresh)
{
	uint64_t *given = &rt_session.tables->header.text, room = (uint64_t)1 << RT_SESSION_TEXT_LOG;
	uint64_t bytes = sizeof(*fresh) + fresh->count * sizeof(uint64_t),
		 whole = (bytes + UNIT - 1) & ~(uint64_t)(UNIT - 1);
	uint64_t at = __atomic_load_n(given, __ATOMIC_RELAXED);
	do {
		if (at > room || room - at < whole || at % UNIT)
			return 0;
	} while (!__atomic_compare_exchange_n(
		given, &at, at + whole, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	rt_fault_prevent(rt_session.tables->text + at, bytes);
	rt_bytes_copy(rt_session.tables->text + at, fresh, bytes);
	return (uint32_t)(at / UNIT + 1);
}

/* Whoever comes first with a stack gives it its number. */
static uint32_t number_of(const struct rt_session_stack *fresh)
{
	uint64_t *stacks = rt_session.tables->stacks;
	uint32_t high = (uint32_t)(fresh->hash >> 32), written = 0, count;
	uint32_t first = (uint32_t)rt_hash64(fresh->hash ^ fresh->mapping ^ (uint64_t)fresh->image << 32);
	for (uint32_t i = 0; i < STACK_TRIES; i++) {
		uint32_t index = (first + i) % RT_SESSION_STACKS;
		rt_fault_prevent(&stacks[index], sizeof(*stacks));
		uint64_t there = __atomic_load_n(&stacks[index], __ATOMIC_ACQUIRE);
		if (!there) {
			if (!written && !(written = write_stack(fresh)))
				return 0;
			uint64_t mine = (uint64_t)high << 32 | written;
			if (__atomic_compare_exchange_n(
				    &stacks[index], &there, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
				return index + 1;
		}
		const struct rt_session_stack *stack =
			there >> 32 == high ? stack_at((uint32_t)there - 1, &count) : NULL;
		if (stack && is_same(stack, count, fresh))
			return index + 1;
	}
	return 0;
}

static RT_COLD uint32_t publish(rt_ctx_t context, uint32_t mapping)
{
	size_t bytes;
	rt_spin_lock(&published.spin);
	if (!known)
		known = rt_reserve(
			RT_CONTEXT_MOST * sizeof(*known), RT_CONTEXT_MOST * sizeof(*known), &bytes);
	describe(context, mapping);
	uint32_t number = number_of(&published.fresh.stack);
	if (number && known)
		__atomic_store_n(&known[context], (uint64_t)mapping << 32 | number, __ATOMIC_RELAXED);
	rt_session_keep_image();
	rt_spin_unlock(&published.spin);
	if (!number)
		rt_count(RT_COUNTER_NO_SESSION);
	return number;
}

uint32_t rt_published_stack(rt_ctx_t context, uint32_t mapping)
{
	uint64_t there = known ? __atomic_load_n(&known[context], __ATOMIC_RELAXED) : 0;
	return there && there >> 32 == mapping ? (uint32_t)there : publish(context, mapping);
}

void rt_published_forking(void)
{
	struct rt_shared_range range;
	uint32_t some = 64;
	if (!rt_shared_count)
		return;
	rt_session_keep();
	for (uintptr_t at = 0; some-- && rt_shared_next(at, UINTPTR_MAX, &range); at = range.high)
		rt_shared_publish_mapping(&range);
	rt_spin_lock(&published.spin);
	if (!published.span_count)
		publish_modules();
	rt_spin_unlock(&published.spin);
}
