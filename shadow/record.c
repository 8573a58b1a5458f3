#include "record.h"

#include "counters.h"
#include "hidden.h"
#include "sys.h"

#include "text.h"

enum {
	FILE_BYTES = 64 << 20,
	LEAST_BYTES = 1 << 16,
	RLIMIT_FSIZE_VALUE = 1,
};

#define PART_SUFFIX ".part"

static struct {
	struct rt_record_file *file;
	size_t room;
	size_t at; /* end of the record being written */
	size_t start;
	bool full;
	char path[1200];
} record;

/* How large a file may be: a limit that is crossed would bring a signal to the program. */
static size_t size_limit(void)
{
	uint64_t limit[2] = {0, 0};
	if (rt_sys_failed(rt_syscall(__NR_prlimit64, 0, RLIMIT_FSIZE_VALUE, 0, (long)limit, 0, 0)))
		return LEAST_BYTES;
	return limit[0] < FILE_BYTES ? (size_t)limit[0] & ~(size_t)(RT_PAGE_BYTES - 1) : FILE_BYTES;
}

static int open_in(const char *folder)
{
	struct rt_text text = rt_text_init(record.path, sizeof(record.path));
	rt_text_add(&text, folder);
	rt_text_add(&text, "/");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	rt_text_add(&text, "-");
	rt_text_number(&text, rt_sys_clock_ns(0));
	rt_text_add(&text, RT_RECORD_SUFFIX PART_SUFFIX);
	return (int)rt_sys_open(record.path, RT_O_RDWR | RT_O_CREAT | RT_O_EXCL | RT_O_CLOEXEC, 0600);
}

static int open_file(const char *folder, size_t bytes)
{
	record.path[0] = 0;
	if (bytes < LEAST_BYTES)
		return -1;
	int descriptor = *folder ? open_in(folder)
				 : (int)rt_syscall(__NR_memfd_create, (long)"racetrack", 1, 0, 0, 0, 0);
	if (descriptor < 0)
		return -1;
	if (rt_sys_failed(rt_syscall(__NR_ftruncate, descriptor, (long)bytes, 0, 0, 0, 0))) {
		rt_sys_close(descriptor);
		return -1;
	}
	return descriptor;
}

/* A file has its name only once its header is whole: the process may be killed in between. */
static void name_file(void)
{
	char part[sizeof(record.path)];
	rt_string_copy(part, sizeof(part), record.path);
	record.path[rt_string_bytes(part, sizeof(part)) - (sizeof(PART_SUFFIX) - 1)] = 0;
	rt_syscall(__NR_rename, (long)part, (long)record.path, 0, 0, 0, 0);
}

bool rt_record_open(const char *folder)
{
	size_t bytes = size_limit();
	int descriptor = open_file(folder, bytes);
	int flags = RT_MAP_SHARED | (descriptor < 0 ? RT_MAP_ANONYMOUS : 0);
	record.room = descriptor < 0 ? FILE_BYTES : bytes;
	record.file = rt_sys_mmap(NULL, record.room, RT_PROT_READ | RT_PROT_WRITE, flags, descriptor, 0);
	rt_hidden_put(RT_HIDDEN_RECORD, descriptor);
	if (!record.file)
		return false;
	struct rt_record_file *file = record.file;
	rt_bytes_copy(file->magic, RT_RECORD_MAGIC, sizeof(file->magic));
	file->version = RT_RECORD_VERSION;
	file->header_bytes = sizeof(*file);
	file->pid = (uint32_t)rt_sys_getpid();
	file->state = RT_FILE_RUNNING;
	file->start_ns = rt_sys_clock_ns(0);
	__atomic_store_n(&file->committed_bytes, sizeof(*file), __ATOMIC_RELEASE);
	if (record.path[0])
		name_file();
	return true;
}

bool rt_record_reopen(const char *folder)
{
	if (record.file)
		rt_sys_munmap(record.file, record.room);
	rt_hidden_drop(RT_HIDDEN_RECORD);
	record.file = NULL;
	return rt_record_open(folder);
}

void rt_record_close(void)
{
	int descriptor = rt_hidden_get(RT_HIDDEN_RECORD);
	if (!record.file || descriptor < 0 || !record.path[0])
		return;
	/* A sparse file of 64 MiB frightens people. Nothing is written past this point. */
	rt_syscall(__NR_ftruncate, descriptor,
		(long)((record.file->committed_bytes + RT_PAGE_BYTES - 1) & ~(uint64_t)(RT_PAGE_BYTES - 1)),
		0, 0, 0, 0);
	record.room = record.file->committed_bytes;
}

struct rt_record_file *rt_record_header(void)
{
	return record.file;
}

const char *rt_record_path(void)
{
	return record.path;
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
	record.start = record.at = record.file ? record.file->committed_bytes : 0;
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
