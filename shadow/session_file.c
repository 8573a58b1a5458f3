/* The file of a session: its name, who may join, making it and removing it. */
#include "session_parts.h"

#include "arena.h"
#include "fault.h"
#include "text.h"

enum { NAME_BYTES = 64, NAME_FIELDS = 3, PATH_BYTES = 128 };

static const char *const folders[] = {"/dev/shm/", "/tmp/"};
static const char prefix[] = "racetrack-";

static struct {
	char name[NAME_BYTES];
	char path[PATH_BYTES]; /* of the one that was joined */
	struct rt_sys_identity identity;
} file;

/* What the kernel says of a file: the beginning of struct stat. */
struct file_state {
	uint64_t device, inode, links;
	uint32_t mode, user;
	uint32_t group, padding;
	uint64_t special;
	int64_t bytes;
	uint64_t rest[12];
};

static bool file_state(int fd, struct file_state *state)
{
	return !rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)state, 0, 0, 0, 0));
}

static uint32_t effective_user(void)
{
	return (uint32_t)rt_syscall(__NR_geteuid, 0, 0, 0, 0, 0, 0);
}

static void make_path(char *path, const char *folder, const char *name, const char *end)
{
	struct rt_text text = rt_text_init(path, PATH_BYTES);
	rt_text_add(&text, folder);
	rt_text_add(&text, prefix);
	rt_text_add(&text, name);
	rt_text_add(&text, end);
}

static uint64_t layout(void)
{
	return rt_hash64(RT_SESSION_BYTES) ^ rt_hash64(RT_SESSION_SHADOW + sizeof(struct rt_granule)) ^
	       RT_SESSION_VERSION;
}

/* Maps an open file that is a session's. */
static bool map_file(int fd)
{
	const int flags = RT_MAP_SHARED | RT_MAP_NORESERVE, both = RT_PROT_READ | RT_PROT_WRITE;
	struct rt_session_tables *tables = rt_sys_mmap(NULL, sizeof(*tables), both, flags, fd, 0);
	char *shadow = tables ? rt_sys_mmap(NULL, RT_SESSION_SHADOW_BYTES, both, flags, fd, RT_SESSION_SHADOW)
			      : NULL;
	if (!shadow) {
		if (tables)
			rt_sys_munmap(tables, sizeof(*tables));
		return rt_session_refuse("there is not enough address space");
	}
	rt_sys_madvise(tables, sizeof(*tables), RT_MADV_DONTDUMP);
	rt_sys_madvise(shadow, RT_SESSION_SHADOW_BYTES, RT_MADV_DONTDUMP);
	rt_reserved_add(tables, sizeof(*tables));
	rt_reserved_add(shadow, RT_SESSION_SHADOW_BYTES);
	rt_session.shadow = shadow;
	rt_fault_begin(tables, shadow);
	rt_session_live = &tables->header.live;
	__atomic_store_n(&rt_session.tables, tables, __ATOMIC_RELEASE);
	return true;
}

/* A file that others can't have written: only then it is mapped. */
static bool is_ours(int fd, struct file_state *state)
{
	enum { TYPE = 0170000, REGULAR = 0100000, OTHERS = 077 };
	if (!file_state(fd, state) || (state->mode & TYPE) != REGULAR || state->links != 1)
		return rt_session_refuse("the session's file is none");
	if (state->user != effective_user() || state->mode & OTHERS)
		return rt_session_refuse("the session is another user's");
	return true;
}

static bool read_header(int fd, struct rt_session_header *header)
{
	return rt_syscall(__NR_pread64, fd, (long)header, sizeof(*header),
		       offsetof(struct rt_session_tables, header), 0, 0) == sizeof(*header);
}

/* Its maker gave it its name when all was in it. */
static bool is_valid(int fd, const struct file_state *state)
{
	struct rt_session_header header;
	bool whole = (uint64_t)state->bytes == RT_SESSION_BYTES && read_header(fd, &header);
	if (!whole || header.magic != RT_SESSION_MAGIC || header.version != RT_SESSION_VERSION ||
		header.layout != layout())
		return rt_session_refuse("the session's file is damaged, or another version's");
	return true;
}

enum { RT_O_NOFOLLOW = 0400000, RT_O_NONBLOCK = 04000 };

/* Joins what is there under the path. */
static bool join(const char *path)
{
	struct file_state state;
	long fd = rt_sys_open(path, RT_O_RDWR | RT_O_CLOEXEC | RT_O_NOFOLLOW | RT_O_NONBLOCK, 0);
	if (rt_sys_failed(fd)) {
		enum { ENOENT_VALUE = 2, EACCES_VALUE = 13 };
		return fd == -ENOENT_VALUE   ? false
		       : fd == -EACCES_VALUE ? rt_session_refuse("the session is another user's")
					     : rt_session_refuse("the session's file can't be opened");
	}
	bool joined = is_ours((int)fd, &state) && is_valid((int)fd, &state) && map_file((int)fd);
	rt_sys_close((int)fd);
	if (joined) {
		rt_string_copy(file.path, sizeof(file.path), path);
		file.identity = (struct rt_sys_identity){state.device, state.inode};
	}
	return joined;
}

