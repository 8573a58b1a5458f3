/* See reader.h. */
#include "reader.h"

#include "decode.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK_BYTES = 1 << 20,
	MOST_RECORD_BYTES =
		16 << 20, /* a command line may take 2 MiB, the kernel's limit; nothing else comes near */
	MOST_HEADER_BYTES = 1 << 20,
};

/* Reads until `bytes` or the end of the file; the bytes read. */
static size_t read_at(struct report_reader *reader, void *to, size_t bytes, uint64_t offset)
{
	size_t done = 0;
	while (done < bytes) {
		ssize_t n = pread(reader->fd, (char *)to + done, bytes - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

static void note_wrong(struct report_reader *reader, const char *text)
{
	if (!reader->wrong)
		reader->wrong = text;
}

static void note_broken(struct report_reader *reader, const char *text)
{
	note_wrong(reader, text);
	reader->broken = true;
}

static bool refuse_file(struct report_reader *reader, const char *text)
{
	note_broken(reader, text);
	report_reader_close(reader);
	return false;
}

/* What is wrong with the header, or NULL. */
static const char *check_header(const struct rt_record_file *header)
{
	if (memcmp(header->magic, RT_RECORD_MAGIC, sizeof(header->magic)))
		return "not a racetrack record file";
	if (header->version != RT_RECORD_VERSION)
		return report_arena_format("record format %" PRIu32 ", while this program reads format %u",
			header->version, RT_RECORD_VERSION);
	if (header->header_bytes < sizeof(*header) || header->header_bytes > MOST_HEADER_BYTES ||
		header->header_bytes % 8)
		return report_arena_format(
			"its header says that it is %" PRIu32 " bytes long", header->header_bytes);
	if (header->state < RT_FILE_RUNNING || header->state > RT_FILE_ENDED)
		return report_arena_format("its header names state %" PRIu32, header->state);
	if (header->committed_bytes > INT64_MAX)
		return "its header promises more bytes than a file can have";
	return NULL;
}

bool report_reader_open(struct report_reader *reader, const char *file)
{
	struct rt_record_file header;
	struct stat status;
	const char *wrong;
	memset(reader, 0, sizeof(*reader));
	/* O_NONBLOCK: a name may lead to a FIFO */
	reader->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (reader->fd < 0)
		return refuse_file(reader, report_arena_format("cannot open it: %s", strerror(errno)));
	if (fstat(reader->fd, &status) || !S_ISREG(status.st_mode))
		return refuse_file(reader, "not a regular file");
	if (read_at(reader, &header, sizeof(header), 0) < sizeof(header))
		return refuse_file(reader, "too short for a racetrack record file");
	wrong = check_header(&header);
	if (wrong)
		return refuse_file(reader, wrong);
	reader->offset = header.header_bytes;
	reader->buffer_bytes = CHUNK_BYTES;
	reader->buffer = malloc(reader->buffer_bytes);
	if (!reader->buffer)
		report_memory_fail();
	reader->process = report_arena_take(1, sizeof(*reader->process));
	reader->process->file = report_arena_copy(file, strlen(file));
	reader->process->pid = header.pid;
	reader->process->start_ns = header.start_ns;
	reader->process->state = header.state;
	reader->process->executable = reader->process->folder = reader->process->command = "";
	reader->process->options = reader->process->library = "";
	return true;
}

void report_reader_close(struct report_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->buffer);
	reader->fd = -1;
	reader->buffer = NULL;
}

/* The length that the record at `at` claims, or 0 after saying what is wrong with it. */
static size_t check_length(struct report_reader *reader, const struct rt_record *record, uint64_t committed)
{
	const char *why = NULL;
	if (record->bytes < sizeof(*record) || record->bytes % 8)
		why = "is no length of a record";
	else if (record->bytes > committed - reader->offset)
		why = "reaches past the last complete record";
	else if (record->bytes > MOST_RECORD_BYTES)
		why = "is more than any record has";
	if (!why)
		return record->bytes;
	note_broken(reader,
		report_arena_format("the record at offset %" PRIu64 ": its length of %" PRIu32 " bytes %s",
			reader->offset, record->bytes, why));
	return 0;
}

static void note_truncated(struct report_reader *reader, uint64_t committed)
{
	struct stat status = {0};
	(void)fstat(reader->fd, &status);
	note_broken(reader,
		report_arena_format("cut short: its header promises %" PRIu64 " bytes, it has %" PRId64,
			committed, (int64_t)status.st_size));
}

static void grow_buffer(struct report_reader *reader, size_t bytes)
{
	if (bytes <= reader->buffer_bytes)
		return;
	free(reader->buffer);
	reader->buffer = malloc(bytes);
	if (!reader->buffer)
		report_memory_fail();
	reader->buffer_bytes = bytes;
}

/* Decodes the complete records among the `have` bytes in the buffer and moves the offset past them. Returns the bytes that
 * the record after them needs. */
static size_t decode_buffer(struct report_reader *reader, size_t have, uint64_t committed)
{
	size_t at = 0;
	while (have - at >= sizeof(struct rt_record)) {
		struct rt_record record;
		size_t bytes;
		const char *wrong;
		memcpy(&record, reader->buffer + at, sizeof(record));
		bytes = check_length(reader, &record, committed);
		if (!bytes || bytes > have - at)
			return bytes;
		wrong = report_record_decode(reader->process, record.kind,
			reader->buffer + at + sizeof(record), bytes - sizeof(record));
		if (wrong)
			note_wrong(reader, report_arena_format("the record at offset %" PRIu64 ": %s",
						   reader->offset, wrong));
		at += bytes;
		reader->offset += bytes;
	}
	return sizeof(struct rt_record);
}

void report_reader_advance(struct report_reader *reader)
{
	struct rt_record_file header;
	const char *wrong;
	uint64_t committed;
	uint32_t state = 0;
	if (reader->broken)
		return;
	/* The state first and the length after it: who sees RT_FILE_ENDING then has all that came before it. */
	(void)read_at(reader, &state, sizeof(state), offsetof(struct rt_record_file, state));
	if (read_at(reader, &header, sizeof(header), 0) < sizeof(header)) {
		note_broken(reader, "its header has gone");
		return;
	}
	wrong = check_header(&header);
	if (wrong) {
		note_broken(reader, wrong);
		return;
	}
	reader->process->dropped_records = header.dropped_records;
	committed = header.committed_bytes;
	if (committed < reader->offset)
		note_broken(reader,
			"its header says that fewer bytes are complete than the first record's offset");
	while (!reader->broken && reader->offset < committed) {
		uint64_t left = committed - reader->offset;
		size_t want = left < reader->buffer_bytes ? (size_t)left : reader->buffer_bytes;
		size_t have = read_at(reader, reader->buffer, want, reader->offset);
		uint64_t before = reader->offset;
		size_t need = decode_buffer(reader, have, committed);
		if (reader->broken || reader->offset != before)
			continue;
		if (have < want)
			note_truncated(reader, committed);
		else if (need > left)
			note_broken(reader, "its last record is not complete");
		else
			grow_buffer(reader, need);
	}
	reader->process->state = state;
}
