/* Reporting beside a running process: every new finding as text at once, the page when it ends.
 *
 * The process may be killed at any moment, may wait for us on its way out (RT_FILE_ENDING, see record_format.h), may go on
 * after an exec that failed, and may lose its record file to a clean-up. We must not keep anything of it alive: no
 * descriptor but the one for the text, no terminal signals, and an end of our own soon after its end. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "ends.h"
#include "formats.h"
#include "frames.h"
#include "output.h"
#include "reader.h"
#include "utf8.h"

enum { POLL_MS = 25, IMAGE_CHECK_POLLS = 20, MOST_WAIT_MS = 10000 };

struct follower {
	struct report_arguments arguments;
	struct report report;
	struct report_reader reader;
	FILE *text;
	int file;          /* the record file, writable, or -1 */
	int process;       /* pidfd, or -1 */
	bool gone;         /* the process, or the image that writes the file */
	bool untold;       /* text was printed since the last trailer */
	bool unpaged;      /* something new came since the page was written */
	bool page_failed;  /* the last one could not be written */
	bool mapping_seen; /* the process was seen to map the file */
	unsigned polls;
	int text_fd;
};

static void print_line(struct follower *follower, const char *text)
{
	fprintf(follower->text, "racetrack: %s\n", report_text_clean(text));
	fflush(follower->text);
}

static void print_group(void *context, const struct report_group *group)
{
	struct follower *follower = context;
	report_text_group(follower->text, group);
	fflush(follower->text);
	follower->untold = true;
}

static void on_suppression_error(void *context, const char *message)
{
	print_line(context, message);
}

static void take_findings(struct follower *follower)
{
	struct report_process *process = follower->reader.process;
	size_t before = process->finding_taken;
	report_reader_advance(&follower->reader);
	report_suppressions_take(&follower->report.suppressions, process, on_suppression_error, follower);
	report_findings_take(&follower->report, process, print_group, follower);
	follower->unpaged |= process->finding_taken != before;
}

static void write_page(struct follower *follower)
{
	const char *failure;
	if (!follower->unpaged)
		return;
	if (!follower->arguments.html || !follower->report.group_count) {
		follower->unpaged = false;
		return;
	}
	report_groups_sort(&follower->report);
	failure =
		report_file_write(follower->arguments.html, report_format_find("html", 4), &follower->report);
	follower->unpaged = false;
	if (failure && !follower->page_failed)
		print_line(follower,
			report_arena_format("%s (option log_path=PATH writes it elsewhere)", failure));
	follower->page_failed = failure != NULL;
	if (failure)
		return;
	print_line(follower, report_arena_format("the report is in %s", follower->arguments.html));
}

/* All that there is to say at an end: it may turn out not to be the last. */
static void report_all(struct follower *follower)
{
	bool told = !follower->untold && !follower->unpaged;
	take_findings(follower);
	report_end_look(follower->reader.process);
	if (told && !follower->untold && !follower->unpaged)
		return;
	report_text_trailer(follower->text, &follower->report);
	fflush(follower->text);
	follower->untold = false;
	write_page(follower);
}

/* Writes one of the header's words that are ours. */
static bool write_word(struct follower *follower, size_t offset)
{
	uint32_t one = 1;
	return follower->file >= 0 && pwrite(follower->file, &one, sizeof(one), (off_t)offset) == sizeof(one);
}

static bool is_set(struct follower *follower, size_t offset)
{
	uint32_t word = 0;
	return pread(follower->reader.fd, &word, sizeof(word), (off_t)offset) == sizeof(word) && word;
}

/* The process clears the word each time it waits: an exec that failed may be followed by another ending at once. */
static bool is_answered(struct follower *follower)
{
	return is_set(follower, offsetof(struct rt_record_file, reported));
}

static bool is_asked(struct follower *follower)
{
	return is_set(follower, offsetof(struct rt_record_file, asked));
}

