#include "slow.h"

#include "slots.h"
#include "shadow/engine.h"
#include "shadow/vectors.h"

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

static struct rt_site site_of(const struct behind *behind, const struct registers *registers)
{
	return (struct rt_site){.pc = (uintptr_t)&behind->distance + (uintptr_t)(intptr_t)behind->distance,
		.sp = registers->sp,
		.bp = registers->bp};
}

/* Bytes of the access, whose address is *address; of a repeated one all of them. */
static size_t bytes_of(const struct behind *behind, const struct registers *registers, uintptr_t *address)
{
	size_t bytes = behind->what & RT_WHAT_BYTES;
	*address = rt_slots.address;
	if (!(behind->what & RT_WHAT_REPEATED) || !registers->count)
		return behind->what & RT_WHAT_REPEATED ? 0 : bytes;
	if (registers->flags & FLAG_DF)
		*address -= bytes * (registers->count - 1);
	return bytes * registers->count;
}

/* True: that was all. It overwrites no vectors. */
RT_HIDDEN bool rt_slow_short(const struct behind *behind, const struct registers *registers);
__attribute__((used)) bool rt_slow_short(const struct behind *behind, const struct registers *registers)
{
	uintptr_t address;
	size_t bytes = bytes_of(behind, registers, &address);
	struct rt_site site = site_of(behind, registers);
	return !bytes || rt_access_walked((const void *)address, bytes, kind_of(behind->what), &site);
}

RT_HIDDEN void rt_slow_long(const struct behind *behind, const struct registers *registers);
__attribute__((used)) void rt_slow_long(const struct behind *behind, const struct registers *registers)
{
	uintptr_t address;
	size_t bytes = bytes_of(behind, registers, &address);
	struct rt_site site = site_of(behind, registers);
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_access(self, &site, (const void *)address, bytes, kind_of(behind->what), RT_CLASS_DATA);
	rt_leave(self);
}

/* At the call: the return address, 128 bytes, the program's stack. First a look at the second cell, which the inline check
 * leaves out. */
#define RT_SLOTS_ADDRESS 136
#define RT_HOT_EXPECTED  48
#define RT_TEXT_OF(name) RT_TEXT(name)
#define RT_TEXT(text)    #text
_Static_assert(offsetof(struct rt_slots, address) == RT_SLOTS_ADDRESS &&
		       offsetof(struct rt_hot, expected) == RT_HOT_EXPECTED,
	"as the assembler has it");
_Static_assert(
	RT_FRONT_BYTES == 4096 && offsetof(struct rt_front, looked_at) == 8 && RT_WHAT_LOOK_SHIFT == 24,
	"as the assembler has it");
__asm__(".pushsection .text\n"
	".hidden rt_slow_access_entry\n"
	".globl rt_slow_access_entry\n"
	".type rt_slow_access_entry, @function\n"
	"rt_slow_access_entry:\n"
	"	pushq %rax\n"
	"	pushq %rcx\n"
	"	pushq %rdx\n"
	"	movq rt_slots@gottpoff(%rip), %rcx\n"
	"	movq %fs:" RT_TEXT_OF(
		RT_SLOTS_ADDRESS) "(%rcx), %rax\n"
				  "	movq 24(%rsp), %rdx\n"
				  "	movzbl 12(%rdx), %edx\n" /* which table */
				  "	shll $3, %edx\n"
				  "	movl %eax, %ecx\n"
				  "	andl $7, %ecx\n"
				  "	addl %edx, %ecx\n"
				  "	andq %gs:-4096, %rax\n"
				  "	movq %gs:8(,%rax,2), %rax\n"
				  "	movq racetrack_hot@gottpoff(%rip), %rdx\n"
				  "	xorq %fs:" RT_TEXT_OF(
					  RT_HOT_EXPECTED) "(%rdx), %rax\n"
							   "	testq %rax, %gs:-4088(,%rcx,8)\n"
							   "	jne 1f\n"
							   "	popq %rdx\n"
							   "	popq %rcx\n"
							   "	popq %rax\n"
							   "	ret $128\n"
							   "1:	pushq %rsi\n"
							   "	pushq %rdi\n"
							   "	pushq %r8\n"
							   "	pushq %r9\n"
							   "	pushq %r10\n"
							   "	pushq %r11\n"
							   "	pushq %rbx\n"
							   "	pushfq\n"
							   "	cld\n"
							   "	pushq 72(%rsp)\n" /* rcx */
							   "	pushq %rbp\n"
							   "	leaq 240(%rsp), %rax\n" /* the program's stack */
							   "	pushq %rax\n"
							   "	movq %rsp, %rbx\n"
							   "	andq $-16, %rsp\n"
							   "	movq 112(%rbx), %rdi\n" /* the return address */
							   "	movq %rbx, %rsi\n"
							   "	call rt_slow_short\n"
							   "	testb %al, %al\n"
							   "	jne 2f\n"
							   "	subq $256, %rsp\n" RT_VECTORS_SAVE
							   "	movq 112(%rbx), %rdi\n"
							   "	movq %rbx, %rsi\n"
							   "	call rt_slow_long\n" RT_VECTORS_RESTORE
							   "2:	leaq 24(%rbx), %rsp\n"
							   "	testl $1024, (%rsp)\n"
							   "	je 3f\n"
							   "	std\n"
							   "3:	leaq 8(%rsp), %rsp\n"
							   "	popq %rbx\n"
							   "	popq %r11\n"
							   "	popq %r10\n"
							   "	popq %r9\n"
							   "	popq %r8\n"
							   "	popq %rdi\n"
							   "	popq %rsi\n"
							   "	popq %rdx\n"
							   "	popq %rcx\n"
							   "	popq %rax\n"
							   "	ret $128\n"
							   ".size rt_slow_access_entry, . - "
							   "rt_slow_access_entry\n"
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
