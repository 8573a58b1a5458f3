/* See output.h. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "utf8.h"

static const char *describe_failure(const char *path)
{
	return report_arena_format("cannot write %s: %s", report_text_clean(path), strerror(errno));
}

const char *report_file_write(
	const char *path, const struct report_format *format, const struct report *report)
{
	/* O_EXCL: a name that somebody else prepared, perhaps as a link, is not written through */
	const char *part = report_arena_format("%s.%d.part", path, (int)getpid());
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool failed;
	if (!out)
		return describe_failure(path);
	format->write(out, report);
	failed = ferror(out);
	if (fclose(out) || failed || rename(part, path)) {
		const char *failure = describe_failure(path);
		unlink(part);
		return failure;
	}
	return NULL;
}

const char *report_folder_make(const char *path)
{
	char *part = report_arena_copy(path, strlen(path));
	struct stat status;
	for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		mkdir(part, 0777);
		*slash = '/';
	}
	if (mkdir(part, 0777) && errno != EEXIST)
		return describe_failure(path);
	if (stat(path, &status) || !S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return describe_failure(path);
	}
	return NULL;
}
