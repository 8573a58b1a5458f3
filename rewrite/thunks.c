/* Between a clone and the slow path, in assembler: at the call there are the return address, 128 bytes, and the program's
 * stack. All registers go to a struct rt_slow_frame below them. A signal may arrive at any instruction: until the frame is
 * whole and known (rt_slots.frame), and once it is no longer, rt_slow_depths tells how much of it there is. */
#include "slots.h"
#include "slow.h"
#include "shadow/engine.h"
#include "shadow/vectors.h"

#define RT_HOT_EXPECTED  48
#define RT_SLOTS_ADDRESS 136
#define RT_SLOTS_FRAME   144
#define RT_SLOTS_VECTORS 152
#define RT_SLOTS_PHASE   160
#define RT_FRONT_CELLS   -3448
#define RT_TEXT_OF(name) RT_TEXT(name)
#define RT_TEXT(text)    #text

_Static_assert(offsetof(struct rt_hot, expected) == RT_HOT_EXPECTED, "as the assembler has it");
_Static_assert(offsetof(struct rt_slots, address) == RT_SLOTS_ADDRESS &&
		       offsetof(struct rt_slots, frame) == RT_SLOTS_FRAME &&
		       offsetof(struct rt_slots, vectors) == RT_SLOTS_VECTORS &&
		       offsetof(struct rt_slots, phase) == RT_SLOTS_PHASE,
	"as the assembler has it");
_Static_assert(RT_FRONT_BYTES == 4096 && offsetof(struct rt_front, looked_at) == 8 &&
		       RT_WHAT_LOOK_SHIFT == 24 && RT_FRONT(cells) == RT_FRONT_CELLS,
	"as the assembler has it");
_Static_assert(sizeof(struct rt_slow_frame) == 144 && offsetof(struct rt_slow_frame, reg) == 8 &&
		       RT_SLOW_ATOMIC_DONE == 256,
	"as the assembler has it");

#define SLOT(name)      "%fs:" RT_TEXT_OF(RT_SLOTS_##name) "(%rcx)"

/* What unwinders are told of the entries: the caller is the clone, and its stack pointer lies above the red zone, as the
 * return leaves it (DW_CFA_val_offset_sf rsp, 128). */
#define CALLER_IS_CLONE "	.cfi_escape 0x15, 0x07, 0x70\n"

/* The registers but for those of the first look; rsp as the program has it; flags. Then the frame is known. */
#define PUSH_REST                                                                                            \
	".irp register, r12, r11, r10, r9, r8, rdi, rsi, rbp\n"                                              \
	"	rt_push \\register\n"                                                                              \
	".endr\n"                                                                                            \
	"	leaq 224(%rsp), %rdi\n" /* above 11 words, the return address and 128 bytes */               \
	"	pushq %rdi\n"                                                                                      \
	"	rt_pushed\n"                                                                                       \
	".irp register, rbx, rdx, rcx, rax\n"                                                                \
	"	rt_push \\register\n"                                                                              \
	".endr\n"                                                                                            \
	"	pushfq\n"                                                                                          \
	"	rt_pushed\n"                                                                                       \
	"	cld\n"                                                                                             \
	"	movq rt_slots@gottpoff(%rip), %rcx\n"                                                              \
	"	movq $0, " SLOT(PHASE) "\n"                                                                  \
				       "	movq %rsp, " SLOT(                                           \
					       FRAME) "\n"                                                   \
						      "	movq %rsp, %rbx\n"                                   \
						      "	.cfi_def_cfa_register %rbx\n"                        \
						      "	andq $-16, %rsp\n"

/* A call that overwrites vectors. */
#define CALL_WIDE(function)                                                                                  \
	"	subq $256, %rsp\n" RT_VECTORS_SAVE "	movq rt_slots@gottpoff(%rip), %rcx\n"                   \
	"	movq %rsp, " SLOT(VECTORS) "\n"                                                              \
					   "	movq %rbx, %rdi\n"                                              \
					   "	call " function "\n" RT_VECTORS_RESTORE                      \
					   "	movq rt_slots@gottpoff(%rip), %rcx\n"                           \
					   "	movq $0, " SLOT(VECTORS) "\n"

#define FORGET_FRAME                                                                                         \
	"	movq %rbx, %rsp\n"                                                                                 \
	"	.cfi_def_cfa_register %rsp\n"                                                                      \
	"	movq rt_slots@gottpoff(%rip), %rcx\n"                                                              \
	"	movq $0, " SLOT(FRAME) "\n"                                                                  \
				       "	rt_note\n"

