/* For the cases rewrite_parts_*: atomic instructions, and plain moves to parts of what they change. */
#ifndef RACETRACK_TESTS_PARTS_H
#define RACETRACK_TESTS_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "gate.h"

static struct gate given;

static struct pair {
	void *pointer;
	uint64_t tag;
} __attribute__((aligned(16))) pair;

static void publish_pair(void *pointer)
{
	void *low = 0;
	uint64_t high = 0;
	__asm__ volatile("lock cmpxchg16b %0"
			 : "+m"(pair), "+a"(low), "+d"(high)
			 : "b"(pointer), "c"((uint64_t)1)
			 : "memory", "cc");
}

static uint64_t second_half(void)
{
	return __atomic_load_n(&pair.tag, __ATOMIC_ACQUIRE);
}

/* The lower half: the next ticket; the upper one: whose turn it is. */
static union {
	uint32_t whole;
	uint16_t half[2];
} ticket;

static void take_ticket(void)
{
	uint32_t before = __atomic_fetch_add(&ticket.whole, 1, __ATOMIC_ACQUIRE);
	uint16_t turn = before >> 16;
	while (turn != (uint16_t)before)
		turn = __atomic_load_n(&ticket.half[1], __ATOMIC_ACQUIRE);
}

static void leave_half(void)
{
	__atomic_store_n(&ticket.half[1], (uint16_t)(ticket.half[1] + 1), __ATOMIC_RELEASE);
}

__attribute__((used)) static uint64_t changes;

static uint64_t changed(void)
{
	return __atomic_load_n(&changes, __ATOMIC_ACQUIRE);
}

/* The call returns to two bytes in the midst of others that are all run: a jump there would lead out of reach. */
void change_behind_return(void);
__asm__(".text\n"
	".globl change_behind_return\n"
	".type change_behind_return, @function\n"
	"change_behind_return:\n"
	".cfi_startproc\n"
	"	push %rbx\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbx, -16\n"
	"	xor %ebx, %ebx\n"
	"	.fill 140, 1, 0x90\n"
	"1:	mov $1, %al\n"
	"	test %ebx, %ebx\n"
	"	jne 2f\n"
	"	inc %ebx\n"
	"	call nothing_done\n"
	"	jmp 1b\n"
	"2:	.fill 140, 1, 0x90\n"
	"	mov %ebx, %eax\n"
	"	lock xadd %rax, changes(%rip)\n"
	"	pop %rbx\n"
	".cfi_def_cfa_offset 8\n"
	"	ret\n"
	".cfi_endproc\n"
	".size change_behind_return, . - change_behind_return\n");

__attribute__((used, noinline)) static void nothing_done(void)
{
	__asm__ volatile("");
}

static void run_both(void *(*give)(void *), void *(*take)(void *), void *argument)
{
	pthread_t threads[2];
	pthread_create(&threads[0], 0, give, 0);
	pthread_create(&threads[1], 0, take, argument);
	pthread_join(threads[0], 0);
	pthread_join(threads[1], 0);
}

#endif
