#include "store.h"

#include "shadow/engine.h"
#include "shadow/environment.h"
#include "shadow/process.h"
#include "shadow/sys.h"
#include "shadow/text.h"

#include <sys/auxv.h>
#include <sys/stat.h>

enum {
	O_DIRECTORY_VALUE = 0200000,
	O_NOFOLLOW_VALUE = 0400000,
	O_NONBLOCK_VALUE = 04000, /* a pipe of that name must not make anybody wait */
	AT_REMOVEDIR_NOT = 0,
	MODE_FOLDER = 0700,
	MODE_FILE = 0600,
	WRITABLE_BY_OTHERS = 022,
	PATH_ROOM = 4096,
	ENTRIES_BYTES = 1 << 15,
	REMOVED_MOST = 256,     /* in one go */
	REFRESH_SECONDS = 3600, /* a file's time says when it was last used, about */
	PART_SECONDS = 600,     /* whoever began a file this long ago does not write any more */
	STORE_LOG = 30,
};
#define STORE_MOST ((uint64_t)1 << STORE_LOG) /* bytes of all files */

static const char part_prefix[] = "part-";

static struct {
	int folder;
	char part[RT_STORE_NAME]; /* the file that is being written */
} store = {.folder = RT_STORE_NONE};

/* ---- the folder ---- */

/* The path of the folder, with all but its last name in existence if that is ours to make; false: there is none. */
static bool find_path(char *path, size_t room)
{
	struct rt_text text = rt_text_init(path, room);
	const char *home = rt_environment_home(), *caches = rt_environment_caches();
	if (rt_options.rewrite_cache[0] == '/') {
		rt_text_add(&text, rt_options.rewrite_cache);
		return true;
	}
	if (caches[0] == '/') {
		rt_text_add(&text, caches);
	} else if (home[0] == '/') {
		rt_text_add(&text, home);
		rt_text_add(&text, "/.cache");
		rt_syscall(__NR_mkdir, (long)path, MODE_FOLDER, 0, 0, 0, 0);
	} else {
		return false;
	}
	rt_text_add(&text, "/racetrack");
	return text.used + 1 < room;
}

static bool is_ours(int descriptor, unsigned type, struct stat *status)
{
	if (rt_sys_failed(rt_syscall(__NR_fstat, descriptor, (long)status, 0, 0, 0, 0)))
		return false;
	return (status->st_mode & S_IFMT) == type && !(status->st_mode & WRITABLE_BY_OTHERS) &&
	       status->st_uid == (uid_t)rt_syscall(__NR_geteuid, 0, 0, 0, 0, 0, 0);
}

static int open_folder(void)
{
	char path[PATH_ROOM];
	struct stat status;
	if (rt_string_equal(rt_options.rewrite_cache, "off") || getauxval(AT_SECURE) ||
		rt_process_is_confined() || !find_path(path, sizeof(path)))
		return RT_STORE_NONE;
	rt_syscall(__NR_mkdir, (long)path, MODE_FOLDER, 0, 0, 0, 0);
	int folder = (int)rt_sys_open(path, O_DIRECTORY_VALUE | O_NOFOLLOW_VALUE | RT_O_CLOEXEC, 0);
	if (folder < 0)
		return RT_STORE_NONE;
	if (is_ours(folder, S_IFDIR, &status))
		return folder;
	if (rt_options.verbosity)
		rt_process_say("rewritten code is not kept: this folder is not the user's alone: ", path);
	rt_sys_close(folder);
	return RT_STORE_NONE;
}

void rt_store_open(void)
{
	store.folder = open_folder();
}

bool rt_store_is_open(void)
{
	return store.folder != RT_STORE_NONE;
}

void rt_store_close(void)
{
	if (rt_store_is_open())
		rt_sys_close(store.folder);
	store.folder = RT_STORE_NONE;
}

static long open_in(const char *name, int flags, int mode)
{
	return rt_syscall(__NR_openat, store.folder, (long)name,
		flags | O_NOFOLLOW_VALUE | O_NONBLOCK_VALUE | RT_O_CLOEXEC, mode, 0, 0);
}

void rt_store_remove(const char *name)
{
	rt_syscall(__NR_unlinkat, store.folder, (long)name, AT_REMOVEDIR_NOT, 0, 0, 0);
}

/* ---- reading and writing ---- */

static int64_t now_seconds(void)
{
	return (int64_t)(rt_sys_clock_ns(0) / 1000000000u);
}

