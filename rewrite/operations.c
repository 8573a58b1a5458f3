#include "operations.h"

#include "bytes.h"
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

/* Others may be looking at it: it stays. */
void rt_operations_forget(uintptr_t module)
{
	for (const struct rt_operations *of = rt_operations; of; of = of->next)
		if (of->module == module)
			__atomic_store_n(&((struct rt_operations *)of)->bytes, 0, __ATOMIC_RELAXED);
}
