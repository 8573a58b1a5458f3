// cflags: -fno-builtin
// Values that calls leave behind a pointer: the first and last byte of each, and what follows it. What they read of others.
#define _GNU_SOURCE
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

#define TIMERFD           timerfd_create(CLOCK_MONOTONIC, 0)
#define ME                pthread_self()
#define AS(type)          ((type *)(void *)WORDS)
#define LAST(type)        ((char *)WORDS + sizeof(type) - 1)
#define PAST(type)        ((char *)WORDS + sizeof(type))
/* The call writes all of the type. */
#define FILLS(call, type) WRITES(call, LAST(type))

static char large[1024] __attribute__((aligned(64)));
typedef struct itimerspec SPEC;
typedef struct itimerval VAL;
static struct rusage usage;
static SPEC never;
static VAL never_val;
static void nothing(void *value)
{
	(void)value;
}

static const struct timespec *tiny(void)
{
	static __thread struct timespec span = {0, 1};
	return &span;
}

static timer_t make_timer(void)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	MUST(!timer_create(CLOCK_MONOTONIC, &event, &timer));
	return timer;
}

static int make_timer_at(timer_t *at)
{
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	return timer_create(CLOCK_MONOTONIC, &event, at); // race: race-data CREATE
}

static struct tm *date(void *at)
{
	struct tm *parts = at;
	parts->tm_mday = 1;
	parts->tm_mon = 0;
	return parts;
}

static void times_of_day(void)
{
	FILLS(time(AS(time_t)), time_t); // race: race-data
	SPARES(time(AS(time_t)), PAST(time_t));
	FILLS(clock_gettime(CLOCK_REALTIME, AS(struct timespec)), struct timespec); // race: race-data
	SPARES(clock_gettime(CLOCK_REALTIME, AS(struct timespec)), PAST(struct timespec));
	SPARES(clock_gettime(12345, AS(struct timespec)), WORDS);
	FILLS(clock_getres(CLOCK_REALTIME, AS(struct timespec)), struct timespec); // race: race-data
	STEP(clock_getres(CLOCK_REALTIME, NULL), 0);
	SPARES(clock_settime(CLOCK_MONOTONIC, AS(struct timespec)), WORDS);
	FILLS(gettimeofday(AS(struct timeval), NULL), struct timeval);       // race: race-data
	FILLS(gettimeofday(NULL, AS(struct timezone)), struct timezone);     // race: race-data
	FILLS(timespec_get(AS(struct timespec), TIME_UTC), struct timespec); // race: race-data
	SPARES(timespec_get(AS(struct timespec), 77), WORDS);
	FILLS(timespec_getres(AS(struct timespec), TIME_UTC), struct timespec); // race: race-data
	FILLS(times(AS(struct tms)), struct tms);                               // race: race-data
	FILLS(clock_getcpuclockid(0, AS(clockid_t)), clockid_t);                // race: race-data
	FILLS(pthread_getcpuclockid(ME, AS(clockid_t)), clockid_t);             // race: race-data
	WRITES(mktime(date(WORDS)), WORDS);                                     // race: race-data
	WRITES(timegm(date(WORDS)), WORDS);                                     // race: race-data
	WRITES(timelocal(date(WORDS)), WORDS);                                  // race: race-data
}

static void timers(void)
{
	READS(nanosleep(AS(struct timespec), NULL), WORDS); // race: race-data
	SPARES(nanosleep(tiny(), AS(struct timespec)), WORDS);
	READS(clock_nanosleep(CLOCK_MONOTONIC, 0, AS(struct timespec), NULL), WORDS); // race: race-data
	SPARES(clock_nanosleep(CLOCK_MONOTONIC, 0, tiny(), AS(struct timespec)), WORDS);
	READS(thrd_sleep(AS(struct timespec), NULL), WORDS);             // race: race-data
	FILLS(getitimer(ITIMER_REAL, AS(VAL)), VAL);                     // race: race-data
	READS(setitimer(ITIMER_REAL, AS(VAL), NULL), WORDS);             // race: race-data
	FILLS(setitimer(ITIMER_REAL, &never_val, AS(VAL)), VAL);         // race: race-data
	FILLS(make_timer_at(AS(timer_t)), timer_t);                      // race: race-data CREATE
	FILLS(timer_gettime(make_timer(), AS(SPEC)), SPEC);              // race: race-data
	READS(timer_settime(make_timer(), 0, AS(SPEC), NULL), WORDS);    // race: race-data
	WRITES(timer_settime(make_timer(), 0, &never, AS(SPEC)), WORDS); // race: race-data
	WRITES(timerfd_gettime(TIMERFD, AS(SPEC)), WORDS);               // race: race-data
}

static void system_values(void)
{
	WRITES(uname((struct utsname *)(void *)large), large);                 // race: race-data
	WRITES(sysinfo((struct sysinfo *)(void *)(large + 512)), large + 512); // race: race-data
	WRITES(getrusage(RUSAGE_SELF, &usage), &usage.ru_nivcsw);              // race: race-data
	WRITES(getloadavg((double *)WORDS, 2), (char *)WORDS + 15);            // race: race-data
	SPARES(getloadavg((double *)WORDS, 2), (char *)WORDS + 16);
	FILLS(getcpu(AS(unsigned), NULL), unsigned);                                        // race: race-data
	WRITES(mincore((void *)((uintptr_t)large & ~4095ul), 4096, (unsigned char *)A), A); // race: race-data
	SPARES(mincore((void *)((uintptr_t)large & ~4095ul), 4096, (unsigned char *)A), A + 1);
	SPARES(mincore((void *)1, 4096, (unsigned char *)A), A);
	SPARES(getgroups(0, AS(gid_t)), WORDS);
	STEP(getgroups(16, AS(gid_t)), 0);
	WRITES(getgrouplist("root", 0, AS(gid_t), &(int){4}), WORDS);                   // race: race-data
	READS(getgrouplist(put(A, "root"), 0, AS(gid_t), &(int){4}), A);                // race: race-data
	WRITES(getresuid(AS(uid_t), AS(uid_t) + 1, AS(uid_t) + 2), (char *)WORDS + 11); // race: race-data
	WRITES(getresgid(AS(gid_t), AS(gid_t) + 1, AS(gid_t) + 2), (char *)WORDS + 11); // race: race-data
	WRITES(confstr(_CS_PATH, A, 5), A + 4);                                         // race: race-data
	SPARES(confstr(_CS_PATH, A, 5), A + 5);
	WRITES(getdomainname(A, 64), A); // race: race-data
	STEP(getlogin_r(A, 64), 0);
	WRITES(ptsname_r(posix_openpt(O_RDWR | O_NOCTTY), A, 64), A); // race: race-data
}

