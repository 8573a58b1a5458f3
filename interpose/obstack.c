/* Obstacks: what the C library does to them. It gets and gives back chunks by functions of the program's. */
#include "wrap.h"

int rt_wrap__obstack_begin(
	struct obstack *stack, int size, int alignment, void *(*get)(long), void (*put)(void *))
{
	int result = rt_real._obstack_begin(stack, size, alignment, get, put);
	RT_TELL(_obstack_begin, RT_WRITES(stack, sizeof(*stack)));
	return result;
}

/* The object that grows goes on in another chunk; the one that it leaves may be given back. */
void rt_wrap__obstack_newchunk(struct obstack *stack, int bytes)
{
	RT_TELL(_obstack_newchunk,
		RT_READS(stack->object_base, (size_t)(stack->next_free - stack->object_base)));
	rt_real._obstack_newchunk(stack, bytes);
	RT_TELL(_obstack_newchunk, {
		RT_WRITES(stack->object_base, (size_t)(stack->next_free - stack->object_base));
		RT_WRITES(stack, sizeof(*stack));
	});
}
