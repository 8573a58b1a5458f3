#include "operations.h"

#include "bytes.h"
#include "decode.h"
#include "shadow/engine.h"

const struct rt_operations *rt_operations;

static struct rt_operations *find(uintptr_t text)
{
	for (const struct rt_operations *of = rt_operations; of; of = of->next)
		if (of->text == text && of->bytes)
			return (struct rt_operations *)of;
	return NULL;
}

static struct rt_operations *make(const struct rt_module *module)
{
	const struct rt_code *text = &module->text;
	size_t words = text->bytes / 64 + 2; /* see bits.h */
	struct rt_operations *of = rt_alloc(sizeof(*of) + words * sizeof(of->bits[0]));
	if (!of)
		return NULL;
	*of = (struct rt_operations){rt_operations, module->whole.low, text->start, text->bytes};
	rt_bytes_zero(of->bits, words * sizeof(of->bits[0]));
	__atomic_store_n(&rt_operations, of, __ATOMIC_RELEASE);
	return of;
}

void rt_operations_add(const struct rt_module *module, uintptr_t from, size_t bytes)
{
	const struct rt_code *text = &module->text;
	uintptr_t at = from - text->start;
	if (at >= text->bytes || bytes > text->bytes - at)
		return;
	struct rt_operations *of = find(text->start);
	if (!of)
		of = make(module);
	for (size_t i = 0; of && i < bytes; i++)
		rt_bit_set(of->bits, (uint32_t)(at + i));
}

/* How likely it is to be the move; 0: it is none. */
static unsigned rank_of(const struct rt_insn *insn, bool stores)
{
	const struct rt_memory *memory = &insn->memory[0];
	if (insn->memories != 1 || insn->flow != RT_FLOW_NEXT || memory->form != RT_FORM_PLAIN ||
		memory->write != stores || memory->read == stores || memory->bytes > sizeof(uint64_t))
		return 0;
	return memory->base == RT_RSP ? 1 : memory->base == RT_RBP ? 2 : 3; /* of the frame are the others */
}

void rt_operations_add_move(const struct rt_module *module, uintptr_t from, size_t bytes, bool stores)
{
	const struct rt_code *text = &module->text;
	uintptr_t start = from - text->start;
	struct rt_insn insn, move = {.bytes = 0};
	unsigned best = 1;
	if (start >= text->bytes || bytes > text->bytes - start)
		return;
	for (uint32_t at = (uint32_t)start, end = at + (uint32_t)bytes; at < end; at += insn.bytes) {
		if (!rt_decode(text, at, text->bytes, &insn))
			break;
		unsigned rank = rank_of(&insn, stores);
		if (rank >= best) {
			best = rank;
			rt_insn_copy(&move, &insn);
		}
	}
	if (move.bytes)
		rt_operations_add(module, text->start + move.offset, move.bytes);
}

/* Others may be looking at it: it stays. */
void rt_operations_forget(uintptr_t module)
{
	for (const struct rt_operations *of = rt_operations; of; of = of->next)
		if (of->module == module)
			__atomic_store_n(&((struct rt_operations *)of)->bytes, 0, __ATOMIC_RELAXED);
}