/* So much is left in the folder that the program's own files there will have room, too: a session takes a little more than
 * twice what is used of the shared memory. */
static bool has_room(const char *folder)
{
	const uint64_t least = 128 << 20;
	struct {
		uint64_t type, unit, blocks, free, available, rest[10];
	} state;
	return rt_sys_failed(rt_syscall(__NR_statfs, (long)folder, (long)&state, 0, 0, 0, 0)) ||
	       !state.blocks || state.available >= least / (state.unit ? state.unit : 1);
}

/* The first pages, which joining touches, are there from the start. */
static bool fill(int fd)
{
	enum { EOPNOTSUPP_VALUE = 95, FIRST_PROCESSES = 512 };
	long from = offsetof(struct rt_session_tables, header),
	     until = offsetof(struct rt_session_tables, processes[FIRST_PROCESSES]),
	     there = offsetof(struct rt_session_tables, there);
	struct rt_session_header header = {.magic = RT_SESSION_MAGIC,
		.version = RT_SESSION_VERSION,
		.bytes = sizeof(header),
		.layout = layout(),
		.blocks = RT_SESSION_FIRST_BLOCK,
		.lists = 1,
		.maker = (uint32_t)rt_sys_getpid(),
		.made = rt_session_now()};
	if (rt_sys_failed(rt_syscall(__NR_ftruncate, fd, RT_SESSION_BYTES, 0, 0, 0, 0)))
		return false;
	long given = rt_syscall(__NR_fallocate, fd, 0, from, until - from, 0, 0);
	if (!rt_sys_failed(given))
		given = rt_syscall(
			__NR_fallocate, fd, 0, there, sizeof(struct rt_session_tables) - (size_t)there, 0, 0);
	return (!rt_sys_failed(given) || given == -EOPNOTSUPP_VALUE) &&
	       rt_syscall(__NR_pwrite64, fd, (long)&header, sizeof(header), from, 0, 0) == sizeof(header);
}

/* Without a name until it is whole: who finds it finds all, and of a process that is killed meanwhile nothing is left. False: the
 * folder's file system has no such files, or it can't be named. */
static bool make_unnamed(const char *folder, const char *path)
{
	enum { O_TMPFILE_FLAGS = 020200000, AT_SYMLINK_FOLLOW_FLAG = 0x400 };
	char link[32];
	long fd = rt_sys_open(folder, RT_O_RDWR | RT_O_CLOEXEC | O_TMPFILE_FLAGS, 0600);
	if (rt_sys_failed(fd))
		return false;
	struct rt_text text = rt_text_init(link, sizeof(link));
	rt_text_add(&text, "/proc/self/fd/");
	rt_text_number(&text, (uint64_t)fd);
	/* Where somebody else was first it is theirs that is joined. */
	long linked = fill((int)fd) ? rt_syscall(__NR_linkat, RT_AT_FDCWD, (long)link, RT_AT_FDCWD,
					      (long)path, AT_SYMLINK_FOLLOW_FLAG, 0)
				    : -1;
	rt_sys_close((int)fd);
	return !rt_sys_failed(linked) || linked == -RT_EEXIST;
}

/* The same under another name. */
static bool make_named(const char *folder, const char *path)
{
	char fresh[PATH_BYTES], end[32];
	struct rt_text text = rt_text_init(end, sizeof(end));
	rt_text_add(&text, ".");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	make_path(fresh, folder, file.name, end);
	long fd = rt_sys_open(fresh, RT_O_RDWR | RT_O_CREAT | RT_O_EXCL | RT_O_CLOEXEC | RT_O_NOFOLLOW, 0600);
	if (rt_sys_failed(fd))
		return false;
	bool made = fill((int)fd);
	if (made)
		rt_syscall(__NR_linkat, RT_AT_FDCWD, (long)fresh, RT_AT_FDCWD, (long)path, 0, 0);
	rt_syscall(__NR_unlink, (long)fresh, 0, 0, 0, 0, 0);
	rt_sys_close((int)fd);
	return made;
}

/* False: it can't be made in this folder. */
static bool make_file(const char *folder)
{
	char path[PATH_BYTES];
	make_path(path, folder, file.name, "");
	return make_unnamed(folder, path) || make_named(folder, path);
}

/* ---- sessions that were killed ---- */

/* "USER-PID-TIME", of which the first is who may join. */
static bool is_name(const char *name)
{
	unsigned fields = 1;
	size_t bytes = rt_string_bytes(name, NAME_BYTES);
	for (size_t i = 0; i < bytes; i++) {
		fields += name[i] == '-';
		if (name[i] != '-' && (name[i] < '0' || name[i] > '9'))
			return false;
	}
	return bytes && bytes < NAME_BYTES && fields == NAME_FIELDS;
}

/* 0: no number, or more than that. */
static uint64_t number_at(const char *text)
{
	uint64_t number = 0;
	for (; *text; text++)
		if (*text < '0' || *text > '9' || number > UINT32_MAX)
			return 0;
		else
			number = 10 * number + (uint64_t)(*text - '0');
	return number;
}