#define POP_REGISTERS                                                                                        \
	".irp register, rax, rcx, rdx, rbx\n"                                                                \
	"	rt_pop \\register\n"                                                                               \
	".endr\n"                                                                                            \
	"	leaq 8(%rsp), %rsp\n"                                                                              \
	"	rt_popped\n"                                                                                       \
	".irp register, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15\n"                               \
	"	rt_pop \\register\n"                                                                               \
	".endr\n"                                                                                            \
	"	ret $128\n"

__asm__(".pushsection .text\n"
	".macro rt_note\n"
	"98:\n"
	"	.pushsection .rodata.rt_slow_depths, \"a\"\n"
	"	.long 98b - rt_slow_entries, rt_depth + rt_done\n"
	"	.popsection\n"
	".endm\n"
	".macro rt_pushed\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.set rt_depth, rt_depth + 1\n"
	"	rt_note\n"
	".endm\n"
	".macro rt_push register\n"
	"	pushq %\\register\n"
	"	.cfi_rel_offset %\\register, -8\n"
	"	rt_pushed\n"
	".endm\n"
	".macro rt_popped\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.set rt_depth, rt_depth - 1\n"
	"	rt_note\n"
	".endm\n"
	".macro rt_pop register\n"
	"	popq %\\register\n"
	"	.cfi_restore %\\register\n"
	"	rt_popped\n"
	".endm\n"
	"	.pushsection .rodata.rt_slow_depths, \"a\"\n"
	".hidden rt_slow_depths\n"
	".globl rt_slow_depths\n"
	"	.p2align 3\n"
	"rt_slow_depths:\n"
	"	.popsection\n"
	".set rt_depth, 0\n"
	".set rt_done, 0\n"
	".hidden rt_slow_entries\n"
	".globl rt_slow_entries\n"
	"rt_slow_entries:\n"
	/* First a look at both cells: the inline check leaves the second out, and where the segment leads to a view (single.h) the
	 * first, too. */
	".hidden rt_slow_access_entry\n"
	".globl rt_slow_access_entry\n"
	".type rt_slow_access_entry, @function\n"
	"rt_slow_access_entry:\n"
	"	.cfi_startproc\n" CALLER_IS_CLONE "	rt_note\n"
	"	rt_push r15\n"
	"	rt_push r14\n"
	"	rt_push r13\n"
	"	movq rt_slots@gottpoff(%rip), %r13\n"
	"	movq %fs:" RT_TEXT_OF(
		RT_SLOTS_ADDRESS) "(%r13), %r14\n"
				  "	movq 24(%rsp), %r15\n"
				  "	movzbl 12(%r15), %r15d\n" /* which table */
				  "	shll $3, %r15d\n"
				  "	movl %r14d, %r13d\n"
				  "	andl $7, %r13d\n"
				  "	addl %r15d, %r13d\n"
				  "	movq %gs:" RT_TEXT_OF(
					  RT_FRONT_CELLS) ", %r15\n"
							  "	andq -4096(%r15), %r14\n"
							  "	leaq (%r15,%r14,2), %r14\n"
							  "	leaq -4088(%r15,%r13,8), %r13\n"
							  ".irp cell, 8, 0\n"
							  "	movq racetrack_hot@gottpoff(%rip), %r15\n"
							  "	movq %fs:" RT_TEXT_OF(
								  RT_HOT_EXPECTED) "(%r15), %r15\n"
										   "	xorq \\cell(%r14), "
										   "%r15\n"
										   "	testq %r15, (%r13)\n"
										   "	je 1f\n"
										   ".endr\n"
										   "	jmp 2f\n"
										   "1:\n"
										   "	.cfi_remember_state\n"
										   "	rt_pop r13\n"
										   "	rt_pop r14\n"
										   "	rt_pop r15\n"
										   "	ret $128\n"
										   "2:	.cfi_restore_state\n"
										   ".set rt_depth, 3\n"
										   "	rt_note\n" PUSH_REST
										   "	movq %rbx, %rdi\n"
										   "	call rt_slow_short\n"
										   "	testb %al, %al\n"
										   "	jne 3f\n" CALL_WIDE(
											   "rt_slow_long") //
	"3:\n" FORGET_FRAME "	testl $1024, (%rsp)\n"
	"	je 4f\n"
	"	std\n"
	"4:	leaq 8(%rsp), %rsp\n"
	"	rt_popped\n" POP_REGISTERS "	.cfi_endproc\n"
	".size rt_slow_access_entry, . - rt_slow_access_entry\n"
	".hidden rt_slow_atomic_entry\n"
	".globl rt_slow_atomic_entry\n"
	".type rt_slow_atomic_entry, @function\n"
	"rt_slow_atomic_entry:\n"
	"	.cfi_startproc\n" CALLER_IS_CLONE ".set rt_depth, 0\n"
	"	rt_note\n"
	"	rt_push r15\n"
	"	rt_push r14\n"
	"	rt_push r13\n" PUSH_REST CALL_WIDE(
		"rt_slow_atomic") ".set rt_done, 256\n" FORGET_FRAME "	popfq\n"
				  "	rt_popped\n" POP_REGISTERS "	.cfi_endproc\n"
				  ".size rt_slow_atomic_entry, . - rt_slow_atomic_entry\n"
				  "	.pushsection .rodata.rt_slow_depths, \"a\"\n"
				  ".hidden rt_slow_depths_end\n"
				  ".globl rt_slow_depths_end\n"
				  "rt_slow_depths_end:\n"
				  "	.popsection\n"
				  "	rt_note\n"
				  ".hidden rt_slow_run\n"
				  ".globl rt_slow_run\n"
				  ".type rt_slow_run, @function\n"
				  "rt_slow_run:\n"
				  "	.cfi_startproc\n"
				  ".irp register, rbx, rbp, r12, r13, r14, r15, rdi, rsi\n"
				  "	pushq %\\register\n"
				  "	.cfi_adjust_cfa_offset 8\n"
				  "	.cfi_rel_offset %\\register, 0\n"
				  ".endr\n"
				  "	pushq 0(%rdi)\n"
				  "	.cfi_adjust_cfa_offset 8\n"
				  "	popfq\n"
				  "	.cfi_adjust_cfa_offset -8\n"
				  "	movq 8(%rdi), %rax\n"
				  "	movq 16(%rdi), %rcx\n"
				  "	movq 24(%rdi), %rdx\n"
				  "	movq 32(%rdi), %rbx\n"
				  "	movq 48(%rdi), %rbp\n"
				  "	movq 56(%rdi), %rsi\n"
				  "	movq 72(%rdi), %r8\n"
				  "	movq 80(%rdi), %r9\n"
				  "	movq 88(%rdi), %r10\n"
				  "	movq 96(%rdi), %r11\n"
				  "	movq 104(%rdi), %r12\n"
				  "	movq 112(%rdi), %r13\n"
				  "	movq 120(%rdi), %r14\n"
				  "	movq 128(%rdi), %r15\n"
				  "	movq 64(%rdi), %rdi\n"
				  "	call *(%rsp)\n"
				  "	pushq %rdi\n"
				  "	.cfi_adjust_cfa_offset 8\n"
				  "	movq 16(%rsp), %rdi\n"
				  "	movq %rax, 8(%rdi)\n"
				  "	movq %rcx, 16(%rdi)\n"
				  "	movq %rdx, 24(%rdi)\n"
				  "	movq %rbx, 32(%rdi)\n"
				  "	movq %rbp, 48(%rdi)\n"
				  "	movq %rsi, 56(%rdi)\n"
				  "	movq %r8, 72(%rdi)\n"
				  "	movq %r9, 80(%rdi)\n"
				  "	movq %r10, 88(%rdi)\n"
				  "	movq %r11, 96(%rdi)\n"
				  "	movq %r12, 104(%rdi)\n"
				  "	movq %r13, 112(%rdi)\n"
				  "	movq %r14, 120(%rdi)\n"
				  "	movq %r15, 128(%rdi)\n"
				  "	popq 64(%rdi)\n"
				  "	.cfi_adjust_cfa_offset -8\n"
				  "	pushfq\n"
				  "	.cfi_adjust_cfa_offset 8\n"
				  "	popq 0(%rdi)\n"
				  "	.cfi_adjust_cfa_offset -8\n"
				  "	cld\n"
				  ".irp register, rsi, rdi, r15, r14, r13, r12, rbp, rbx\n"
				  "	popq %\\register\n"
				  "	.cfi_adjust_cfa_offset -8\n"
				  "	.cfi_restore %\\register\n"
				  ".endr\n"
				  "	ret\n"
				  "	.cfi_endproc\n"
				  ".size rt_slow_run, . - rt_slow_run\n"
				  ".popsection\n");
extern RT_HIDDEN const char rt_slow_access_entry[], rt_slow_atomic_entry[];

bool rt_slow_init(void)
{
	struct rt_front *front = rt_access_front();
	if (!front)
		return false;
	front->calls[RT_SLOW_ACCESS] = (uintptr_t)rt_slow_access_entry;
	front->calls[RT_SLOW_ATOMIC] = (uintptr_t)rt_slow_atomic_entry;
	return true;
}
