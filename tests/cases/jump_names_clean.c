/* The other names of longjmp. */
#include "pair.h"

#include <setjmp.h>

static __thread jmp_buf back;

/* As the fortified headers call it. */
extern void __longjmp_chk(struct __jmp_buf_tag *buffer, int value) __attribute__((noreturn));

static void run(void)
{
	volatile int rounds = 0;
	if (_setjmp(back) == 0)
		_longjmp(back, 1);
	if (_setjmp(back) == 0)
		__longjmp_chk(back, 1);
	if (_setjmp(back) == 0)
		longjmp(back, 1);
	while (rounds++ < 3)
		if (_setjmp(back) == 0)
			siglongjmp(back, 1);
}

int main(void)
{
	pair_run(run, run);
	return 0;
}