/* The waiting process looks at the word in the file's pages; the mapping is only there to name the futex. */
static void answer(struct follower *follower)
{
	void *page;
	if (!write_word(follower, offsetof(struct rt_record_file, reported)))
		return;
	page = mmap(
		NULL, sizeof(struct rt_record_file), PROT_READ | PROT_WRITE, MAP_SHARED, follower->file, 0);
	if (page == MAP_FAILED)
		return;
	syscall(SYS_futex, (char *)page + offsetof(struct rt_record_file, reported), FUTEX_WAKE, INT32_MAX,
		NULL, NULL, 0);
	munmap(page, sizeof(struct rt_record_file));
}

/* Is the record file among the mappings of the process? */
static bool find_mapping(struct follower *follower)
{
	struct stat status;
	char *line = NULL;
	size_t room = 0;
	bool found = false;
	FILE *maps =
		fopen(report_arena_format("/proc/%" PRIu32 "/maps", follower->reader.process->pid), "re");
	if (!maps || fstat(follower->reader.fd, &status)) {
		if (maps)
			fclose(maps);
		return false;
	}
	while (!found && getline(&line, &room, maps) > 0) {
		unsigned major_number, minor_number;
		unsigned long inode;
		if (sscanf(line, "%*s %*s %*s %x:%x %lu", &major_number, &minor_number, &inode) != 3)
			continue;
		found = inode == status.st_ino && makedev(major_number, minor_number) == status.st_dev;
	}
	free(line);
	fclose(maps);
	return found;
}

/* After an exec the pid lives on with another program in it, which does not map the file. Where the mapping could not be
 * seen before either (some file systems, privileges dropped) we wait for the pid's end. */
static bool image_is_gone(struct follower *follower)
{
	return follower->mapping_seen && !find_mapping(follower);
}

static bool process_is_gone(struct follower *follower)
{
	struct pollfd poll_for = {follower->process, POLLIN, 0};
	if (follower->process >= 0)
		return poll(&poll_for, 1, POLL_MS) > 0;
	poll(NULL, 0, POLL_MS);
	return kill((pid_t)follower->reader.process->pid, 0) && errno == ESRCH;
}

static void look_once(struct follower *follower)
{
	const struct report_process *process = follower->reader.process;
	bool gone = process_is_gone(follower), asked = is_asked(follower);
	take_findings(follower);
	if (asked && process->state == RT_FILE_RUNNING && !is_answered(follower))
		answer(follower);
	if (process->state == RT_FILE_ENDING && !is_answered(follower)) {
		report_all(follower);
		answer(follower);
	} else if (process->ended && process->end_how == RT_END_EXEC &&
		   ++follower->polls % IMAGE_CHECK_POLLS == 0) {
		gone |= image_is_gone(follower);
	}
	follower->gone = gone || process->state == RT_FILE_ENDED || follower->reader.broken;
}

/* All of it, also where the program made the descriptor non-blocking; not for ever where nobody reads. Never fails: stdio
 * would stop printing for good. */
static ssize_t write_text(void *context, const char *text, size_t bytes)
{
	struct follower *follower = context;
	size_t done = 0;
	while (done < bytes) {
		ssize_t n = write(follower->text_fd, text + done, bytes - done);
		struct pollfd poll_for = {follower->text_fd, POLLOUT, 0};
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EAGAIN ? poll(&poll_for, 1, MOST_WAIT_MS) <= 0 : errno != EINTR)
			break;
	}
	return (ssize_t)bytes;
}

/* Nobody reads what is written there. */
static bool is_null(int fd)
{
	struct stat status;
	return fstat(fd, &status) || (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3));
}

/* The file, or in its place standard error, where that leads anywhere; then there is no page beside it either. */
static int open_text_file(struct report_arguments *arguments)
{
	int fd = open(arguments->text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd >= 0 || is_null(STDERR_FILENO))
		return fd;
	fprintf(stderr,
		"racetrack: option log_path: cannot write %s: %s; the text is printed here, and no page is "
		"written\n",
		report_text_clean(arguments->text), strerror(errno));
	arguments->html = NULL;
	return STDERR_FILENO;
}

