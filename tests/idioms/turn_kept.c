// Slots that say whose turn it is, waited for by a loop that yields after some rounds, as gcc makes it where registers are few: what it
// waits for is kept in the frame over the call, and has nothing to do with how often it looked.
#include "../idiom.h"

enum { SLOTS = 4 };

struct slot {
	_Alignas(64) atomic_uint turn;
	long value;
};

static struct slot slots[SLOTS];

/* Until *turn == wanted. */
void wait_turn(atomic_uint *turn, unsigned wanted);
__asm__(".pushsection .text\n"
	".type wait_turn, @function\n"
	"wait_turn:\n"
	".cfi_startproc\n"
	"	push %rbx\n"
	".cfi_adjust_cfa_offset 8\n"
	"	sub $16, %rsp\n"
	".cfi_adjust_cfa_offset 16\n"
	"	mov %rdi, %rbx\n"
	"	mov %esi, %ecx\n"
	"	xor %edx, %edx\n"
	"	jmp 2f\n"
	"1:	add $1, %edx\n"
	"2:	mov (%rbx), %eax\n"
	"	cmp %eax, %ecx\n"
	"	je 3f\n"
	"	cmp $20, %edx\n"
	"	jle 1b\n"
	"	mov %edx, 8(%rsp)\n"
	"	mov %ecx, (%rsp)\n"
	"	call sched_yield@plt\n"
	"	mov 8(%rsp), %edx\n"
	"	mov (%rsp), %ecx\n"
	"	jmp 1b\n"
	"3:	add $16, %rsp\n"
	".cfi_adjust_cfa_offset -16\n"
	"	pop %rbx\n"
	".cfi_adjust_cfa_offset -8\n"
	"	ret\n"
	".cfi_endproc\n"
	".size wait_turn, . - wait_turn\n"
	".popsection");

static void *give(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct slot *slot = &slots[i % SLOTS];
		wait_turn(&slot->turn, (unsigned)(i / SLOTS) * 2);
		if (!BROKEN)
			slot->value = i;
		STORE(&slot->turn, (unsigned)(i / SLOTS) * 2 + 1, release);
		if (BROKEN)
			slot->value = i;
	}
	return x;
}

static void *take(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		struct slot *slot = &slots[i % SLOTS];
		wait_turn(&slot->turn, (unsigned)(i / SLOTS) * 2 + 1);
		sum += slot->value;
		STORE(&slot->turn, (unsigned)(i / SLOTS) * 2 + 2, release);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(give, take);
	return 0;
}
