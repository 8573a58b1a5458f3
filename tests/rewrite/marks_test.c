/* The filter in front of sync variables: it knows every variable that was marked, and tells nearly all other memory from them
 * where a heap has a quarter of a million, lying close together or far from each other. Were it full every access would go the
 * long way, which no program's output shows. */
#include "shadow/infer.h"

#include <stdio.h>
#include <string.h>

enum { VARIABLES = 1 << 18, PERCENT_MOST = 10 };

static const uintptr_t heap = 0x7f1234560000;

/* How many in a hundred granules beside the variables, and far from them, are taken for marked; 100: a variable was not. */
static unsigned percent_marked(uintptr_t stride)
{
	unsigned marked = 0;
	memset(rt_infer_marks, 0, sizeof(rt_infer_marks));
	for (uintptr_t i = 0; i < VARIABLES; i++)
		rt_infer_set_mark(rt_infer_mark(heap + i * stride));
	for (uintptr_t i = 0; i < VARIABLES; i++) {
		uintptr_t variable = heap + i * stride;
		if (!rt_infer_is_marked(variable) || !rt_infer_is_marked(variable + 7))
			return 100;
		marked += rt_infer_is_marked(variable + 8);
		marked += rt_infer_is_marked(variable - VARIABLES * stride + 8);
	}
	return (unsigned)(100ull * marked / (2 * VARIABLES));
}

int main(void)
{
	static const uintptr_t strides[] = {16, 24, 40, 4096, 4104, 1 << 16};
	for (unsigned i = 0; i < sizeof(strides) / sizeof(strides[0]); i++) {
		unsigned percent = percent_marked(strides[i]);
		if (percent > PERCENT_MOST) {
			printf("variables %lu bytes apart: %u%% of other memory is taken for them\n",
				(unsigned long)strides[i], percent);
			return 1;
		}
	}
	printf("%d variables, at most %d%% of other memory is taken for them\n", VARIABLES, PERCENT_MOST);
	return 0;
}
