// transparent: signals at 10 kHz into loops whose registers, flags and vectors are known at every instruction
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { REGISTERS = 16, THREADS = 3, VECTORS = 16, ID_FLAG = 1 << 21, SECONDS = 2 };

/* Register n holds the address of its line, which begins with that very address. rsp is the stack's. */
struct line {
	uint64_t self, copy, zero;
	uint8_t bytes[8];
	uint64_t vector[2];
	uint64_t pair[2];
	uint64_t other, counter, spare[6];
};
_Static_assert(sizeof(struct line) == 128, "as the assembler has it");

struct block {
	struct line lines[REGISTERS];
	uint64_t source[64], target[64];
	uint64_t saved[REGISTERS], left[REGISTERS];
	uint64_t stack, rounds, failed;
};

extern const char hot_begin[], hot_end[], hot_zero_begin[], hot_zero_end[], hot_below_begin[],
	hot_below_end[], hot_over_begin[], hot_over_end[], hot_swap_begin[], hot_swap_end[], hot_copy_begin[],
	hot_copy_end[], hot_loop_begin[], hot_loop_end[];
void hot(struct block *block);

__asm__(".text\n"
	".set OTHER, 64\n"
	".set BLOCK, 2048\n"
	".type hot, @function\n"
	".globl hot\n"
	"hot:\n"
	"	.cfi_startproc\n"
	".irp r, rbx, rbp, r12, r13, r14, r15\n"
	"	pushq %\\r\n"
	"	.cfi_adjust_cfa_offset 8\n"
	".endr\n"
	"	subq $24, %rsp\n"
	"	.cfi_adjust_cfa_offset 24\n"
	"	movq %rsp, BLOCK + 1024 + 256(%rdi)\n"
	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
	"	movups 7 * 128 + 32(%rdi), %xmm\\n\n"
	".endr\n"
	"	leaq (%rdi), %rax\n"
	"	leaq 128(%rdi), %rcx\n"
	"	leaq 256(%rdi), %rdx\n"
	"	leaq 384(%rdi), %rbx\n"
	"	leaq 640(%rdi), %rbp\n"
	"	leaq 768(%rdi), %rsi\n"
	"	leaq 1024(%rdi), %r8\n"
	"	leaq 1152(%rdi), %r9\n"
	"	leaq 1280(%rdi), %r10\n"
	"	leaq 1408(%rdi), %r11\n"
	"	leaq 1536(%rdi), %r12\n"
	"	leaq 1664(%rdi), %r13\n"
	"	leaq 1792(%rdi), %r14\n"
	"	leaq 1920(%rdi), %r15\n"
	"	leaq 896(%rdi), %rdi\n"
	"hot_begin:\n"
	"1:\n"
	".irp r, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15\n"
	"	movq (%\\r), %\\r\n"
	"	movq %\\r, 8(%\\r)\n"
	".endr\n"
	"	cmpq %rax, (%rax)\n"
	"hot_zero_begin:\n" /* ZF PF; stores change no flags */
	"	movq %r9, 8(%r9)\n"
	"	movb 24(%rax), %ah\n"
	"	movb 25(%rcx), %cl\n"
	"	movw %dx, 26(%rdx)\n"
	"	movups 32(%rdi), %xmm3\n"
	"	movups %xmm9, 32(%rsi)\n"
	"	movl %ebx, 28(%rbx)\n"
	"	leaq (%r15), %r15\n"
	"	movq (%r10), %r10\n"
	"	xchgq %r11, OTHER(%r12)\n"
	"hot_swap_begin:\n"
	"	movq 8(%r8), %r8\n"
	"	xchgq %r11, OTHER(%r12)\n"
	"hot_swap_end:\n"
	"	pushfq\n"
	"	jne 9f\n"
	"	popq 8(%r14)\n"
	"	jne 9f\n"
	"	jc 9f\n"
	"hot_zero_end:\n"
	"	subq $1, 16(%r13)\n"
	"hot_below_begin:\n" /* CF AF SF PF */
	"	movq %r13, 8(%r13)\n"
	"	movq 8(%r8), %r8\n"
	"	movq (%rbp), %rbp\n"
	"	pushfq\n"
	"	popq 8(%r14)\n"
	"	jnc 9f\n"
	"	jns 9f\n"
	"hot_below_end:\n"
	"	movq $0, 16(%r13)\n"
	"	movb $0x7f, 24(%r14)\n"
	"	addb $1, 24(%r14)\n"
	"hot_over_begin:\n" /* OF SF AF */
	"	movq 8(%r8), %r8\n"
	"	movq %rdx, 8(%rdx)\n"
	"	pushfq\n"
	"	popq 8(%r15)\n"
	"	jno 9f\n"
	"hot_over_end:\n"
	"	lock addq $0, 16(%rcx)\n"
	"	lock cmpxchgq %rax, (%rax)\n"
	"	jne 9f\n"
	"	movq %rax, 48(%rsi)\n"
	"	movq %rdx, 56(%rsi)\n"
	"	lock cmpxchg16b 48(%rsi)\n"
	"	jne 9f\n"
	"hot_copy_begin:\n" /* what nothing reads any more may be anything */
	"	lock incq 72(%r9)\n"
	"	leaq 1152(%rdi), %rsi\n"
	"	leaq 1664(%rdi), %rdi\n"
	"	movl $64, %ecx\n"
	"	rep movsq\n"
	"	leaq -128(%rdx), %rcx\n"
	"	leaq 512(%rdx), %rsi\n"
	"	leaq 640(%rdx), %rdi\n"
	"hot_copy_end:\n"
	"	movq (%rcx), %rcx\n"
	"	movq (%rdi), %rdi\n"
	"	movq %rcx, 8(%rcx)\n"
	"hot_loop_begin:\n"
	"	movl $3, %ecx\n"
	"2:	movq (%rbx), %rbx\n"
	"	loop 2b\n"
	"	leaq -128(%rdx), %rcx\n"
	"hot_loop_end:\n"
	"	movq (%rcx), %rcx\n"
	"	subq $1, BLOCK + 1024 + 256 + 8 - 896(%rdi)\n"
	"	jne 1b\n"
	"	jmp 3f\n"
	"hot_end:\n"
	"9:	incq BLOCK + 1024 + 256 + 16 - 896(%rdi)\n"
	"3:\n"
	".set n, 0\n"
	".irp r, rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15\n"
	"	movq %\\r, BLOCK + 1024 + 128 + n - 896(%rdi)\n"
	".set n, n + 8\n"
	".endr\n"
	"	addq $24, %rsp\n"
	"	.cfi_adjust_cfa_offset -24\n"
	".irp r, r15, r14, r13, r12, rbp, rbx\n"
	"	popq %\\r\n"
	"	.cfi_adjust_cfa_offset -8\n"
	".endr\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size hot, . - hot\n");

