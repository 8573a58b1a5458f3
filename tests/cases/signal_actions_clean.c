// cflags: -Wno-deprecated-declarations
// Actions are told back as they were set, in every way to set one, and handlers run as they were set to.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

extern int __sigaction(int, const struct sigaction *, struct sigaction *);
extern __sighandler_t bsd_signal(int, __sighandler_t);

static volatile sig_atomic_t runs, informed;

static void count(int number)
{
	(void)number;
	runs++;
}

static void other(int number)
{
	(void)number;
}

static void inform(int number, siginfo_t *info, void *context)
{
	informed += info->si_signo == number && info->si_code == SI_TKILL && context;
}

static void nest(int number)
{
	if (++runs < 3)
		raise(number);
}

static const char *name_of(__sighandler_t handler)
{
	return handler == SIG_DFL                  ? "default"
	       : handler == SIG_IGN                ? "ignored"
	       : handler == SIG_ERR                ? "error"
	       : handler == SIG_HOLD               ? "held"
	       : handler == count                  ? "count"
	       : handler == other                  ? "other"
	       : handler == nest                   ? "nest"
	       : (void *)handler == (void *)inform ? "inform"
						   : "?";
}

static void show(const char *what, int number)
{
	struct sigaction now;
	memset(&now, 0, sizeof now);
	MUST(sigaction(number, NULL, &now) == 0);
	printf("%s: %s %x", what, name_of(now.sa_handler), (unsigned)now.sa_flags);
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&now.sa_mask, i) == 1)
			printf(" %d", i);
	printf("\n");
}

static void set(int number, __sighandler_t handler, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;
	sigaddset(&action.sa_mask, SIGTERM);
	MUST(__sigaction(number, &action, &old) == 0);
	printf("before: %s %x\n", name_of(old.sa_handler), (unsigned)old.sa_flags);
	show("set", number);
}

static void by_sigaction(void)
{
	int flags[] = {0, SA_RESTART, SA_NODEFER, SA_RESETHAND, SA_ONSTACK | SA_RESETHAND,
		SA_RESETHAND | SA_NODEFER};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		set(SIGUSR1, i % 2 ? count : other, flags[i]);
		set(SIGUSR1, (__sighandler_t)inform, flags[i] | SA_SIGINFO);
	}
	set(SIGUSR1, SIG_IGN, SA_RESTART);
	set(SIGUSR1, SIG_DFL, SA_SIGINFO);
	printf("%d %d\n", sigaction(0, NULL, NULL),
		sigaction(SIGKILL, &(struct sigaction){.sa_handler = count}, NULL));
	printf("%d %s\n", sigaction(32, &(struct sigaction){.sa_handler = count}, NULL), strerror(errno));
}

static const char *said(__sighandler_t handler)
{
	return handler == SIG_ERR ? strerror(errno) : name_of(handler);
}

static void by_older_ways(void)
{
	printf("%s\n", name_of(signal(SIGUSR1, count)));
	show("signal", SIGUSR1);
	MUST(siginterrupt(SIGUSR1, 1) == 0);
	show("siginterrupt", SIGUSR1);
	printf("%s\n", name_of(bsd_signal(SIGUSR1, other)));
	show("bsd_signal", SIGUSR1);
	MUST(siginterrupt(SIGUSR1, 0) == 0);
	printf("%s\n", name_of(ssignal(SIGUSR1, count)));
	show("ssignal", SIGUSR1);
	printf("%s\n", name_of(sysv_signal(SIGUSR1, other)));
	show("sysv_signal", SIGUSR1);
	printf("%s\n", name_of(__sysv_signal(SIGUSR1, count)));
	show("__sysv_signal", SIGUSR1);
	printf("%s\n", name_of(sigset(SIGUSR1, SIG_HOLD)));
	printf("%s\n", name_of(sigset(SIGUSR1, other)));
	show("sigset", SIGUSR1);
	MUST(sigignore(SIGUSR1) == 0);
	printf("%s\n", name_of(signal(SIGUSR1, SIG_DFL)));
	printf("%s\n", said(signal(SIGKILL, count)));
	printf("%s\n", said(signal(1000, count)));
	printf("%s\n", said(signal(SIGUSR1, SIG_ERR)));
	printf("%s\n", said(sigset(1000, count)));
	printf("%s\n", said(sigset(SIGUSR1, SIG_ERR)));
	printf("%s\n", said(signal(SIGUSR1, SIG_DFL)));
}

static void once(void)
{
	struct sigaction action = {.sa_handler = nest, .sa_flags = SA_NODEFER};
	set(SIGCHLD, count, (int)SA_RESETHAND);
	runs = 0;
	raise(SIGCHLD);
	raise(SIGCHLD);
	printf("%d run\n", (int)runs);
	show("after", SIGCHLD);
	set(SIGCHLD, (__sighandler_t)inform, (int)SA_RESETHAND | SA_SIGINFO);
	raise(SIGCHLD);
	raise(SIGCHLD);
	printf("%d informed\n", (int)informed);
	show("after", SIGCHLD);
	runs = 0;
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("%d nested\n", (int)runs);
}

/* A vfork child has its parent's memory, and actions of its own. */
static void in_children(void)
{
	int status;
	signal(SIGUSR1, count);
	pid_t child = vfork();
	if (!child) {
		signal(SIGUSR1, other);
		signal(SIGUSR1, SIG_DFL);
		raise(SIGUSR1);
		_exit(0);
	}
	waitpid(child, &status, 0);
	printf("ended by %d\n", WTERMSIG(status));
	show("parent", SIGUSR1);
	runs = 0;
	raise(SIGUSR1);
	printf("%d run\n", (int)runs);
	fflush(stdout);
	child = fork();
	if (!child) {
		raise(SIGUSR1);
		_exit(runs);
	}
	waitpid(child, &status, 0);
	printf("%d run in the child\n", WEXITSTATUS(status));
}

int main(void)
{
	by_sigaction();
	by_older_ways();
	once();
	in_children();
	return 0;
}
