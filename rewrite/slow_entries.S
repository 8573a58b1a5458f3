/* Between a clone and the slow path: at the call there are the return address, 128 bytes, and the program's stack. All
 * registers go to a struct rt_slow_frame below them. A signal may arrive at any instruction: until the frame is whole and known
 * (rt_slots.frame), and once it is no longer, rt_slow_depths tells how much of it there is. */
#include "slow_layout.h"

/* ---- how much of the frame there is ---- */

	.set	depth, 0
	.set	done, 0

/* From here on. */
	.macro note
98:
	.pushsection .rodata.rt_slow_depths, "a"
	.long	98b - rt_slow_entries, depth + done
	.popsection
	.endm

	.macro pushed
	.cfi_adjust_cfa_offset 8
	.set	depth, depth + 1
	note
	.endm

	.macro popped
	.cfi_adjust_cfa_offset -8
	.set	depth, depth - 1
	note
	.endm

	.macro push_all registers:vararg
	.irp	register, \registers
	pushq	%\register
	.cfi_rel_offset %\register, -8
	pushed
	.endr
	.endm

	.macro pop_all registers:vararg
	.irp	register, \registers
	popq	%\register
	.cfi_restore %\register
	popped
	.endr
	.endm

/* Of a thread-local word, by a register that holds the distance of its object. */
#define SLOT(member, distance) %fs:SLOTS_##member(distance)

	.macro load_slots register
	movq	rt_slots@gottpoff(%rip), %\register
	.endm

/* ---- the frame ---- */

/* After r15 to rbp were pushed: rsp as the program has it, the others, the flags. Then the frame is known, and rbx is its
 * address. */
	.macro make_frame
	leaq	(11 * 8 + 8 + RED_ZONE)(%rsp), %rdi
	pushq	%rdi
	pushed
	push_all rbx, rdx, rcx, rax
	pushfq
	pushed
	cld
	load_slots rcx
	movq	$0, SLOT(PHASE, %rcx)
	movq	%rsp, SLOT(FRAME, %rcx)
	movq	%rsp, %rbx
	.cfi_def_cfa_register %rbx
	andq	$-16, %rsp
	.endm

	.macro forget_frame
	movq	%rbx, %rsp
	.cfi_def_cfa_register %rsp
	load_slots rcx
	movq	$0, SLOT(FRAME, %rcx)
	note
	.endm

/* The frame's registers, above its flags, and back to the clone. */
	.macro return_from_frame
	pop_all	rax, rcx, rdx, rbx
	leaq	8(%rsp), %rsp
	popped
	pop_all	rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	ret	$RED_ZONE
	.endm

#define EACH_VECTOR 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

/* function(frame), which overwrites vectors. */
	.macro call_wide function
	subq	$256, %rsp
	.irp	n, EACH_VECTOR
	movups	%xmm\n, (16 * \n)(%rsp)
	.endr
	load_slots rcx
	movq	%rsp, SLOT(VECTORS, %rcx)
	movq	%rbx, %rdi
	call	\function
	.irp	n, EACH_VECTOR
	movups	(16 * \n)(%rsp), %xmm\n
	.endr
	load_slots rcx
	movq	$0, SLOT(VECTORS, %rcx)
	.endm

	.macro entry name
	.hidden	\name
	.globl	\name
	.type	\name, @function
\name:
	.endm

/* What unwinders are told: the caller is the clone, and its stack pointer lies above the red zone, as the return leaves it
 * (DW_CFA_val_offset_sf rsp, 128). */
	.macro begin
	.cfi_startproc
	.cfi_escape 0x15, 0x07, 0x70
	.set	depth, 0
	note
	.endm

	.macro table name
	.pushsection .rodata.rt_slow_depths, "a"
	.hidden	\name
	.globl	\name
	.p2align 3
\name:
	.popsection
	.endm

/* ---- the entries ---- */

	.text
	table	rt_slow_depths
	.p2align 6
	entry	rt_slow_entries

/* First a look at both cells of every granule, and at what a list's filter says was written: the inline check sees the first
 * cell alone, nothing of an access that crosses the end of a granule, and where the segment leads to a view (single.h) not the
 * shadow. All that in registers that are in the frame, in its order.
 *
 *	r15 the next byte   r14 a write's tables   r13 the shadow   r12 the access's end   r11 what a cell has to be like */
	entry	rt_slow_access_entry
	begin
	push_all r15, r14, r13, r12, r11, r10, r9, r8
	load_slots r15
	movq	racetrack_hot@gottpoff(%rip), %r11
	movq	(8 * 8)(%rsp), %r14
	movq	SLOT(ADDRESS, %r15), %r15
	movq	%fs:HOT_EXPECTED(%r11), %r11
	movl	BEHIND_WHAT(%r14), %r14d
	movq	%gs:FRONT_CELLS, %r13
	movzwl	%r14w, %r12d
	subl	$1, %r12d
	testl	$WHAT_TOLD, %r14d
	jne	3f
	cmpl	$(SHORT_BYTES - 1), %r12d
	ja	3f
	leaq	1(%r15,%r12), %r12
	shrl	$(WHAT_WRITE_BIT - PART_WRITE_LOG), %r14d
	andl	$(1 << PART_WRITE_LOG), %r14d

