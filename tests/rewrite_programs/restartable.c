// transparent: counters of processors, changed in restartable sequences (rseq(2)) by more threads than there are processors
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/rseq.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, PROCESSORS = 1024, STEPS = 4000 };

static struct {
	uint64_t count;
	char room[56];
} counters[PROCESSORS] __attribute__((aligned(64)));
static uint64_t changes, restarts;

static struct rseq *area(void)
{
	return (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
}

/* One more for the processor, by a load and a store that lie far apart. False: interrupted between the two. */
static int add(struct rseq *own)
{
	uint32_t processor = *(volatile uint32_t *)&own->cpu_id_start;
	uint64_t *counter = &counters[processor % PROCESSORS].count;
	__asm__ goto(".pushsection __rseq_cs, \"aw\"\n\t"
		     ".balign 32\n"
		     "7:\t.long 0, 0\n\t"
		     ".quad 1f, 2f - 1f, 4f\n\t"
		     ".popsection\n\t"
		     "leaq 7b(%%rip), %%rax\n\t"
		     "movq %%rax, %[cs]\n"
		     "1:\tcmpl %[processor], %[id]\n\t"
		     "jne 4f\n\t"
		     "movq %[counter], %%rax\n\t"
		     "movl $2000, %%ecx\n"
		     "3:\tpause\n\t"
		     "decl %%ecx\n\t"
		     "testl $127, %%ecx\n\t"
		     "jnz 3b\n\t"
		     "testl %%ecx, %%ecx\n\t"
		     "jnz 3b\n\t"
		     "incq %%rax\n\t"
		     "movq %%rax, %[counter]\n"
		     "2:\tjmp 5f\n\t"
		     ".byte 0x0f, 0xb9, 0x3d\n\t"
		     ".long 0x53053053\n"
		     "4:\tjmp %l[interrupted]\n"
		     "5:"
		     :
		     : [cs] "m"(own->rseq_cs), [id] "m"(own->cpu_id), [processor] "r"(processor),
		     [counter] "m"(*counter)
		     : "rax", "rcx", "memory", "cc"
		     : interrupted);
	return 1;
interrupted:
	return 0;
}

static void *work(void *unused)
{
	uint64_t restarted = 0;
	for (int i = 0; i < STEPS; i++)
		while (!add(area()))
			restarted++;
	__atomic_fetch_add(&changes, STEPS, __ATOMIC_RELAXED);
	__atomic_fetch_add(&restarts, restarted, __ATOMIC_RELAXED);
	return unused;
}

static void wake(int number)
{
	(void)number;
}

int main(void)
{
	pthread_t threads[THREADS];
	uint64_t sum = 0;
	if (!__rseq_size || sysconf(_SC_NPROCESSORS_CONF) > PROCESSORS)
		return puts("done"), 0; /* there are no such sequences */
	signal(SIGUSR1, wake);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	while (__atomic_load_n(&changes, __ATOMIC_RELAXED) < THREADS * STEPS) {
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR1);
		nanosleep(&(struct timespec){0, 100000}, NULL);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < PROCESSORS; i++)
		sum += counters[i].count;
	if (sum != changes || !restarts)
		printf("%llu of %llu, %llu restarts\n", (unsigned long long)sum, (unsigned long long)changes,
			(unsigned long long)restarts);
	puts("done");
	return 0;
}
