#include "vectors.h"

/* At rsp, which is a multiple of 16, are 256 bytes of room. */
#define RT_VECTORS_EACH(one)                                                                                 \
	one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7) one(8) one(9) one(10) one(11) one(12)        \
		one(13) one(14) one(15)
#define RT_VECTORS_SAVE_ONE(n)    "	movups %xmm" #n ", 16 * " #n "(%rsp)\n"
#define RT_VECTORS_RESTORE_ONE(n) "	movups 16 * " #n "(%rsp), %xmm" #n "\n"
#define RT_VECTORS_SAVE           RT_VECTORS_EACH(RT_VECTORS_SAVE_ONE)
#define RT_VECTORS_RESTORE        RT_VECTORS_EACH(RT_VECTORS_RESTORE_ONE)

__asm__(".pushsection .text\n"
	".hidden rt_vectors_kept\n"
	".globl rt_vectors_kept\n"
	".type rt_vectors_kept, @function\n"
	"rt_vectors_kept:\n"
	"	.cfi_startproc\n"
	"	subq $264, %rsp\n"
	"	.cfi_adjust_cfa_offset 264\n" RT_VECTORS_SAVE "	movq %rdi, %rax\n"
	"	movq %rsi, %rdi\n"
	"	call *%rax\n" RT_VECTORS_RESTORE "	addq $264, %rsp\n"
	"	.cfi_adjust_cfa_offset -264\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size rt_vectors_kept, . - rt_vectors_kept\n"
	".popsection\n");