static bool open_text(struct follower *follower)
{
	struct report_arguments *arguments = &follower->arguments;
	int fd = 2;
	char *end;
	if (arguments->text)
		fd = open_text_file(arguments);
	else if (arguments->text_fd) {
		long number = strtol(arguments->text_fd, &end, 10);
		fd = *end || end == arguments->text_fd || number < 0 || number > INT32_MAX ? -1 : (int)number;
	}
	follower->text_fd = fd;
	if (fd >= 0 && fcntl(fd, F_GETFL) >= 0)
		follower->text = fopencookie(follower, "w", (cookie_io_functions_t){.write = write_text});
	if (follower->text)
		return true;
	fprintf(stderr, "racetrack-report: cannot write the text to %s\n",
		report_text_clean(arguments->text ? arguments->text : arguments->text_fd));
	return false;
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Drops what was inherited: a pipe of the program's that we kept open would never end for its reader. */
static void drop_inherited(struct follower *follower)
{
	int keep[] = {follower->text_fd, follower->reader.fd, follower->file, follower->process};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int next = 3;
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		if (fd != keep[0] && fd != keep[1] && fd != keep[2] && fd != keep[3])
			dup2(null, fd);
	qsort(keep, sizeof(keep) / sizeof(keep[0]), sizeof(keep[0]), compare_numbers);
	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		if (keep[i] > next)
			syscall(SYS_close_range, next, keep[i] - 1, 0);
		if (keep[i] >= next)
			next = keep[i] + 1;
	}
	syscall(SYS_close_range, next, UINT32_MAX, 0);
}

static void detach_self(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTOU, SIGTTIN, SIGTERM};
	sigset_t none;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	/* never make a program wait at its end for a server of debug files */
	unsetenv("DEBUGINFOD_URLS");
}

static bool start_follower(struct follower *follower, const char *file)
{
	struct report_arguments *arguments = &follower->arguments;
	if (!report_reader_open(&follower->reader, file)) {
		print_line(follower, report_arena_format("%s: %s", file, follower->reader.wrong));
		return false;
	}
	follower->file = open(file, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	follower->process = (int)syscall(SYS_pidfd_open, follower->reader.process->pid, 0);
	follower->gone = follower->process < 0 && errno == ESRCH;
	write_word(follower, offsetof(struct rt_record_file, follower));
	follower->report.print_suppressions = !arguments->quiet_suppressions;
	if (arguments->suppressions)
		report_suppressions_read(&follower->report.suppressions, arguments->suppressions,
			on_suppression_error, follower);
	if (arguments->strip_path_prefix)
		report_frames_strip(arguments->strip_path_prefix);
	report_process_add(&follower->report, follower->reader.process);
	follower->mapping_seen = find_mapping(follower);
	return true;
}

int report_follow_run(char **argv, size_t count)
{
	static struct follower follower = {.file = -1, .process = -1};
	if (!report_arguments_parse(&follower.arguments, REPORT_FLAG_FOLLOW, argv, count))
		return REPORT_EXIT_BAD_INPUT;
	if (follower.arguments.rest_count != 1) {
		fputs("racetrack-report: --follow takes one record file\n", stderr);
		return REPORT_EXIT_BAD_INPUT;
	}
	if (!open_text(&follower))
		return REPORT_EXIT_BAD_INPUT;
	detach_self();
	/* before anything is closed: the file may be named by a descriptor, /proc/self/fd/3 */
	if (!start_follower(&follower, follower.arguments.rest[0]))
		return REPORT_EXIT_BAD_INPUT;
	drop_inherited(&follower);
	while (!follower.gone)
		look_once(&follower);
	report_all(&follower);
	if (follower.reader.process->state == RT_FILE_ENDING && !is_answered(&follower))
		answer(&follower);
	if (follower.reader.wrong)
		print_line(&follower,
			report_arena_format("%s: %s", follower.reader.process->file, follower.reader.wrong));
	if (follower.arguments.remove && !follower.unpaged && !follower.page_failed)
		unlink(follower.arguments.rest[0]);
	return report_warnings_count(&follower.report) ? REPORT_EXIT_FINDINGS : REPORT_EXIT_CLEAN;
}