int rt_store_find(const char *name, uint64_t *bytes)
{
	struct stat status;
	int file = rt_store_is_open() ? (int)open_in(name, 0, 0) : RT_STORE_NONE;
	if (file < 0)
		return RT_STORE_NONE;
	if (!is_ours(file, S_IFREG, &status)) {
		rt_sys_close(file);
		return RT_STORE_NONE;
	}
	*bytes = (uint64_t)status.st_size;
	if (now_seconds() - status.st_mtime > REFRESH_SECONDS)
		rt_syscall(__NR_utimensat, file, 0, 0, 0, 0, 0);
	return file;
}

bool rt_store_read(int file, void *to, size_t bytes)
{
	for (size_t done = 0; done < bytes;) {
		long got = rt_sys_read(file, (char *)to + done, bytes - done);
		if (got <= 0 && got != -RT_EINTR)
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

bool rt_store_write(int file, const void *from, size_t bytes)
{
	for (size_t done = 0; done < bytes;) {
		long put = rt_sys_write(file, (const char *)from + done, bytes - done);
		if (put <= 0 && put != -RT_EINTR)
			return false;
		done += put > 0 ? (size_t)put : 0;
	}
	return true;
}

/* ---- what is too much ---- */

struct entry { /* the kernel's struct linux_dirent64 */
	uint64_t inode, next;
	uint16_t bytes;
	uint8_t type;
	char name[];
};

struct census {
	uint64_t bytes;
	int64_t oldest;
	char name[256]; /* of the oldest; "" where there is none */
};

static void count_file(struct census *census, const char *name, int64_t now)
{
	struct stat status;
	enum { SYMLINK_NOFOLLOW = 0x100 };
	if (rt_sys_failed(rt_syscall(
		    __NR_newfstatat, store.folder, (long)name, (long)&status, SYMLINK_NOFOLLOW, 0, 0)) ||
		(status.st_mode & S_IFMT) != S_IFREG)
		return;
	bool is_part = rt_bytes_equal(name, part_prefix, sizeof(part_prefix) - 1);
	if (is_part && now - status.st_mtime > PART_SECONDS) {
		rt_store_remove(name);
		return;
	}
	census->bytes += (uint64_t)status.st_size;
	if (is_part || (census->name[0] && status.st_mtime >= census->oldest))
		return;
	census->oldest = status.st_mtime;
	rt_string_copy(census->name, sizeof(census->name), name);
}

/* False: the folder can't be read. */
static bool take_census(struct census *census, char *entries)
{
	census->bytes = 0;
	census->name[0] = 0;
	rt_syscall(__NR_lseek, store.folder, 0, 0, 0, 0, 0);
	for (;;) {
		long got = rt_syscall(__NR_getdents64, store.folder, (long)entries, ENTRIES_BYTES, 0, 0, 0);
		if (got <= 0)
			return !got;
		for (long at = 0; at < got; at += ((struct entry *)(void *)(entries + at))->bytes)
			count_file(census, ((struct entry *)(void *)(entries + at))->name, now_seconds());
	}
}

static void bound_store(void)
{
	struct census census;
	char *entries = rt_alloc(ENTRIES_BYTES);
	for (unsigned i = 0; entries && i < REMOVED_MOST; i++) {
		if (!take_census(&census, entries) || census.bytes <= STORE_MOST || !census.name[0])
			break;
		rt_store_remove(census.name);
	}
	rt_free(entries, ENTRIES_BYTES);
}

/* ---- fresh files ---- */

static void name_part(void)
{
	static uint32_t number;
	struct rt_text text = rt_text_init(store.part, sizeof(store.part));
	rt_text_add(&text, part_prefix);
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	rt_text_add(&text, "-");
	rt_text_number(&text, rt_sys_clock_ns(0));
	rt_text_add(&text, "-");
	rt_text_number(&text, number++);
}

/* A file larger than the limit would be a signal. */
int rt_store_begin(uint64_t bytes)
{
	if (!rt_store_is_open() || bytes > rt_sys_file_limit() || bytes > STORE_MOST / 2)
		return RT_STORE_NONE;
	name_part();
	long file = open_in(store.part, RT_O_RDWR | RT_O_CREAT | RT_O_EXCL, MODE_FILE);
	return file < 0 ? RT_STORE_NONE : (int)file;
}

void rt_store_end(int file, const char *name, bool is_whole)
{
	rt_sys_close(file);
	if (!is_whole || rt_sys_failed(rt_syscall(__NR_renameat, store.folder, (long)store.part, store.folder,
				 (long)name, 0, 0)))
		rt_store_remove(store.part);
	else
		bound_store();
}