static __thread struct block *own;
static __thread timer_t timers[2];
static unsigned long failures, hits, changes;
static int verbose;

static void fail(const char *what, uint64_t pc, uint64_t found, uint64_t wanted)
{
	if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 10 && verbose)
		fprintf(stderr, "at hot+%#lx: %s is %#lx, should be %#lx\n", (long)(pc - (uint64_t)hot), what,
			found, wanted);
}

static int within(uint64_t pc, const char *begin, const char *end)
{
	return pc >= (uint64_t)begin && pc < (uint64_t)end;
}

static void check_flags(const ucontext_t *context, uint64_t pc)
{
	uint64_t flags = context->uc_mcontext.gregs[REG_EFL] & 0x8d5;
	if (within(pc, hot_zero_begin, hot_zero_end) && flags != 0x44)
		fail("flags", pc, flags, 0x44);
	if (within(pc, hot_below_begin, hot_below_end) && flags != 0x95)
		fail("flags", pc, flags, 0x95);
	if (within(pc, hot_over_begin, hot_over_end) && flags != 0x890)
		fail("flags", pc, flags, 0x890);
}

static void check_registers(const ucontext_t *context, uint64_t pc)
{
	static const int places[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
	static const char *names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9",
		"r10", "r11", "r12", "r13", "r14", "r15"};
	const greg_t *registers = context->uc_mcontext.gregs;
	int copies = within(pc, hot_copy_begin, hot_copy_end),
	    loops = within(pc, hot_loop_begin, hot_loop_end);
	for (int i = 0; i < REGISTERS; i++) {
		uint64_t wanted = (uint64_t)&own->lines[i], found = registers[places[i]];
		if (i == 4) /* a word may be pushed there */
			wanted = own->stack -
				 (within(pc, hot_zero_begin, hot_over_end) ? own->stack - found & 8 : 0);
		if (i == 11 && within(pc, hot_swap_begin, hot_swap_end))
			wanted = 12345;
		if ((copies && (i == 1 || i == 6 || i == 7)) || (loops && i == 1))
			continue;
		if (found != wanted)
			fail(names[i], pc, found, wanted);
	}
	if (loops && (uint64_t)registers[REG_RCX] > 3 && registers[REG_RCX] != (greg_t)&own->lines[1])
		fail("rcx of loop", pc, registers[REG_RCX], 3);
}

