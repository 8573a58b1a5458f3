// transparent: exceptions, cancellation and backtraces through rewritten frames and out of their signals
// cflags: -fnon-call-exceptions
// options: rewrite=main
// options: rewrite=all
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <execinfo.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

static long table[512];
static volatile int stop;

struct Counted {
	static int live, destroyed;
	long value;
	explicit Counted(long number) : value(number) { __atomic_fetch_add(&live, 1, __ATOMIC_SEQ_CST); }
	~Counted()
	{
		__atomic_fetch_sub(&live, 1, __ATOMIC_SEQ_CST);
		__atomic_fetch_add(&destroyed, 1, __ATOMIC_SEQ_CST);
	}
};
int Counted::live, Counted::destroyed;

/* ---- thrown through frames that are rewritten ---- */

__attribute__((noinline)) static long deep(std::vector<long> &words, int depth)
{
	Counted counted(depth);
	words[depth] += table[depth & 511];
	if (depth == 0)
		throw std::runtime_error("the bottom");
	long below = deep(words, depth - 1);
	return below + words[depth] + counted.value;
}

__attribute__((noinline)) static long guarded(std::vector<long> &words, int depth, long number)
{
	Counted counted(number);
	try {
		return deep(words, depth) + number;
	} catch (const std::exception &error) {
		return (long)strlen(error.what()) + number + counted.value;
	}
}

static void throw_through()
{
	std::vector<long> words(600);
	long sum = 0;
	for (int i = 0; i < 2000; i++)
		sum += guarded(words, i % 50, i);
	printf("through: %ld, live %d\n", sum, Counted::live);
}

/* ---- thrown by the handler of a fault ---- */

struct Fault {
	void *address;
};

static void on_fault(int number, siginfo_t *info, void *context)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
	throw Fault{info->si_addr};
}

__attribute__((noinline)) static long read_at(const long *address, long one, long two, long three)
{
	Counted counted(one);
	long sum = one * two;
	long other = two ^ three;
	try {
		sum += table[one & 511];
		other += table[two & 511];
		sum += *address; /* the fault */
		table[3] = sum;
	} catch (const Fault &fault) {
		return sum + other + one * 3 + two * 5 + three * 7 + counted.value + (long)(uintptr_t)fault.address;
	}
	return sum + other;
}

__attribute__((noinline)) static long add_at(long *address, long one, long two)
{
	Counted counted(one);
	try {
		table[one & 511]++;
		return __atomic_fetch_add(address, two, __ATOMIC_SEQ_CST);
	} catch (const Fault &fault) {
		return one * 3 + two * 5 + counted.value + (long)(uintptr_t)fault.address;
	}
}

static void throw_from_faults()
{
	long sum = 0, good = 5;
	for (long i = 0; i < 2000; i++) {
		sum += read_at(i % 3 ? &good : (const long *)(i * 8 % 4096), i, i + 1, i + 2);
		sum += add_at(i % 3 ? &good : (long *)(i * 8 % 4096), i, 1);
	}
	printf("faults: %ld, good %ld, live %d\n", sum, good, Counted::live);
}

/* ---- cancelled ---- */

static int spinning; /* elsewhere nobody may be cancelled asynchronously */

__attribute__((noinline)) static long spin(long *words)
{
	long sum = 0;
	__atomic_store_n(&spinning, 1, __ATOMIC_RELEASE);
	for (;;)
		for (int i = 0; i < 256; i++) {
			words[i] += i;
			sum += words[(i * 7) & 255];
			__atomic_fetch_add(&words[256], 1, __ATOMIC_RELAXED);
		}
	return sum;
}

static void clean(void *argument)
{
	__atomic_fetch_add((int *)argument, 1, __ATOMIC_SEQ_CST);
}

static int cleaned;

static void *run_spin(void *type)
{
	static __thread long words[512];
	int old;
	Counted counted(1);
	pthread_setcanceltype((int)(intptr_t)type, &old);
	pthread_cleanup_push(clean, &cleaned);
	if ((intptr_t)type == PTHREAD_CANCEL_ASYNCHRONOUS)
		spin(words);
	__atomic_store_n(&spinning, 1, __ATOMIC_RELEASE);
	for (;;) {
		for (int i = 0; i < 256; i++)
			words[i] += words[(i * 3) & 255];
		pthread_testcancel();
	}
	pthread_cleanup_pop(0);
	return nullptr;
}

