#include "slow.h"

#include "slots.h"
#include "shadow/engine.h"
#include "shadow/infer.h"
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

enum { FLAG_ZF = 1 << 6, FLAG_DF = 1 << 10 };

static enum rt_access_kind kind_of(uint32_t what)
{
	if (what & RT_WHAT_WRITE)
		return what & RT_WHAT_FLAG ? RT_SET_WRITE : RT_WRITE;
	return what & RT_WHAT_FLAG ? RT_TESTED_READ : RT_READ;
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
	if (RT_UNLIKELY(behind->what & RT_WHAT_SPIN))
		return false;
	return !bytes || rt_access_walked((const void *)address, bytes, kind_of(behind->what), &site);
}

RT_HIDDEN void rt_slow_long(const struct behind *behind, const struct registers *registers);
__attribute__((used)) void rt_slow_long(const struct behind *behind, const struct registers *registers)
{
	uintptr_t address;
	size_t bytes = bytes_of(behind, registers, &address);
	struct rt_site site = site_of(behind, registers);
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self)
		return;
	struct rt_plain plain = {.reads = behind->what & RT_WHAT_READ,
		.writes = behind->what & RT_WHAT_WRITE,
		.waits = behind->what & RT_WHAT_SPIN,
		.flag = behind->what & RT_WHAT_FLAG};
	if (!rt_infer_access(self, &site, address, bytes, plain))
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
/* ---- atomic changes ---- */

/* The program's registers, by number; its flags. */
struct state {
	uint64_t reg[RT_REGISTERS];
	uint64_t flags;
};
_Static_assert(offsetof(struct state, flags) == 128, "as the assembler has it");

struct change {
	struct state *state;
	const struct behind *behind;
};

/* Runs the code, which returns, with the registers and flags of the state, rsp excepted, and puts them back there. */
RT_HIDDEN void rt_slow_run(struct state *state, const void *code);

static bool change(void *argument)
{
	const struct change *change = argument;
	struct state *state = change->state;
	uint64_t *reg = &state->reg[change->behind->what >> RT_WHAT_LOOK_SHIFT], kept = *reg;
	*reg = rt_slots.address;
	rt_slow_run(state, change->behind + 1);
	*reg = kept;
	return !(change->behind->what & RT_WHAT_COMPARES) || state->flags & FLAG_ZF;
}

RT_HIDDEN void rt_slow_atomic(const struct behind *behind, struct state *state);
__attribute__((used)) void rt_slow_atomic(const struct behind *behind, struct state *state)
{
	struct change argument = {state, behind};
	struct rt_thread *self = rt_watching ? rt_enter() : NULL;
	if (!self) {
		change(&argument);
		return;
	}
	struct rt_site site = {.pc = (uintptr_t)&behind->distance + (uintptr_t)(intptr_t)behind->distance,
		.sp = state->reg[RT_RSP],
		.bp = state->reg[RT_RBP]};
	rt_infer_changed(self, &site, rt_slots.address, behind->what & RT_WHAT_BYTES);
	rt_atomic(self, &site, (const void *)rt_slots.address, behind->what & RT_WHAT_BYTES, RT_ATOMIC_CHANGE,
		RT_ORDER_SEQ_CST, RT_ORDER_SEQ_CST, change, &argument);
	rt_leave(self);
}

__asm__(".pushsection .text\n"
	".hidden rt_slow_atomic_entry\n"
	".globl rt_slow_atomic_entry\n"
	".type rt_slow_atomic_entry, @function\n"
	"rt_slow_atomic_entry:\n"
	"	pushfq\n"
	"	cld\n"
	".irp register, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp\n"
	"	pushq %\\register\n"
	".endr\n"
	"	leaq 232(%rsp), %rdi\n" /* the program's stack: above 12 words, the return address and 128 bytes */
	"	pushq %rdi\n"
	".irp register, rbx, rdx, rcx, rax\n"
	"	pushq %\\register\n"
	".endr\n"
	"	movq %rsp, %rbx\n"
	"	andq $-16, %rsp\n"
	"	subq $256, %rsp\n" RT_VECTORS_SAVE "	movq 136(%rbx), %rdi\n"
	"	movq %rbx, %rsi\n"
	"	call rt_slow_atomic\n" RT_VECTORS_RESTORE "	movq %rbx, %rsp\n"
	".irp register, rax, rcx, rdx, rbx\n"
	"	popq %\\register\n"
	".endr\n"
	"	leaq 8(%rsp), %rsp\n"
	".irp register, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15\n"
	"	popq %\\register\n"
	".endr\n"
	"	popfq\n"
	"	ret $128\n"
	".size rt_slow_atomic_entry, . - rt_slow_atomic_entry\n"
	".hidden rt_slow_run\n"
	".globl rt_slow_run\n"
	".type rt_slow_run, @function\n"
	"rt_slow_run:\n"
	".irp register, rbx, rbp, r12, r13, r14, r15, rdi, rsi\n"
	"	pushq %\\register\n"
	".endr\n"
	"	pushq 128(%rdi)\n"
	"	popfq\n"
	"	movq 0(%rdi), %rax\n"
	"	movq 8(%rdi), %rcx\n"
	"	movq 16(%rdi), %rdx\n"
	"	movq 24(%rdi), %rbx\n"
	"	movq 40(%rdi), %rbp\n"
	"	movq 48(%rdi), %rsi\n"
	"	movq 64(%rdi), %r8\n"
	"	movq 72(%rdi), %r9\n"
	"	movq 80(%rdi), %r10\n"
	"	movq 88(%rdi), %r11\n"
	"	movq 96(%rdi), %r12\n"
	"	movq 104(%rdi), %r13\n"
	"	movq 112(%rdi), %r14\n"
	"	movq 120(%rdi), %r15\n"
	"	movq 56(%rdi), %rdi\n"
	"	call *(%rsp)\n"
	"	pushq %rdi\n"
	"	movq 16(%rsp), %rdi\n"
	"	movq %rax, 0(%rdi)\n"
	"	movq %rcx, 8(%rdi)\n"
	"	movq %rdx, 16(%rdi)\n"
	"	movq %rbx, 24(%rdi)\n"
	"	movq %rbp, 40(%rdi)\n"
	"	movq %rsi, 48(%rdi)\n"
	"	movq %r8, 64(%rdi)\n"
	"	movq %r9, 72(%rdi)\n"
	"	movq %r10, 80(%rdi)\n"
	"	movq %r11, 88(%rdi)\n"
	"	movq %r12, 96(%rdi)\n"
	"	movq %r13, 104(%rdi)\n"
	"	movq %r14, 112(%rdi)\n"
	"	movq %r15, 120(%rdi)\n"
	"	popq 56(%rdi)\n"
	"	pushfq\n"
	"	popq 128(%rdi)\n"
	"	cld\n"
	".irp register, rsi, rdi, r15, r14, r13, r12, rbp, rbx\n"
	"	popq %\\register\n"
	".endr\n"
	"	ret\n"
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