static void thread_values(void)
{
	FILLS(pthread_key_create(AS(pthread_key_t), nothing), pthread_key_t); // race: race-data
	SPARES(pthread_key_create(AS(pthread_key_t), nothing), PAST(pthread_key_t));
	FILLS(tss_create(AS(tss_t), nothing), tss_t); // race: race-data
	WRITES(pthread_getname_np(ME, A, 64), A + 5); // race: race-data
	SPARES(pthread_getname_np(ME, A, 1), A);
	FILLS(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, AS(int)), int);           // race: race-data
	FILLS(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, AS(int)), int);          // race: race-data
	WRITES(pthread_getschedparam(ME, AS(int), (struct sched_param *)A), WORDS);   // race: race-data
	WRITES(pthread_getschedparam(ME, AS(int), (struct sched_param *)A), A);       // race: race-data
	READS(pthread_setschedparam(ME, SCHED_OTHER, AS(struct sched_param)), WORDS); // race: race-data
	WRITES(pthread_getaffinity_np(ME, 128, (cpu_set_t *)WA), &WA[31]);            // race: race-data
	WRITES(sched_getaffinity(0, 128, (cpu_set_t *)WA), &WA[31]);                  // race: race-data
	WRITES(sched_getparam(0, AS(struct sched_param)), WORDS);                     // race: race-data
	READS(sched_setparam(0, AS(struct sched_param)), WORDS);                      // race: race-data
	READS(sched_setscheduler(0, SCHED_OTHER, AS(struct sched_param)), WORDS);     // race: race-data
	WRITES(sched_rr_get_interval(0, AS(struct timespec)), WORDS);                 // race: race-data
}

static cpu_set_t processors, others;

static void affinity(void)
{
	READS(pthread_setaffinity_np(ME, 128, &processors), &processors); // race: race-data
	READS(sched_setaffinity(0, 128, &others), &others);               // race: race-data
}

static void signal_sets(void)
{
	WRITES(sigemptyset(AS(sigset_t)), (char *)WORDS + 7); // race: race-data
	SPARES(sigemptyset(AS(sigset_t)), WORDS + 1);
	WRITES(sigfillset(AS(sigset_t)), WORDS);         // race: race-data
	WRITES(sigaddset(AS(sigset_t), SIGUSR1), WORDS); // race: race-data
	SPARES(sigaddset(AS(sigset_t), 1000), WORDS);
	WRITES(sigdelset(AS(sigset_t), SIGUSR1), WORDS);  // race: race-data
	READS(sigismember(AS(sigset_t), SIGUSR1), WORDS); // race: race-data
	ONLY_READS(sigismember(AS(sigset_t), SIGUSR1), WORDS);
	READS(sigisemptyset(AS(sigset_t)), WORDS);                              // race: race-data
	WRITES(sigandset(AS(sigset_t), (sigset_t *)WA, (sigset_t *)WB), WORDS); // race: race-data
	READS(sigandset(AS(sigset_t), (sigset_t *)WA, (sigset_t *)WB), WA);     // race: race-data
	READS(sigorset(AS(sigset_t), (sigset_t *)WA, (sigset_t *)WB), WB);      // race: race-data
	WRITES(sigpending(AS(sigset_t)), WORDS);                                // race: race-data
	WRITES(sigprocmask(SIG_BLOCK, NULL, AS(sigset_t)), WORDS);              // race: race-data
	READS(sigprocmask(SIG_UNBLOCK, AS(sigset_t), NULL), WORDS);             // race: race-data
	SPARES(sigprocmask(SIG_BLOCK, NULL, AS(sigset_t)), WORDS + 1);
	WRITES(pthread_sigmask(SIG_BLOCK, NULL, AS(sigset_t)), WORDS);  // race: race-data
	READS(pthread_sigmask(SIG_UNBLOCK, AS(sigset_t), NULL), WORDS); // race: race-data
	SPARES(pthread_sigmask(99, AS(sigset_t), NULL), WORDS);
	FILLS(sigaltstack(NULL, AS(stack_t)), stack_t); // race: race-data
}

static void handle(int number)
{
	(void)number;
}

static int suspend(const sigset_t *set)
{
	sigset_t all;
	sigfillset(&all);
	signal(SIGUSR1, handle);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	raise(SIGUSR1);
	return sigsuspend(set); // race: race-data WAIT
}

static void steps(void)
{
	times_of_day();
	timers();
	system_values();
	thread_values();
	affinity();
	signal_sets();
	READS(suspend(AS(sigset_t)), WORDS); // race: race-data WAIT
}

int main(void)
{
	MUST(!sched_getaffinity(0, sizeof(processors), &processors));
	others = processors;
	steps_run();
	return 0;
}