/* None of those that were in it is left, nor who made it, and may not be in it yet. */
static bool is_deserted(int fd)
{
	enum { AT_ONCE = 128 };
	static struct rt_session_process processes[AT_ONCE]; /* the session's lock */
	struct rt_session_header header;
	if (!read_header(fd, &header) || header.magic != RT_SESSION_MAGIC ||
		rt_session_pid_lives(header.maker, header.made))
		return false;
	for (uint32_t i = 0; i < header.processes && i < RT_SESSION_PROCESSES; i += AT_ONCE) {
		long at = (long)(offsetof(struct rt_session_tables, processes) + i * sizeof(*processes));
		long got = rt_syscall(__NR_pread64, fd, (long)processes, sizeof(processes), at, 0, 0);
		for (uint32_t j = 0; j < AT_ONCE; j++)
			if (got != (long)sizeof(processes) || rt_session_lives(&processes[j]))
				return false;
	}
	return true;
}

/* ".../racetrack-USER-PID-TIME", and for one that is being made ".PID" after it: reports lie in these folders, too. */
static void remove_stale(const char *folder, const char *entry)
{
	char path[PATH_BYTES], name[NAME_BYTES];
	struct file_state state;
	if (!rt_bytes_equal(entry, prefix, sizeof(prefix) - 1))
		return;
	entry += sizeof(prefix) - 1;
	size_t bytes = 0;
	while (entry[bytes] && entry[bytes] != '.' && bytes + 1 < NAME_BYTES)
		bytes++;
	rt_string_copy(name, bytes + 1, entry);
	uint64_t maker = entry[bytes] == '.' ? number_at(&entry[bytes + 1]) : 0;
	if (!is_name(name) || (!maker && (entry[bytes] || rt_string_equal(name, file.name))))
		return;
	make_path(path, folder, name, entry + bytes);
	long fd = rt_sys_open(path, RT_O_CLOEXEC | RT_O_NOFOLLOW | RT_O_NONBLOCK, 0);
	if (rt_sys_failed(fd))
		return;
	bool stale = file_state((int)fd, &state) && state.user == effective_user() &&
		     (maker ? !rt_session_pid_lives((uint32_t)maker, 0)
			    : (uint64_t)state.bytes == RT_SESSION_BYTES && is_deserted((int)fd));
	rt_sys_close((int)fd);
	if (stale)
		rt_syscall(__NR_unlink, (long)path, 0, 0, 0, 0, 0);
}

static void clean(const char *folder)
{
	enum { O_DIRECTORY_FLAG = 0200000 };
	static char entries[8192] __attribute__((aligned(8))); /* the session's lock */
	struct entry {
		uint64_t inode, next;
		uint16_t bytes;
		uint8_t type;
		char name[];
	};
	long fd = rt_sys_open(folder, O_DIRECTORY_FLAG | RT_O_CLOEXEC, 0);
	if (rt_sys_failed(fd))
		return;
	for (;;) {
		long used = rt_syscall(__NR_getdents64, fd, (long)entries, sizeof(entries), 0, 0, 0);
		if (used <= 0)
			break;
		for (long at = 0; at < used;) {
			const struct entry *entry = (const struct entry *)(entries + at);
			remove_stale(folder, entry->name);
			at += entry->bytes;
		}
	}
	rt_sys_close((int)fd);
}

/* ---- joining, and the end ---- */

bool rt_session_file_join(void)
{
	char path[PATH_BYTES];
	for (size_t i = 0; i < RT_COUNT(folders) && !rt_session_is_refused(); i++) {
		make_path(path, folders[i], file.name, "");
		if (join(path))
			return true;
	}
	return false;
}

bool rt_session_file_make(void)
{
	if (rt_sys_file_limit() < RT_SESSION_BYTES)
		return rt_session_refuse("files may not be so large (ulimit -f)");
	for (size_t i = 0; i < RT_COUNT(folders); i++) {
		clean(folders[i]);
		if (has_room(folders[i]) && make_file(folders[i]) && rt_session_file_join())
			return true;
	}
	return rt_session_refuse("there is no room for a file in /dev/shm, and none in /tmp");
}

/* The file that has the name now is the session's. */
void rt_session_file_remove(void)
{
	struct file_state state;
	long found = rt_syscall(__NR_lstat, (long)file.path, (long)&state, 0, 0, 0, 0);
	if (!rt_sys_failed(found) && state.device == file.identity.device &&
		state.inode == file.identity.inode)
		rt_syscall(__NR_unlink, (long)file.path, 0, 0, 0, 0, 0);
}

void rt_session_make_name(void)
{
	enum { REALTIME = 0 };
	struct rt_text text = rt_text_init(file.name, NAME_BYTES);
	rt_text_number(&text, effective_user());
	rt_text_add(&text, "-");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	rt_text_add(&text, "-");
	rt_text_number(&text, rt_sys_clock_ns(REALTIME));
}

const char *rt_session_name(void)
{
	return file.name;
}

bool rt_session_set_name(const char *name)
{
	bool good = is_name(name);
	if (good)
		rt_string_copy(file.name, NAME_BYTES, name);
	return good;
}