1:	movl	%r15d, %r10d
	movq	%r12, %r9
	andl	$7, %r10d		/* from this byte of the granule */
	subq	%r15, %r9
	movl	$8, %r8d
	addq	%r10, %r9		/* to before this one */
	cmpq	%r8, %r9
	cmovaq	%r8, %r9
	leal	-1(%r9,%r10,8), %r10d
	movq	%r15, %r9
	addl	%r14d, %r10d
	andq	FRONT_PLACE(%r13), %r9
	leaq	(%r13,%r9,2), %r9	/* the granule's cells */
	movq	8(%r9), %r8
	xorq	%r11, %r8
	testq	%r8, FRONT_PART(%r13,%r10,8)
	je	2f
	movq	(%r9), %r8
	xorq	%r11, %r8
	testq	%r8, FRONT_PART(%r13,%r10,8)
	je	2f
	testq	%r8, FRONT_WRITTEN(%r13,%r10,8)
	jne	3f
2:	orq	$7, %r15
	addq	$1, %r15
	cmpq	%r12, %r15
	jb	1b
	.cfi_remember_state
	pop_all	r8, r9, r10, r11, r12, r13, r14, r15
	ret	$RED_ZONE

	.cfi_restore_state
	.set	depth, 8
3:	note
	push_all rdi, rsi, rbp
	make_frame
	movq	%rbx, %rdi
	call	rt_slow_short
	testb	%al, %al
	jne	4f
	call_wide rt_slow_long
4:	forget_frame
	testl	$0x400, (%rsp)		/* of the flags, DF */
	je	5f
	std
5:	leaq	8(%rsp), %rsp
	popped
	return_from_frame
	.cfi_endproc
	.size	rt_slow_access_entry, . - rt_slow_access_entry

	.p2align 6
	entry	rt_slow_atomic_entry
	begin
	push_all r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp
	make_frame
	call_wide rt_slow_atomic
	.set	done, ATOMIC_DONE
	forget_frame
	popfq
	popped
	return_from_frame
	.cfi_endproc
	.size	rt_slow_atomic_entry, . - rt_slow_atomic_entry

	table	rt_slow_depths_end
	note

/* ---- the instruction of an atomic change ---- */

/* The frame's registers by number, but for rsp. */
#define REGISTER(number) (8 + 8 * (number))

/* rt_slow_run(rdi: frame, rsi: code) */
	.p2align 6
	entry	rt_slow_run
	.cfi_startproc
	.irp	register, rbx, rbp, r12, r13, r14, r15, rdi, rsi
	pushq	%\register
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %\register, 0
	.endr
	pushq	(%rdi)
	.cfi_adjust_cfa_offset 8
	popfq
	.cfi_adjust_cfa_offset -8
	movq	REGISTER(0)(%rdi), %rax
	movq	REGISTER(1)(%rdi), %rcx
	movq	REGISTER(2)(%rdi), %rdx
	movq	REGISTER(3)(%rdi), %rbx
	movq	REGISTER(5)(%rdi), %rbp
	movq	REGISTER(6)(%rdi), %rsi
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	movq	REGISTER(\n)(%rdi), %r\n
	.endr
	movq	REGISTER(7)(%rdi), %rdi
	call	*(%rsp)
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	movq	16(%rsp), %rdi		/* the frame */
	movq	%rax, REGISTER(0)(%rdi)
	movq	%rcx, REGISTER(1)(%rdi)
	movq	%rdx, REGISTER(2)(%rdi)
	movq	%rbx, REGISTER(3)(%rdi)
	movq	%rbp, REGISTER(5)(%rdi)
	movq	%rsi, REGISTER(6)(%rdi)
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	movq	%r\n, REGISTER(\n)(%rdi)
	.endr
	popq	REGISTER(7)(%rdi)
	.cfi_adjust_cfa_offset -8
	pushfq
	.cfi_adjust_cfa_offset 8
	popq	(%rdi)
	.cfi_adjust_cfa_offset -8
	cld
	.irp	register, rsi, rdi, r15, r14, r13, r12, rbp, rbx
	popq	%\register
	.cfi_adjust_cfa_offset -8
	.cfi_restore %\register
	.endr
	ret
	.cfi_endproc
	.size	rt_slow_run, . - rt_slow_run

	.section .note.GNU-stack, "", @progbits
