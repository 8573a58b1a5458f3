#include "slow.h"

#include "slots.h"
#include "shadow/engine.h"

__thread struct rt_slots rt_slots;

/* What stands behind the call, see slow.h. */
struct behind {
	uint8_t jump[5];
	int32_t distance; /* from here to the instruction after the access */
	uint32_t what;
} __attribute__((packed));

/* The registers at the access. */
struct registers {
	uintptr_t sp, bp, count, flags;
};

enum { FLAG_DF = 1 << 10 };

static enum rt_access_kind kind_of(uint32_t what)
{
	if (what & RT_WHAT_ATOMIC)
		return what & RT_WHAT_WRITE ? RT_ATOMIC_WRITE : RT_ATOMIC_READ;
	return what & RT_WHAT_WRITE ? RT_WRITE : RT_READ;
}

RT_HIDDEN void rt_slow_access(const struct behind *behind, const struct registers *registers);
__attribute__((used)) void rt_slow_access(const struct behind *behind, const struct registers *registers)
{
	uintptr_t address = rt_slots.address;
	size_t bytes = behind->what & RT_WHAT_BYTES;
	if (behind->what & RT_WHAT_REPEATED) {
		if (!registers->count)
			return;
		size_t all = bytes * registers->count;
		if (registers->flags & FLAG_DF)
			address -= all - bytes;
		bytes = all;
	}
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self)
		return;
	struct rt_site site = {.pc = (uintptr_t)&behind->distance + (uintptr_t)(intptr_t)behind->distance,
		.sp = registers->sp,
		.bp = registers->bp};
	rt_access(self, &site, (const void *)address, bytes, kind_of(behind->what), RT_CLASS_DATA);
	rt_leave(self);
}

/* On the stack below the red zone: the return address, then what is pushed here. The engine is compiled for the first 16
 * vectors only, and uses their lower halves. */
__asm__(".pushsection .text\n"
	".macro rt_slow_vectors how\n"
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
	"	.ifc \\how, save\n"
	"	movups %xmm\\n, 16 * \\n(%rsp)\n"
	"	.else\n"
	"	movups 16 * \\n(%rsp), %xmm\\n\n"
	"	.endif\n"
	".endr\n"
	".endm\n"
	".hidden rt_slow_access_entry\n"
	".globl rt_slow_access_entry\n"
	".type rt_slow_access_entry, @function\n"
	"rt_slow_access_entry:\n"
	"	pushq %rax\n"
	"	pushq %rdx\n"
	"	pushq %rsi\n"
	"	pushq %rdi\n"
	"	pushq %r8\n"
	"	pushq %r9\n"
	"	pushq %r10\n"
	"	pushq %r11\n"
	"	pushq %rbx\n"
	"	pushfq\n"
	"	cld\n"
	"	pushq %rcx\n"
	"	pushq %rbp\n"
	"	movq 96(%rsp), %rdi\n"  /* the return address */
	"	leaq 232(%rsp), %rax\n" /* where the stack pointer was: above it and the red zone */
	"	pushq %rax\n"
	"	movq %rsp, %rsi\n"
	"	movq %rsp, %rbx\n"
	"	subq $256, %rsp\n"
	"	andq $-16, %rsp\n"
	"	rt_slow_vectors save\n"
	"	call rt_slow_access\n"
	"	rt_slow_vectors restore\n"
	"	leaq 16(%rbx), %rsp\n"
	"	popq %rcx\n"
	"	popfq\n"
	"	popq %rbx\n"
	"	popq %r11\n"
	"	popq %r10\n"
	"	popq %r9\n"
	"	popq %r8\n"
	"	popq %rdi\n"
	"	popq %rsi\n"
	"	popq %rdx\n"
	"	popq %rax\n"
	"	ret $128\n"
	".size rt_slow_access_entry, . - rt_slow_access_entry\n"
	".popsection\n");
extern RT_HIDDEN const char rt_slow_access_entry[];

bool rt_slow_init(void)
{
	struct rt_front *front = rt_access_front();
	if (!front)
		return false;
	front->calls[RT_SLOW_ACCESS] = (uintptr_t)rt_slow_access_entry;
	return true;
}
