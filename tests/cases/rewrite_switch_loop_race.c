// A state machine, as decoders are: a switch in a loop, round which control goes without a change where the switch has no such case.
// It waits for nothing, so that its state is a variable like others.
// compilers: gcc clang clang-19
#include "pair.h"

/* void run(unsigned *state, int rounds), as gcc 12 makes it of
 *
 *	while (rounds > 0)
 *		switch (*state) {
 *		case 0: *state = 1; break;
 *		case 1: *state = 0; rounds--; break;
 *		}
 */
__asm__(".text\n"
	".type run, @function\n"
	"run:\n"
	"	.cfi_startproc\n"
	"1:	testl %esi, %esi\n"
	"	jle 4f\n"
	"	cmpl $1, (%rdi)\n"
	"	ja 1b\n"
	"	movl (%rdi), %eax\n"
	"	leaq 5f(%rip), %rdx\n"
	"	movslq (%rdx,%rax,4), %rax\n"
	"	addq %rdx, %rax\n"
	"	jmp *%rax\n"
	"2:	movl $1, (%rdi)\n"
	"	jmp 1b\n"
	"3:	movl $0, (%rdi)\n"
	"	subl $1, %esi\n"
	"	jmp 1b\n"
	"4:	ret\n"
	"	.cfi_endproc\n"
	"	.size run, . - run\n"
	"	.section .rodata\n"
	"	.balign 4\n"
	"5:	.long 2b - 5b, 3b - 5b\n"
	"	.text\n");

void run(unsigned *state, int rounds);

static unsigned state;

static void *other(void *argument)
{
	gate_wait(argument, 1);
	return state ? argument : NULL; // race: race-data state
}

int main(void)
{
	struct gate gate = {0};
	pthread_t thread;
	pthread_create(&thread, NULL, other, &gate);
	run(&state, 4); // race: race-data state
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	return 0;
}
