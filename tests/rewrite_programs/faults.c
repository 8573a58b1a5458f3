// transparent: handlers of faults: what they find, what they change, where they leave to; deaths by signals
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

/* Each has a label at the instruction that faults, and one where it can go on. */
long load_at(long *address, long other), store_at(long *address, long other),
	add_at(long *address, long other), swap_at(long *address, long other),
	compare_at(long *address, long other), divide(long *by, long other),
	undefined(long *address, long other), breakpoint(long *address, long other),
	copy_at(long *address, long other), vector_at(long *address, long other);
extern char load_pc[], store_pc[], add_pc[], swap_pc[], compare_pc[], divide_pc[], undefined_pc[],
	breakpoint_pc[], copy_pc[], vector_pc[], skip_load[], skip_store[], skip_add[], skip_swap[],
	skip_compare[], skip_divide[], skip_undefined[], skip_breakpoint[], skip_copy[], skip_vector[];

#define FUNCTION(name, code)                                                                                 \
	__asm__(".text\n.type " #name ", @function\n.globl " #name "\n" #name ":\n.cfi_startproc\n" code     \
		".cfi_endproc\n.size " #name ", . - " #name "\n")
FUNCTION(load_at, "	movq %rsi, %rax\n	cmpq $1000, %rsi\nload_pc: movq (%rdi), %rax\nskip_load: "
		  "adcq $0, %rax\n	ret\n");
FUNCTION(store_at, "	movq %rsi, %rax\nstore_pc: movq %rsi, (%rdi)\nskip_store:	ret\n");
FUNCTION(add_at, "	movq %rsi, %rax\n	testq %rax, %rax\nadd_pc: lock addq %rsi, "
		 "(%rdi)\nskip_add:	ret\n");
FUNCTION(swap_at, "	movq %rsi, %rax\nswap_pc: xchgq %rax, (%rdi)\nskip_swap:	ret\n");
FUNCTION(compare_at, "	movq %rsi, %rax\ncompare_pc: lock cmpxchgq %rsi, (%rdi)\nskip_compare:	ret\n");
FUNCTION(divide, "	movq %rsi, %rax\n	cqto\ndivide_pc: idivq (%rdi)\nskip_divide:	ret\n");
FUNCTION(undefined, "	movq (%rdi), %rax\nundefined_pc: ud2\nskip_undefined: addq %rsi, %rax\n	ret\n");
FUNCTION(breakpoint,
	"	movq (%rdi), %rax\n	int3\nbreakpoint_pc: addq %rsi, %rax\nskip_breakpoint:	ret\n");
FUNCTION(copy_at,
	"	movq %rdi, %rax\n	movl $100, %ecx\n	rep movsb\nskip_copy:	ret\ncopy_pc:\n");
FUNCTION(vector_at, "	movq %rsi, %rax\nvector_pc: movups (%rdi), %xmm0\nskip_vector:	ret\n");

static const struct {
	const char *name;
	long (*function)(long *, long);
	const char *pc, *skip;
} places[] = {
	{"load", load_at, load_pc, skip_load},
	{"store", store_at, store_pc, skip_store},
	{"lock add", add_at, add_pc, skip_add},
	{"xchg", swap_at, swap_pc, skip_swap},
	{"cmpxchg", compare_at, compare_pc, skip_compare},
	{"vector", vector_at, vector_pc, skip_vector},
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static sigjmp_buf back;
static volatile int mode; /* what the handler does */
enum { SKIP, JUMP, MEND, CHANGE, NEST };
static long *page, good = 42, scratch[256];
static volatile long seen_pc, seen_rsi, seen_rdi, seen_flags, seen_number, depth;

/* The handler runs checked code of its own, too. */
static long busy(long *words, int count)
{
	for (int i = 1; i < count; i++)
		words[i] += words[i - 1] ^ i;
	__atomic_fetch_add(&words[0], 1, __ATOMIC_SEQ_CST);
	return words[count - 1];
}

static void on_fault(int number, siginfo_t *info, void *argument)
{
	greg_t *registers = ((ucontext_t *)argument)->uc_mcontext.gregs;
	seen_pc = registers[REG_RIP];
	seen_rsi = registers[REG_RSI];
	seen_rdi = registers[REG_RDI];
	seen_flags = registers[REG_EFL] & 0x8d5;
	seen_number = number;
	busy(scratch, 200);
	switch (mode) {
	case NEST:
		if (depth++ < 3)
			load_at(page, 5);
		depth--;
		/* fall through */
	case SKIP:
		for (unsigned i = 0; i < PLACES; i++)
			if (registers[REG_RIP] == (long)places[i].pc) {
				registers[REG_RIP] = (greg_t)places[i].skip;
				break;
			}
		if (number == SIGFPE)
			registers[REG_RIP] = (greg_t)skip_divide;
		if (number == SIGILL)
			registers[REG_RIP] += 2;
		break;
	case JUMP:
		siglongjmp(back, 1);
	case MEND:
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
		break;
	case CHANGE:
		registers[REG_RDI] = (greg_t)&good;
		break;
	}
}

static void close_page(void)
{
	page[0] = 7;
	mprotect(page, 4096, PROT_NONE);
}

static void say(const char *what, unsigned i, long result)
{
	printf("%s %s: %ld, pc %s, rsi %ld, rdi %s, signal %ld\n", what, places[i].name, result,
		seen_pc == (long)places[i].pc ? "right" : "wrong", seen_rsi,
		seen_rdi == (long)page ? "right" : "wrong", seen_number);
	seen_pc = seen_rsi = seen_rdi = 0;
}

static void run_places(void)
{
	for (unsigned i = 0; i < PLACES; i++) {
		mode = SKIP;
		close_page();
		say("skip", i, places[i].function(page, 100 + (long)i));
		mode = JUMP;
		if (!sigsetjmp(back, 1))
			places[i].function(page, 200 + (long)i);
		say("jump", i, 0);
		mode = CHANGE;
		good = 42;
		long result = places[i].function(page, 300 + (long)i);
		say("change", i, result + good);
		mode = MEND;
		result = places[i].function(page, 400 + (long)i);
		say("mend", i, result + page[0]);
		mode = NEST;
		close_page();
		depth = 0;
		say("nest", i, places[i].function(page, 500 + (long)i));
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
	}
	printf("scratch %ld\n", scratch[0]);
}

static void run_others(void)
{
	long zero = 0, one = 1;
	mode = SKIP;
	printf("divide %ld", divide(&zero, 7));
	printf(" signal %ld pc %s, then %ld\n", seen_number, seen_pc == (long)divide_pc ? "right" : "wrong",
		divide(&one, 7));
	printf("undefined %ld", undefined(&one, 10));
	printf(" signal %ld pc %s\n", seen_number, seen_pc == (long)undefined_pc ? "right" : "wrong");
	printf("breakpoint %ld", breakpoint(&one, 20));
	printf(" signal %ld pc %s\n", seen_number, seen_pc == (long)breakpoint_pc ? "right" : "wrong");
	mode = JUMP;
	if (!sigsetjmp(back, 1))
		*(volatile int *)0 = 1;
	if (!sigsetjmp(back, 1))
		memcpy((char *)page + 4000, (char *)scratch, 200);
	if (!sigsetjmp(back, 1)) {
		long count = 64;
		__asm__ volatile("rep stosq"
				 : "+c"(count)
				 : "D"((char *)page + 4096 - 64), "a"(9L)
				 : "memory");
	}
	printf("others: signal %ld, %ld\n", seen_number, page[511]);
}

/* ---- deaths ---- */

static void die(int how)
{
	long zero = 0;
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_RESETHAND};
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	for (int number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	mode = 99;
	switch (how) {
	case 0:
		load_at(NULL, 1);
	case 1:
		add_at(NULL, 1);
	case 2:
		divide(&zero, 1);
	case 3:
		undefined(&zero, 1);
	case 4:
		breakpoint(&zero, 1);
	case 5:
		signal(SIGSEGV, SIG_IGN);
		store_at(NULL, 1);
	case 6: /* the handler does nothing, and is there once */
		sigaction(SIGSEGV, &action, NULL);
		load_at(NULL, 1);
	case 7:
		sigaction(SIGSEGV, &action, NULL);
		swap_at(NULL, 1);
	case 8:
		alarm(1);
		for (;;)
			busy(scratch, 200);
	case 9:
		abort();
	}
}

static void run_deaths(void)
{
	for (int how = 0; how < 10; how++) {
		int status;
		fflush(NULL);
		pid_t child = fork();
		if (!child) {
			die(how);
			_exit(0);
		}
		waitpid(child, &status, 0);
		printf("death %d: signal %d, status %d\n", how, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
			WEXITSTATUS(status));
	}
}

static void *run(void *argument)
{
	char *stack = argument;
	stack_t alternate = {.ss_sp = stack, .ss_size = 65536}, none = {.ss_flags = SS_DISABLE};
	sigaltstack(&alternate, NULL);
	run_places();
	run_others();
	sigaltstack(&none, NULL);
	return NULL;
}

static void *spin(void *argument)
{
	static long other[256];
	while (!__atomic_load_n((int *)argument, __ATOMIC_ACQUIRE))
		busy(other, 200);
	return NULL;
}

int main(void)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
	static int stop;
	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect((char *)page + 4096, 4096, PROT_NONE);
	for (int flags = 0; flags < 3; flags++) {
		struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
		action.sa_flags |= flags ? SA_ONSTACK : 0;
		for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
			sigaction(numbers[i], &action, NULL);
		pthread_t other, thread;
		void *stack = malloc(65536);
		stop = 0;
		pthread_create(&other, NULL, spin, &stop);
		if (flags == 2)
			run(stack);
		else {
			pthread_create(&thread, NULL, run, stack);
			pthread_join(thread, NULL);
		}
		__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
		pthread_join(other, NULL);
	}
	run_deaths();
	return 0;
}
