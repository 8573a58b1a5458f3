// hostile: /dev/shm is full, and the program does with SIGBUS whatever can be done: nothing, ignores it, handles it, is sent it,
// hostile: waits for it, looks what is set, and starts programs that look
// needs: unshare -m true
// run: R=${RACETRACK_OPTIONS#record_dir=}; R=${R%%:*}; export R TRACK
// run: [ "$IN" ] || exec env IN=1 unshare -m bash -c 'mkdir keep; [ ! "$R" ] || mount --bind "$R" keep; mount -t tmpfs -o size=192m none /dev/shm; [ ! "$R" ] || { mkdir -p "$R"; mount --bind keep "$R"; }; export LD_PRELOAD="$TRACK"; exec "$0" "$@"' "$0" "$@"
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include "sides.h"

enum { PART = 16 * PAGE, PARTS = 64 };

static char *shared, *cut;
static int part;
static sigjmp_buf out;

/* Pages whose cells nobody touched yet, by a call, an announced access, and plainly. */
static void touch(void)
{
	char *at = shared + part++ * PART;
	memset(at, 1, PAGE);
	racetrack_write(at + 4 * PAGE, 8);
	*(volatile char *)(at + 8 * PAGE) = 1;
}
static void say_action(const char *when)
{
	struct sigaction action;
	MUST(sigaction(SIGBUS, NULL, &action) == 0);
	const char *kind = action.sa_handler == SIG_DFL   ? "default"
			   : action.sa_handler == SIG_IGN ? "ignored"
							  : "handled";
	printf("%s: %s, flags %x, restorer %d, mask %d%d\n", when, kind, action.sa_flags,
		action.sa_restorer != NULL, sigismember(&action.sa_mask, SIGUSR1),
		sigismember(&action.sa_mask, SIGBUS));
	fflush(stdout);
}
static void handle(int number, siginfo_t *info, void *context)
{
	printf("handler: code %d at %ld\n", info->si_code,
		info->si_code > 0 ? (char *)info->si_addr - cut : 0L);
	if (info->si_code > 0)
		siglongjmp(out, 1);
}
static void set(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_flags = flags};
	action.sa_handler = handler;
	sigaddset(&action.sa_mask, SIGUSR1);
	MUST(sigaction(SIGBUS, &action, NULL) == 0);
}
static void handle_it(void)
{
	set((void (*)(int))handle, SA_SIGINFO);
}
static void fault(void)
{
	if (!sigsetjmp(out, 1))
		*(volatile char *)(cut + 2 * PAGE + 5) = 1;
}
static void ask(void)
{
	pid_t child;
	char *words[] = {"program", "ask", NULL};
	fflush(stdout);
	MUST(system("/proc/$PPID/exe ask") == 0);
	MUST(posix_spawn(&child, "/proc/self/exe", NULL, NULL, words, environ) == 0 &&
		waitpid(child, NULL, 0) == child);
	if ((child = fork()) == 0)
		execv("/proc/self/exe", words);
	MUST(waitpid(child, NULL, 0) == child);
	if ((child = vfork()) == 0) {
		execv("/proc/self/exe", words);
		_exit(1);
	}
	MUST(waitpid(child, NULL, 0) == child);
}
static void sent(void)
{
	MUST(raise(SIGBUS) == 0);
	kill(getpid(), SIGBUS);
	touch();
}
static void ignored(void)
{
	set(SIG_IGN, 0);
}
static void reset(void)
{
	handle_it();
	set(SIG_DFL, SA_RESTART);
}
static void by_signal(void)
{
	signal(SIGBUS, SIG_IGN);
	printf("%d\n", signal(SIGBUS, SIG_DFL) == SIG_IGN);
	printf("%d\n", signal(SIGBUS, SIG_IGN) == SIG_DFL);
}
static void wait_for(void)
{
	sigset_t set;
	int number;
	sigemptyset(&set);
	sigaddset(&set, SIGBUS);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGBUS);
	MUST(sigwait(&set, &number) == 0);
	printf("waited for %d\n", number == SIGBUS);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}
static void once(void)
{
	set((void (*)(int))handle, SA_SIGINFO | SA_RESETHAND);
}
static void nothing(void)
{
}
/* In a process of its own, which may die of it. */
static void try(const char *name, void (*begin)(void), void (*act)(void))
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		begin();
		touch();
		say_action(name);
		touch();
		act();
		touch();
		say_action("after it");
		exit(0);
	}
	MUST(waitpid(child, &status, 0) == child);
	if (WIFSIGNALED(status))
		printf("%s: killed by %d\n", name, WTERMSIG(status));
	else
		printf("%s: exit %d\n", name, WEXITSTATUS(status));
}
static void fill_up(void)
{
	struct statvfs state;
	int fd = open("/dev/shm/filler", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && statvfs("/dev/shm", &state) == 0);
	MUST(posix_fallocate(fd, 0, state.f_bsize * state.f_bavail) == 0);
}
int main(int count, char **arguments)
{
	struct rlimit none = {0, 0};
	int fd;
	if (count > 1) {
		say_action("another program");
		return 0;
	}
	setrlimit(RLIMIT_CORE, &none);
	shared = mmap(NULL, PARTS * PART, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fd = make_file("file", 4 * PAGE);
	cut = map_shared(fd, 0, 4 * PAGE);
	MUST(ftruncate(fd, PAGE) == 0);
	fill_up();
	say_action("at first");
	try("default", nothing, fault);
	try("default, sent", nothing, sent);
	try("default, children", nothing, ask);
	try("ignored", ignored, fault);
	try("ignored, sent", ignored, sent);
	try("ignored, children", ignored, ask);
	try("handled", handle_it, fault);
	try("handled, sent", handle_it, sent);
	try("handled, children", handle_it, ask);
	try("handled before", reset, fault);
	try("handled before, sent", reset, sent);
	try("handled once", once, sent);
	try("by signal()", by_signal, sent);
	try("waited for", nothing, wait_for);
	return 0;
}
