#include "record.h"

#include "arena.h"
#include "child.h"
#include "counters.h"
#include "hidden.h"
#include "sys.h"
#include "text.h"

enum {
	FILE_BYTES = 64 << 20,
	LEAST_BYTES = 1 << 16,
	RLIMIT_FSIZE_VALUE = 1,
	ENOMEM_VALUE = 12,
	EFBIG_VALUE = 27,
	ENOSPC_VALUE = 28,
};

#define PART_SUFFIX ".part"

static struct {
	const char *folder;
	struct rt_record_file *file;
	size_t room;
	bool is_public;    /* it is a file; else a draft in memory */
	bool keeps_itself; /* that file has a name */
	bool is_named; /* a file of this process lies at `path`: that one, or what was saved of the draft */
	bool full;
	int error; /* of the last save */
	size_t at; /* end of the record being written */
	size_t start;
	char path[1200];
} record RT_AT_FORK;

/* How large a file may be: a limit that is crossed would bring a signal to the program. */
static size_t size_limit(void)
{
	uint64_t limit[2] = {0, 0};
	if (rt_sys_failed(rt_syscall(__NR_prlimit64, 0, RLIMIT_FSIZE_VALUE, 0, (long)limit, 0, 0)))
		return LEAST_BYTES;
	return limit[0] < FILE_BYTES ? (size_t)limit[0] & ~(size_t)(RT_PAGE_BYTES - 1) : FILE_BYTES;
}

void rt_record_init(const char *folder)
{
	record.folder = folder;
	record.path[0] = 0;
}

/* ---- the draft ---- */

/* Shared memory: a child for want of descriptors writes into it. */
static bool make_draft(void)
{
	record.room = rt_reserve_share(FILE_BYTES, LEAST_BYTES);
	record.file = rt_sys_mmap(
		NULL, record.room, RT_PROT_READ | RT_PROT_WRITE, RT_MAP_SHARED | RT_MAP_ANONYMOUS, -1, 0);
	if (!record.file)
		return false;
	rt_reserved_add(record.file, record.room);
	struct rt_record_file *file = record.file;
	rt_bytes_copy(file->magic, RT_RECORD_MAGIC, sizeof(file->magic));
	file->version = RT_RECORD_VERSION;
	file->header_bytes = sizeof(*file);
	file->pid = (uint32_t)rt_sys_getpid();
	file->state = RT_FILE_RUNNING;
	file->start_ns = rt_sys_clock_ns(0);
	__atomic_store_n(&file->committed_bytes, sizeof(*file), __ATOMIC_RELEASE);
	return true;
}

static void unmap(void)
{
	rt_sys_munmap(record.file, record.room);
	rt_reserved_remove(record.file, record.room);
	record.file = NULL;
}

void rt_record_forked(void)
{
	if (record.file)
		unmap();
	rt_hidden_drop(RT_HIDDEN_RECORD);
	record.is_public = record.keeps_itself = record.is_named = record.full = false;
	record.path[0] = 0;
}

/* ---- files ---- */

static void choose_path(void)
{
	if (record.path[0] || !record.folder[0])
		return;
	struct rt_text text = rt_text_init(record.path, sizeof(record.path));
	rt_text_add(&text, record.folder);
	rt_text_add(&text, "/");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	rt_text_add(&text, "-");
	rt_text_number(&text, rt_sys_clock_ns(0));
	rt_text_add(&text, RT_RECORD_SUFFIX);
}

/* A file has its name only once its header is whole: the process may be killed in between. */
static void part_path(const char *path, char part[sizeof(record.path) + sizeof(PART_SUFFIX)])
{
	size_t bytes = rt_string_copy(part, sizeof(record.path), path);
	rt_string_copy(part + bytes, sizeof(PART_SUFFIX), PART_SUFFIX);
}

static int open_named(void)
{
	char part[sizeof(record.path) + sizeof(PART_SUFFIX)];
	if (record.is_named)
		return (int)rt_sys_open(record.path, RT_O_RDWR | RT_O_CLOEXEC, 0);
	part_path(record.path, part);
	return (int)rt_sys_open(part, RT_O_RDWR | RT_O_CREAT | RT_O_EXCL | RT_O_CLOEXEC, 0600);
}

static long give_name(void)
{
	char part[sizeof(record.path) + sizeof(PART_SUFFIX)];
	if (record.is_named || !record.path[0])
		return 0;
	part_path(record.path, part);
	long result = rt_syscall(__NR_rename, (long)part, (long)record.path, 0, 0, 0, 0);
	record.is_named = !rt_sys_failed(result);
	return result;
}

/* Opens the file that the draft becomes, of *argument bytes. */
static int open_file(void *argument)
{
	choose_path();
	int descriptor = record.path[0]
				 ? open_named()
				 : (int)rt_syscall(__NR_memfd_create, (long)"racetrack", 1, 0, 0, 0, 0);
	if (descriptor < 0)
		return -1;
	long bytes = (long)*(size_t *)argument;
	if (!rt_sys_failed(rt_syscall(__NR_ftruncate, descriptor, bytes, 0, 0, 0, 0)))
		return descriptor;
	rt_sys_close(descriptor);
	return -1;
}

