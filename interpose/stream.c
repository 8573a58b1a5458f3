/* Streams: what they copy from and to the program's memory, what they pass on through their descriptor, and their lock.
 * Their own buffers are not told. */
#include "span.h"
#include "stream.h"
#include "wrap.h"

/* ---- blocks ---- */

#define TELL_BLOCK(name)                                                                                     \
	RT_TELL(name, {                                                                                      \
		RT_ACQUIRES_STREAM(file);                                                                    \
		RT_WRITES(to, came *bytes);                                                                  \
	})

#define TELL_OUTPUT(name, file, from, bytes)                                                                 \
	RT_TELL(name, {                                                                                      \
		RT_READS(from, bytes);                                                                       \
		RT_RELEASES_STREAM(file);                                                                    \
	})

size_t rt_wrap_fread(void *to, size_t bytes, size_t count, FILE *file)
{
	size_t came = rt_real.fread(to, bytes, count, file);
	TELL_BLOCK(fread);
	return came;
}

/* fread_unlocked and fwrite_unlocked are macros too: the parentheses keep them from expanding. */
size_t rt_wrap_fread_unlocked(void *to, size_t bytes, size_t count, FILE *file)
{
	size_t came = (rt_real.fread_unlocked)(to, bytes, count, file);
	TELL_BLOCK(fread_unlocked);
	return came;
}

size_t rt_wrap___fread_chk(void *to, size_t room, size_t bytes, size_t count, FILE *file)
{
	size_t came = rt_real.__fread_chk(to, room, bytes, count, file);
	TELL_BLOCK(__fread_chk);
	return came;
}

size_t rt_wrap___fread_unlocked_chk(void *to, size_t room, size_t bytes, size_t count, FILE *file)
{
	size_t came = rt_real.__fread_unlocked_chk(to, room, bytes, count, file);
	TELL_BLOCK(__fread_unlocked_chk);
	return came;
}

size_t rt_wrap_fwrite(const void *from, size_t bytes, size_t count, FILE *file)
{
	TELL_OUTPUT(fwrite, file, from, bytes * count);
	return rt_real.fwrite(from, bytes, count, file);
}

size_t rt_wrap_fwrite_unlocked(const void *from, size_t bytes, size_t count, FILE *file)
{
	TELL_OUTPUT(fwrite_unlocked, file, from, bytes * count);
	return (rt_real.fwrite_unlocked)(from, bytes, count, file);
}

/* ---- lines ---- */

/* A NULL is the end of the stream, which its writer made. `span`: what measures the line. */
#define TELL_LINE(name, line, span)                                                                          \
	RT_TELL_CAME(name, {                                                                                 \
		RT_ACQUIRES_STREAM(file);                                                                    \
		if (line)                                                                                    \
			RT_WRITES(line, span(line, SIZE_MAX));                                               \
	})
#define READS_LINE(name, character, span)                                                                    \
	character *rt_wrap_##name(character *to, int room, FILE *file)                                       \
	{                                                                                                    \
		character *line = rt_real.name(to, room, file);                                              \
		TELL_LINE(name, line, span);                                                                 \
		return line;                                                                                 \
	}
#define READS_LINE_CHECKED(name, character, span)                                                            \
	character *rt_wrap_##name(character *to, size_t room, int size, FILE *file)                          \
	{                                                                                                    \
		character *line = rt_real.name(to, room, size, file);                                        \
		TELL_LINE(name, line, span);                                                                 \
		return line;                                                                                 \
	}

READS_LINE(fgets, char, rt_span_string)
READS_LINE(fgets_unlocked, char, rt_span_string)
READS_LINE_CHECKED(__fgets_chk, char, rt_span_string)
READS_LINE_CHECKED(__fgets_unlocked_chk, char, rt_span_string)
READS_LINE(fgetws, wchar_t, rt_span_wide_string)
READS_LINE(fgetws_unlocked, wchar_t, rt_span_wide_string)
READS_LINE_CHECKED(__fgetws_chk, wchar_t, rt_span_wide_string)
READS_LINE_CHECKED(__fgetws_unlocked_chk, wchar_t, rt_span_wide_string)

int rt_wrap_fputs(const char *text, FILE *file)
{
	TELL_OUTPUT(fputs, file, text, rt_span_string(text, SIZE_MAX));
	return rt_real.fputs(text, file);
}

int rt_wrap_fputs_unlocked(const char *text, FILE *file)
{
	TELL_OUTPUT(fputs_unlocked, file, text, rt_span_string(text, SIZE_MAX));
	return rt_real.fputs_unlocked(text, file);
}

int rt_wrap_puts(const char *text)
{
	TELL_OUTPUT(puts, stdout, text, rt_span_string(text, SIZE_MAX));
	return rt_real.puts(text);
}

int rt_wrap_fputws(const wchar_t *text, FILE *file)
{
	TELL_OUTPUT(fputws, file, text, rt_span_wide_string(text, SIZE_MAX));
	return rt_real.fputws(text, file);
}

int rt_wrap_fputws_unlocked(const wchar_t *text, FILE *file)
{
	TELL_OUTPUT(fputws_unlocked, file, text, rt_span_wide_string(text, SIZE_MAX));
	return rt_real.fputws_unlocked(text, file);
}

void rt_wrap_perror(const char *text)
{
	TELL_OUTPUT(perror, stderr, text, text ? rt_span_string(text, SIZE_MAX) : 0);
	rt_real.perror(text);
}

/* ---- lines of any length ---- */

#define TELL_GROWN_LINE(name, length)                                                                        \
	RT_TELL(name, {                                                                                      \
		RT_ACQUIRES_STREAM(file);                                                                    \
		if ((length) >= 0) {                                                                         \
			RT_WRITES(line, sizeof(*line));                                                      \
			RT_WRITES(room, sizeof(*room));                                                      \
			RT_WRITES(*line, (size_t)(length) + 1);                                              \
		}                                                                                            \
	})

ssize_t rt_wrap_getline(char **line, size_t *room, FILE *file)
{
	ssize_t length = rt_real.getline(line, room, file);
	TELL_GROWN_LINE(getline, length);
	return length;
}

ssize_t rt_wrap_getdelim(char **line, size_t *room, int delimiter, FILE *file)
{
	ssize_t length = rt_real.getdelim(line, room, delimiter, file);
	TELL_GROWN_LINE(getdelim, length);
	return length;
}

ssize_t rt_wrap___getdelim(char **line, size_t *room, int delimiter, FILE *file)
{
	ssize_t length = rt_real.__getdelim(line, room, delimiter, file);
	TELL_GROWN_LINE(__getdelim, length);
	return length;
}

/* ---- the lock, which is listed as held at all times ---- */

#define LOCK_KEY(file) ((uint64_t)(uintptr_t)(file))
#define TELL_LOCKED(name, file)                                                                              \
	RT_TELL_ALWAYS(name, rt_lock_acquire(self, &site, LOCK_KEY(file), "stream", RT_LOCK_EXCLUSIVE))

void rt_wrap_flockfile(FILE *file)
{
	rt_real.flockfile(file);
	TELL_LOCKED(flockfile, file);
}

int rt_wrap_ftrylockfile(FILE *file)
{
	int error = rt_real.ftrylockfile(file);
	if (!error)
		TELL_LOCKED(ftrylockfile, file);
	return error;
}

void rt_wrap_funlockfile(FILE *file)
{
	RT_TELL_ALWAYS(funlockfile, rt_lock_release(self, &site, LOCK_KEY(file), "stream"));
	rt_real.funlockfile(file);
}
