#include "machine.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
	COMPONENTS = 0xe7,
	LEGACY_BYTES = 512,
	HEADER_END = 576,
	POINTERS = 6,
	POINTERS_END = 24,
	UNUSED = 416,
	FLAG_TF = 0x100,
};

struct machine_state machine_in, machine_out;
uint64_t machine_host_stack, machine_entry = MACHINE_INSN;
uint8_t machine_host_vectors[MACHINE_VECTOR_BYTES] __attribute__((aligned(64)));
void machine_go(void);
void machine_done(void);

/* Nothing is left of the host in any register when the instruction runs, so everything has its place in memory. */
__asm__(".text\n"
	".macro each_register what\n"
	"\\what 0, %rax\n \\what 8, %rcx\n \\what 16, %rdx\n \\what 24, %rbx\n"
	"\\what 40, %rbp\n \\what 48, %rsi\n \\what 56, %rdi\n"
	"\\what 64, %r8\n \\what 72, %r9\n \\what 80, %r10\n \\what 88, %r11\n"
	"\\what 96, %r12\n \\what 104, %r13\n \\what 112, %r14\n \\what 120, %r15\n"
	".endm\n"
	".macro load at, reg\n movq machine_in+\\at(%rip), \\reg\n .endm\n"
	".macro store at, reg\n movq \\reg, machine_out+\\at(%rip)\n .endm\n"
	".globl machine_go, machine_done\n"
	"machine_go:\n"
	"push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
	"mov %rsp, machine_host_stack(%rip)\n"
	"mov $0xe7, %eax\n xor %edx, %edx\n"
	"xsave64 machine_host_vectors(%rip)\n"
	"xrstor64 machine_in+192(%rip)\n"
	"pushq machine_in+128(%rip)\n popfq\n"
	"each_register load\n"
	"mov machine_in+32(%rip), %rsp\n"
	"jmp *machine_entry(%rip)\n"
	"machine_done:\n"
	"mov %rsp, machine_out+32(%rip)\n"
	"mov machine_host_stack(%rip), %rsp\n"
	"pushfq\n popq machine_out+128(%rip)\n"
	"each_register store\n"
	"pushq $0x202\n popfq\n"
	"mov $0xe7, %eax\n xor %edx, %edx\n"
	"xsave64 machine_out+192(%rip)\n"
	"xrstor64 machine_host_vectors(%rip)\n"
	"pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
	"ret\n");
_Static_assert(__builtin_offsetof(struct machine_state, flags) == 128, "the code above says so");
_Static_assert(__builtin_offsetof(struct machine_state, vectors) == 192, "the code above says so");

static sigjmp_buf fallen;
static volatile struct machine_fault fault;

static void fall(int signal, siginfo_t *info, void *context)
{
	fault.signal = signal;
	fault.address = (uintptr_t)info->si_addr;
	fault.pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	siglongjmp(fallen, 1);
}

/* ---- steps ---- */

static struct {
	uintptr_t low, high;
	void (*step)(void *context);
} stepping;

static void stop_or_step(int signal, siginfo_t *info, void *context)
{
	ucontext_t *there = context;
	uintptr_t pc = (uintptr_t)there->uc_mcontext.gregs[REG_RIP];
	if (!stepping.step) {
		fall(signal, info, context);
	} else if (pc == (uintptr_t)machine_done) {
		there->uc_mcontext.gregs[REG_EFL] &= ~FLAG_TF;
	} else if (pc >= stepping.low && pc < stepping.high) {
		stepping.step(context);
	}
}

static void catch_faults(void)
{
	static uint8_t stack[64 << 10];
	static const int signals[] = {SIGSEGV, SIGILL, SIGFPE, SIGBUS};
	struct sigaction action = {.sa_sigaction = fall, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof(stack)}, NULL);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	action.sa_sigaction = stop_or_step;
	sigaction(SIGTRAP, &action, NULL);
}

static bool map(uintptr_t at, size_t bytes, int protection, int flags, int file)
{
	return mmap((void *)at, bytes, protection, flags | MAP_FIXED, file, 0) == (void *)at;
}

bool machine_open(void)
{
	int data = memfd_create("data", MFD_CLOEXEC);
	size_t all = MACHINE_CODE + 2 * MACHINE_PAGE - MACHINE_BASE;
	if (data < 0 || ftruncate(data, MACHINE_DATA_BYTES) ||
		!map(MACHINE_BASE, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1) ||
		!map(MACHINE_WRITABLE, MACHINE_DATA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, data) ||
		!map(MACHINE_READABLE, MACHINE_DATA_BYTES, PROT_READ, MAP_SHARED, data) ||
		!map(MACHINE_STACK, MACHINE_DATA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1) ||
		!map(MACHINE_CODE, MACHINE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1))
		return false;
	catch_faults();
	return true;
}

void machine_fresh(struct machine_state *state)
{
	static const uint16_t x87_control = 0x37f;
	static const uint32_t sse_control = 0x1f80;
	uint32_t enabled, high;
	__asm__ volatile("xgetbv" : "=a"(enabled), "=d"(high) : "c"(0));
	memset(state, 0, sizeof(*state));
	memcpy(state->vectors, &x87_control, sizeof(x87_control));
	memcpy(state->vectors + 24, &sse_control, sizeof(sse_control));
	state->vectors[LEGACY_BYTES] = COMPONENTS & (uint8_t)enabled;
}

static struct machine_fault go(
	uintptr_t entry, const struct machine_state *before, struct machine_state *after)
{
	machine_entry = entry;
	machine_in = *before;
	fault.signal = 0;
	if (!sigsetjmp(fallen, 0)) {
		machine_go();
		*after = machine_out;
	}
	return (struct machine_fault){fault.signal, fault.address, fault.pc};
}

struct machine_fault machine_run(
	const uint8_t *insn, unsigned bytes, const struct machine_state *before, struct machine_state *after)
{
	static const uint8_t jump[] = {0xff, 0x25, 0, 0, 0, 0}; /* to the address behind it */
	uint8_t *code = (uint8_t *)(uintptr_t)MACHINE_INSN;
	uintptr_t done = (uintptr_t)machine_done;
	memcpy(code, insn, bytes);
	memcpy(code + bytes, jump, sizeof(jump));
	memcpy(code + bytes + sizeof(jump), &done, sizeof(done));
	return go(MACHINE_INSN, before, after);
}

struct machine_fault machine_call(
	uintptr_t entry, const struct machine_state *before, struct machine_state *after)
{
	*(uintptr_t *)before->regs[4] = (uintptr_t)machine_done;
	return go(entry, before, after);
}

struct machine_fault machine_call_by_steps(uintptr_t entry, const struct machine_state *before,
	struct machine_state *after, uintptr_t low, uintptr_t high, void (*step)(void *context))
{
	struct machine_state trapping = *before;
	trapping.flags |= FLAG_TF;
	stepping.low = low;
	stepping.high = high;
	stepping.step = step;
	struct machine_fault met = machine_call(entry, &trapping, after);
	stepping.step = NULL;
	return met;
}

bool machine_same_vectors(const struct machine_state *a, const struct machine_state *b)
{
	return !memcmp(a->vectors, b->vectors, POINTERS) &&
	       !memcmp(a->vectors + POINTERS_END, b->vectors + POINTERS_END, UNUSED - POINTERS_END) &&
	       !memcmp(a->vectors + HEADER_END, b->vectors + HEADER_END, MACHINE_VECTOR_BYTES - HEADER_END);
}
