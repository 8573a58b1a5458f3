/* rt_trial_run(rdi: struct rt_trial *), see trial.h. */
#include "trial.h"

	.local	trial
	.comm	trial, 8, 8
	.local	result
	.comm	result, 8, 8

	.text
	.hidden	rt_trial_run
	.globl	rt_trial_run
	.type	rt_trial_run, @function
	.p2align 4
rt_trial_run:
	.irp	register, rbx, rbp, r12, r13, r14, r15
	pushq	%\register
	.endr
	movq	%rdi, trial(%rip)
	movq	%rsp, TRIAL_HOST(%rdi)
	fxsave64 TRIAL_KEPT(%rdi)
	fxrstor64 TRIAL_VECTORS(%rdi)
	movq	32(%rdi), %rsp
	leaq	1f(%rip), %rax
	movq	%rax, (%rsp)
	pushq	TRIAL_CODE(%rdi)	/* below it, where the code finds nothing */
	pushq	TRIAL_FLAGS(%rdi)
	popfq
	movq	(%rdi), %rax
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	movq	24(%rdi), %rbx
	movq	40(%rdi), %rbp
	movq	48(%rdi), %rsi
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	movq	(8 * \n)(%rdi), %r\n
	.endr
	movq	56(%rdi), %rdi
	ret				/* to the code, rsp is what was given */

1:	movq	%rdi, result(%rip)
	movq	trial(%rip), %rdi
	movq	%rsp, 32(%rdi)
	movq	TRIAL_HOST(%rdi), %rsp
	pushfq
	popq	TRIAL_FLAGS(%rdi)
	cld
	movq	%rax, (%rdi)
	movq	%rcx, 8(%rdi)
	movq	%rdx, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	%rbp, 40(%rdi)
	movq	%rsi, 48(%rdi)
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	movq	%r\n, (8 * \n)(%rdi)
	.endr
	movq	result(%rip), %rax
	movq	%rax, 56(%rdi)
	fxsave64 TRIAL_VECTORS(%rdi)
	fxrstor64 TRIAL_KEPT(%rdi)
	.irp	register, r15, r14, r13, r12, rbp, rbx
	popq	%\register
	.endr
	ret
	.size	rt_trial_run, . - rt_trial_run

	.section .note.GNU-stack, "", @progbits