bool rt_record_publish(void)
{
	if (record.is_public)
		return true;
	if (!record.file && !make_draft())
		return false;
	size_t limit = size_limit(), bytes = limit < record.room ? limit : record.room;
	if (bytes < LEAST_BYTES || bytes < record.file->committed_bytes ||
		!rt_hidden_open(RT_HIDDEN_RECORD, open_file, &bytes))
		return false;
	struct rt_record_file *draft = record.file;
	struct rt_record_file *file = rt_sys_mmap(
		NULL, bytes, RT_PROT_READ | RT_PROT_WRITE, RT_MAP_SHARED, rt_hidden_get(RT_HIDDEN_RECORD), 0);
	if (!file) {
		rt_hidden_drop(RT_HIDDEN_RECORD);
		return false;
	}
	rt_reserved_add(file, bytes);
	/* The kernel would read far ahead, which costs more than all the rest, to find nothing but zeros. */
	rt_sys_madvise(file, bytes, RT_MADV_RANDOM);
	rt_bytes_copy(file + 1, draft + 1, draft->committed_bytes - sizeof(*draft));
	rt_bytes_copy(file, draft, sizeof(*draft));
	unmap();
	record.file = file;
	record.room = bytes;
	record.is_public = true;
	record.keeps_itself = record.path[0];
	give_name();
	return true;
}

void rt_record_close(void)
{
	rt_hidden_drop(RT_HIDDEN_RECORD);
}

/* ---- a file of what there is now ---- */

/* All return 0, or an error as the kernel does. */
static long write_at(int descriptor, size_t from, size_t end)
{
	while (from < end) {
		long n = rt_syscall(__NR_pwrite64, descriptor, (long)record.file + (long)from,
			(long)(end - from), (long)from, 0, 0);
		if (n <= 0)
			return n ? n : -ENOSPC_VALUE;
		from += (size_t)n;
	}
	return 0;
}

/* The header last: until then it tells of what was there before. */
static long write_all(int descriptor)
{
	size_t header = sizeof(*record.file), end = record.file->committed_bytes;
	long result = write_at(descriptor, header, end);
	return result ? result : write_at(descriptor, 0, header);
}

static long save_to(int descriptor)
{
	if (descriptor < 0)
		return descriptor;
	long result = write_all(descriptor);
	rt_sys_close(descriptor);
	return result ? result : give_name();
}

static bool open_and_save(void)
{
	return !save_to(open_named());
}

/* 0, or an error. */
static long save(const char *path)
{
	if (!record.file)
		return -ENOMEM_VALUE;
	if (record.file->committed_bytes > size_limit())
		return -EFBIG_VALUE;
	if (path)
		rt_string_copy(record.path, sizeof(record.path), path);
	choose_path();
	int descriptor = open_named();
	if (descriptor != -RT_EMFILE)
		return save_to(descriptor);
	bool done = rt_child_run(open_and_save);
	record.is_named |= done;
	return done ? 0 : -RT_EMFILE;
}

bool rt_record_save(const char *path)
{
	bool is_kept = record.is_public && record.keeps_itself;
	record.error = is_kept ? 0 : (int)save(path);
	return !record.error;
}

int rt_record_error(void)
{
	return record.error;
}

struct rt_record_file *rt_record_header(void)
{
	return record.file;
}

const char *rt_record_path(void)
{
	return record.is_named ? record.path : "";
}

/* ---- writing ---- */

static char *take(size_t bytes)
{
	if (!record.file || record.at + bytes > record.room) {
		record.full = true;
		return NULL;
	}
	char *at = (char *)record.file + record.at;
	record.at += bytes;
	return at;
}

static void put(const void *bytes, size_t count)
{
	char *at = take(count);
	if (at)
		rt_bytes_copy(at, bytes, count);
}

void rt_record_begin(enum rt_record_kind kind)
{
	record.full = false;
	record.start = record.at = record.file || make_draft() ? record.file->committed_bytes : 0;
	struct rt_record head = {.kind = kind};
	put(&head, sizeof(head));
}

void rt_record_u8(uint8_t value)
{
	put(&value, sizeof(value));
}

void rt_record_u32(uint32_t value)
{
	put(&value, sizeof(value));
}

void rt_record_u64(uint64_t value)
{
	put(&value, sizeof(value));
}

void rt_record_bytes(const void *bytes, size_t count)
{
	rt_record_u32((uint32_t)count);
	put(bytes, count);
}

void rt_record_str(const char *text)
{
	rt_record_bytes(text, rt_string_bytes(text, 1 << 16));
}

size_t rt_record_hole(void)
{
	size_t hole = record.at;
	rt_record_u32(0);
	return hole;
}

void rt_record_fill(size_t hole, uint32_t value)
{
	if (!record.full)
		rt_bytes_copy((char *)record.file + hole, &value, sizeof(value));
}

void rt_record_commit(void)
{
	static const char padding[8];
	put(padding, -record.at & 7);
	if (record.full) {
		rt_count(RT_COUNTER_NO_RECORD);
		if (record.file)
			record.file->dropped_records++;
		return;
	}
	struct rt_record *head = (struct rt_record *)((char *)record.file + record.start);
	head->bytes = (uint32_t)(record.at - record.start);
	__atomic_store_n(&record.file->committed_bytes, record.at, __ATOMIC_RELEASE);
}