static void cancel()
{
	for (int round = 0; round < 40; round++) {
		pthread_t thread;
		void *result;
		intptr_t type = round % 4 ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
		__atomic_store_n(&spinning, 0, __ATOMIC_RELEASE);
		pthread_create(&thread, nullptr, run_spin, (void *)type);
		while (!__atomic_load_n(&spinning, __ATOMIC_ACQUIRE))
			usleep(100);
		usleep(500 + round * 37);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		if (result != PTHREAD_CANCELED)
			printf("not cancelled\n");
	}
	printf("cancelled: cleaned %d, live %d\n", cleaned, Counted::live);
}

/* ---- a thread that ends in a handler; one that jumps out of it; what backtraces show ---- */

static void on_exit_signal(int, siginfo_t *, void *)
{
	table[7]++;
	pthread_exit((void *)17);
}

static __thread sigjmp_buf jump;
static void on_jump_signal(int, siginfo_t *, void *)
{
	table[9]++;
	siglongjmp(jump, 1);
}

static int frames_right, frames_wrong;
extern "C" __attribute__((noinline)) long spin_traced(long *words);
static void on_trace_signal(int, siginfo_t *, void *context)
{
	void *frames[32];
	int count = backtrace(frames, 32), at = -1;
	uintptr_t pc = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	for (int i = 0; i < count; i++)
		if ((uintptr_t)frames[i] == pc)
			at = i;
	/* the handler, the kernel's frame, what was interrupted */
	if (at == 2)
		__atomic_fetch_add(&frames_right, 1, __ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&frames_wrong, 1, __ATOMIC_RELAXED);
	table[at & 511] += count;
}

__attribute__((noinline)) long spin_traced(long *words)
{
	long sum = 0;
	while (!stop)
		for (int i = 0; i < 256; i++) {
			words[i] += i;
			sum += words[(i * 7) & 255];
			__atomic_fetch_add(&words[256], 1, __ATOMIC_SEQ_CST);
		}
	return sum;
}

static int arrived;

static void *run_traced(void *)
{
	static __thread long words[512];
	Counted counted(2);
	volatile int jumped = 0;
	sigset_t set, old;
	if (sigsetjmp(jump, 1))
		jumped = jumped + 1;
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST); /* once for each jump */
	spin_traced(words);
	return (void *)(intptr_t)jumped;
}

static void set_handler(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {};
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO;
	if (number == SIGURG) /* nobody jumps out of backtrace() */
		sigfillset(&action.sa_mask);
	sigaction(number, &action, nullptr);
}

static void end_in_handlers()
{
	set_handler(SIGUSR1, on_exit_signal);
	set_handler(SIGUSR2, on_jump_signal);
	set_handler(SIGURG, on_trace_signal);
	void *first[2];
	backtrace(first, 2);
	pthread_t thread;
	void *result;
	pthread_create(&thread, nullptr, run_traced, nullptr);
	for (int round = 0; round < 20; round++) {
		while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) <= round)
			usleep(100);
		for (int i = 0; i < 10; i++) {
			usleep(300);
			pthread_kill(thread, SIGURG);
		}
		usleep(1000);
		pthread_kill(thread, SIGUSR2);
	}
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) <= 20)
		usleep(100);
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, &result);
	printf("ended: %ld, live %d, traces %s, wrong %d\n", (long)result, Counted::live,
		frames_right >= 20 ? "many" : "few", frames_wrong);
}

static void *stay(void *argument)
{
	static long words[512];
	return (void *)spin_traced(words);
}

int main()
{
	set_handler(SIGSEGV, on_fault);
	pthread_t thread;
	pthread_create(&thread, nullptr, stay, nullptr);
	throw_through();
	throw_from_faults();
	fflush(stdout);
	cancel();
	fflush(stdout);
	end_in_handlers();
	stop = 1;
	pthread_join(thread, nullptr);
	return 0;
}