static void check_vectors(const ucontext_t *context, uint64_t pc)
{
	for (int i = 0; i < VECTORS; i++)
		if (memcmp(&context->uc_mcontext.fpregs->_xmm[i], own->lines[7].vector, 16))
			fail("vector", pc, *(const uint64_t *)&context->uc_mcontext.fpregs->_xmm[i],
				own->lines[7].vector[0]);
}

/* What a handler does besides: loads, stores, vectors. Another one may interrupt it. */
static void busy(uint64_t pc)
{
	uint64_t volatile table[64], *words = table;
	__asm__("" : "+r"(words));
	words[0] = 1;
	for (int i = 1; i < 64; i++)
		words[i] = words[i - 1] * 3 + (uint64_t)i;
	if (words[63] != 12780443595877685451u)
		fail("handler", pc, words[63], 0);
	struct line copy = own->lines[3];
	__atomic_fetch_add(&hits, copy.zero + 1, __ATOMIC_RELAXED);
}

static void on_alarm(int number, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	uint64_t pc = context->uc_mcontext.gregs[REG_RIP];
	busy(pc);
	if (!within(pc, hot_begin, hot_end))
		return;
	check_registers(context, pc);
	check_flags(context, pc);
	check_vectors(context, pc);
	if (__atomic_fetch_add(&changes, 1, __ATOMIC_RELAXED) % 4 == 0)
		context->uc_mcontext.gregs[REG_EFL] ^= ID_FLAG;
}

static void set_timer(timer_t *timer, int number, long ns)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
	event._sigev_un._tid = syscall(SYS_gettid);
	struct itimerspec spec = {{0, ns}, {0, ns}};
	if (timer_create(CLOCK_MONOTONIC, &event, timer) || timer_settime(*timer, 0, &spec, NULL))
		abort();
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void run_hot(struct block *block, uint64_t rounds)
{
	block->rounds = rounds;
	block->lines[4].self = 0;
	hot(block);
	for (int i = 0; i < REGISTERS; i++)
		if (i != 4 && block->left[i] != (uint64_t)&block->lines[i])
			fail("left", (uint64_t)hot, block->left[i], (uint64_t)&block->lines[i]);
	if (block->failed || memcmp(block->source, block->target, sizeof(block->source)))
		fail("block", (uint64_t)hot, block->failed, 0);
}

static struct block *new_block(void)
{
	struct block *block = aligned_alloc(64, sizeof(*block));
	memset(block, 0, sizeof(*block));
	for (int i = 0; i < REGISTERS; i++) {
		block->lines[i].self = (uint64_t)&block->lines[i];
		block->lines[i].bytes[0] = (uint64_t)&block->lines[i] >> 8;
		block->lines[i].bytes[1] = (uint64_t)&block->lines[i];
		block->lines[i].other = 12345;
		block->lines[i].vector[0] = 0x1122334455667788;
		block->lines[i].vector[1] = 0x99aabbccddeeff00;
	}
	for (int i = 0; i < 64; i++)
		block->source[i] = i * 77;
	return block;
}

static void *run(void *argument)
{
	struct timespec begin, now;
	own = new_block();
	set_timer(&timers[0], SIGALRM, 100000 + 7000 * (long)argument);
	set_timer(&timers[1], SIGRTMIN + 3, 130000);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		for (int i = 0; i < 100; i++) {
			run_hot(own, 1 + (uint64_t)i % 50);
			pthread_mutex_lock(&mutex);
			pthread_mutex_unlock(&mutex);
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - begin.tv_sec < SECONDS);
	timer_delete(timers[0]);
	timer_delete(timers[1]);
	return NULL;
}

int main(int count, char **arguments)
{
	verbose = count > 1;
	struct sigaction action = {.sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGRTMIN + 3, &action, NULL);
	pthread_t threads[THREADS];
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	for (long i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("failures %lu, %s hits, %s changes\n", failures, hits > 1000 ? "many" : "few",
		changes > 100 ? "many" : "few");
	if (verbose)
		fprintf(stderr, "hits %lu, in the loop %lu\n", hits, changes);
	return 0;
}
