/* See source.h. */
#include "source.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "model.h"

enum { MOST_BYTES = 16 << 20 };

struct source_file {
	const char *path;
	const char **lines;
	size_t count, room;
	UT_hash_handle hh;
};

static struct source_file *files;

/* The file's text, or NULL. A path from debug information may lead anywhere. */
static char *read_text(const char *path)
{
	struct stat status;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_size > 0 &&
		status.st_size <= MOST_BYTES) {
		size_t bytes = (size_t)status.st_size, done = 0;
		ssize_t n;
		text = report_arena_take(bytes + 1, 1);
		while (done < bytes && (n = read(fd, text + done, bytes - done)) > 0)
			done += (size_t)n;
		text[done] = 0;
	}
	close(fd);
	return text;
}

static struct source_file *open_source(const char *path)
{
	struct source_file *file;
	char *text, *end;
	HASH_FIND_STR(files, path, file);
	if (file)
		return file;
	file = report_arena_take(1, sizeof(*file));
	file->path = report_arena_copy(path, strlen(path));
	for (text = read_text(path); text && *text; text = end) {
		end = strchrnul(text, '\n');
		if (*end)
			*end++ = 0;
		file->lines =
			report_array_grow(file->lines, file->count, &file->room, sizeof(file->lines[0]));
		file->lines[file->count++] = text;
	}
	HASH_ADD_KEYPTR(hh, files, file->path, strlen(file->path), file);
	return file;
}

struct report_excerpt report_source_excerpt(
	const char *path, const char *folder, unsigned line, unsigned around)
{
	struct report_excerpt excerpt = {0};
	const struct source_file *file =
		open_source(*path == '/' ? path : report_arena_format("%s/%s", folder, path));
	if (!line || line > file->count)
		return excerpt;
	excerpt.first = line > around ? line - around : 1;
	excerpt.count = (line + around < file->count ? line + around : file->count) - excerpt.first + 1;
	excerpt.lines = file->lines + excerpt.first - 1;
	return excerpt;
}
