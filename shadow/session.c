#include "session.h"

#include "abroad.h"
#include "access.h"
#include "arena.h"
#include "fault.h"
#include "process.h"
#include "text.h"

enum {
	NAME_BYTES = 64,
	NAME_FIELDS = 4,
	PATH_BYTES = 128,
	KEY_TRIES = 256,
	COMING_SECONDS = 10, /* a child that has not come after so long will not */
};

enum { KEPT_IMAGE = 1, KEPT_DESCRIPTION = 2 };

struct rt_session rt_session RT_AT_FORK;
/* The entry of the process that this one was forked from. */
static RT_AT_FORK uint32_t parent = RT_SESSION_PROCESSES;
static const uint32_t not_live;
const uint32_t *rt_session_live = &not_live;

static const char *const folders[] = {"/dev/shm/", "/tmp/"};

static RT_AT_FORK struct {
	struct rt_spin spin;
	char name[NAME_BYTES];
	char path[PATH_BYTES];
	struct rt_sys_identity file;
	bool has_children; /* which may have made the file */
	const char *why;   /* it can't be had; NULL: it can, as far as is known */
	bool said;
} session;

static const char variable[] = "RACETRACK_SESSION=";
static const char prefix[] = "racetrack-";

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

static bool refuse(const char *why)
{
	session.why = why;
	return false;
}

/* The header may be gone, too. */
void rt_session_spoil(void)
{
	uint32_t spoilt = 1;
	if (!rt_session.tables || rt_session.spoilt)
		return;
	rt_session.spoilt = true;
	rt_sys_safe_write((uintptr_t)&rt_session.tables->header.spoilt, &spoilt, sizeof(spoilt));
}

static void say_why(void)
{
	if (session.why && !session.said)
		rt_process_say(
			"memory that processes share is not followed from one to another: ", session.why);
	session.said |= session.why != NULL;
}

/* ---- processes ---- */

static size_t read_file(const char *path, char *buffer, size_t room)
{
	long fd = rt_sys_open(path, RT_O_CLOEXEC, 0);
	long used = rt_sys_failed(fd) ? -1 : rt_sys_read((int)fd, buffer, room - 1);
	if (!rt_sys_failed(fd))
		rt_sys_close((int)fd);
	used = used > 0 ? used : 0;
	buffer[used] = 0;
	return (size_t)used;
}

/* What the kernel says of a process: false, where it has ended, whether it was waited for or not. */
static bool read_start(int pid, uint64_t *start)
{
	enum { FIELDS = 19 }; /* proc(5): the 22nd, of which the first two end with the last bracket */
	char path[64], line[512];
	struct rt_text text = rt_text_init(path, sizeof(path));
	rt_text_add(&text, "/proc/");
	rt_text_number(&text, (uint64_t)pid);
	rt_text_add(&text, "/stat");
	size_t used = read_file(path, line, sizeof(line)), at = used;
	while (at && line[at - 1] != ')')
		at--;
	bool ended = at + 1 < used && (line[at + 1] == 'Z' || line[at + 1] == 'X');
	for (unsigned field = 0; field <= FIELDS && at < used; field++)
		while (at < used && line[at++] != ' ')
			;
	*start = 0;
	for (; at < used && line[at] >= '0' && line[at] <= '9'; at++)
		*start = 10 * *start + (uint64_t)(line[at] - '0');
	return !ended;
}

/* 0: not known. */
static uint64_t start_of(uint32_t pid)
{
	uint64_t start;
	read_start((int)pid, &start);
	return start;
}

struct rt_session_process *rt_session_process(uint32_t index)
{
	if (index >= RT_SESSION_PROCESSES)
		return NULL;
	rt_fault_prevent(&rt_session.tables->processes[index], sizeof(struct rt_session_process));
	return &rt_session.tables->processes[index];
}

uint32_t rt_session_processes(void)
{
	uint32_t count = __atomic_load_n(&rt_session.tables->header.processes, __ATOMIC_RELAXED);
	return count < RT_SESSION_PROCESSES ? count : RT_SESSION_PROCESSES;
}

static bool pid_is_there(uint32_t pid)
{
	return pid && rt_syscall(__NR_kill, (long)pid, 0, 0, 0, 0, 0) != -RT_ESRCH;
}

static bool pid_lives(uint32_t pid, uint64_t start)
{
	uint64_t now;
	if (!pid_is_there(pid) || !read_start((int)pid, &now))
		return false;
	if (!now) /* it can't be asked for; or it has gone since */
		return pid_is_there(pid);
	return !start || now == start;
}

/* The state of an entry that changes now. What was claimed long ago has another number: of two that claim it one gets it. */
static uint32_t state_now(enum rt_session_process_state state)
{
	enum { MONOTONIC = 1 };
	return (uint32_t)(rt_sys_clock_ns(MONOTONIC) / 1000000000u) << 3 | state;
}

static bool has_begun(uint32_t state)
{
	return (state & 7) == RT_PROCESS_LIVES || (state & 7) == RT_PROCESS_FORKED;
}

bool rt_session_lives(struct rt_session_process *process)
{
	uint32_t state = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
	bool lives = has_begun(state) && pid_lives(process->pid, process->start);
	if (!lives && (state & 7) == RT_PROCESS_LIVES) /* it was killed: nobody need ask again */
		__atomic_compare_exchange_n(&process->state, &state, state_now(RT_PROCESS_ENDED), false,
			__ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
	return lives;
}

/* `scarce`: who is told of it later will see no more than its pid. */
static bool is_free(struct rt_session_process *process, uint32_t state, bool scarce)
{
	bool coming = (state & 7) == RT_PROCESS_FORKED &&
		      (state_now(RT_PROCESS_FORKED) >> 3) - (state >> 3) <= COMING_SECONDS;
	bool kept = process->kept & (scarce ? KEPT_IMAGE : ~0u);
	return state == RT_PROCESS_FREE || (!coming && !kept && !rt_session_lives(process));
}

/* A process that is killed in between is not to be taken for one that has the number of whoever had the entry before. When it
 * began is asked for when it is kept: that is a file to be read, and as long as it is nothing but alive its number will do. */
static void set_pid(struct rt_session_process *process)
{
	__atomic_store_n(&process->pid, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&process->start, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&process->pid, (uint32_t)rt_sys_getpid(), __ATOMIC_RELEASE);
}

static bool claim(struct rt_session_process *process, bool scarce)
{
	uint32_t claimed = state_now(RT_PROCESS_FORKED),
		 before = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
	if (!is_free(process, before, scarce))
		return false;
	before =
		__atomic_load_n(&process->state, __ATOMIC_ACQUIRE); /* it may have been found to have ended */
	if ((before & 7) == RT_PROCESS_LIVES || before == claimed ||
		!__atomic_compare_exchange_n(
			&process->state, &before, claimed, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return false;
	set_pid(process);
	return true;
}

/* Claims an entry; RT_SESSION_PROCESSES: there is none. One that was used before, if one of a few can be had. */
static uint32_t claim_process(void)
{
	enum { TRIES = 16, FEW = 64 };
	struct rt_session_process *processes = rt_session.tables->processes;
	uint32_t count = rt_session_processes();
	uint64_t seed = rt_hash64((uint64_t)rt_sys_gettid() + count);
	for (uint32_t i = 0; i < TRIES && count > FEW; i++) {
		uint32_t index = (uint32_t)(seed = rt_hash64(seed + i)) % count;
		if (claim(rt_session_process(index), false))
			return index;
	}
	uint32_t fresh = rt_session_take(&rt_session.tables->header.processes, RT_SESSION_PROCESSES, 1);
	bool there = fresh < RT_SESSION_PROCESSES && rt_fault_has_room(&processes[fresh], sizeof(*processes));
	if (there && claim(&processes[fresh], false))
		return fresh;
	for (uint32_t i = 0; i < count && fresh == RT_SESSION_PROCESSES; i++)
		if (claim(rt_session_process((uint32_t)(seed + i) % count), true))
			return (uint32_t)(seed + i) % count;
	return RT_SESSION_PROCESSES;
}

/* What it was forked from is described: it has the same program, and its arguments. */
static bool describe_as_parent(struct rt_session_description *own)
{
	const struct rt_session_process *process = rt_session_process(parent);
	if (!process || process->pid != rt_session_process(rt_session.process)->parent_pid ||
		!(__atomic_load_n(&process->kept, __ATOMIC_ACQUIRE) & KEPT_DESCRIPTION))
		return false;
	rt_fault_prevent(&rt_session.tables->descriptions[parent], sizeof(*own));
	rt_fault_prevent(own, sizeof(*own));
	rt_bytes_copy(own, &rt_session.tables->descriptions[parent], sizeof(*own));
	return true;
}

static void describe(struct rt_session_description *own)
{
	rt_fault_prevent(own, sizeof(*own));
	long bytes = rt_syscall(__NR_readlink, (long)"/proc/self/exe", (long)own->executable,
		sizeof(own->executable) - 1, 0, 0, 0);
	own->executable[bytes > 0 ? bytes : 0] = 0;
	bytes = rt_syscall(__NR_getcwd, (long)own->folder, sizeof(own->folder), 0, 0, 0, 0);
	if (bytes <= 0)
		own->folder[0] = 0;
	size_t used = read_file("/proc/self/cmdline", own->command, sizeof(own->command));
	for (size_t i = 0; i + 1 < used; i++)
		own->command[i] = own->command[i] ? own->command[i] : ' ';
}

void rt_session_keep(void)
{
	struct rt_session_process *own = rt_session_process(rt_session.process);
	if (RT_LIKELY(own->kept & KEPT_DESCRIPTION))
		return;
	own->start = start_of(own->pid);
	if (!describe_as_parent(&rt_session.tables->descriptions[rt_session.process]))
		describe(&rt_session.tables->descriptions[rt_session.process]);
	__atomic_fetch_or(&own->kept, KEPT_DESCRIPTION, __ATOMIC_RELEASE);
}

void rt_session_keep_image(void)
{
	struct rt_session_process *image = rt_session_process(rt_session.image);
	if (image && !(image->kept & KEPT_IMAGE))
		__atomic_fetch_or(&image->kept, KEPT_IMAGE, __ATOMIC_RELEASE);
}

/* Fills in this process's entry. When it began is asked for when it is kept: that is a file to be read, and as long as it is
 * nothing but alive its pid will do. */
static void enter_process(uint32_t index, uint32_t image)
{
	struct rt_session_process *process = &rt_session.tables->processes[index];
	set_pid(process);
	process->parent_pid = (uint32_t)rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	process->image = image;
	process->kept = 0;
	process->owned = 0;
	__atomic_store_n(&process->state, state_now(RT_PROCESS_LIVES), __ATOMIC_RELEASE);
	rt_session.process = index;
	rt_session.image = image;
}

/* ---- the file ---- */

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
		return refuse("there is not enough address space");
	}
	rt_sys_madvise(tables, sizeof(*tables), RT_MADV_DONTDUMP);
	rt_sys_madvise(shadow, RT_SESSION_SHADOW_BYTES, RT_MADV_DONTDUMP);
	rt_reserved_add(tables, sizeof(*tables));
	rt_reserved_add(shadow, RT_SESSION_SHADOW_BYTES);
	rt_abroad_init();
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
		return refuse("the session's file is none");
	if (state->user != effective_user() || state->mode & OTHERS)
		return refuse("the session is another user's");
	return true;
}

/* Its maker gave it its name when all was in it. */
static bool is_valid(int fd, const struct file_state *state)
{
	struct rt_session_header header;
	bool whole = (uint64_t)state->bytes == RT_SESSION_BYTES &&
		     rt_sys_read(fd, &header, sizeof(header)) == sizeof(header);
	if (!whole || header.magic != RT_SESSION_MAGIC || header.version != RT_SESSION_VERSION ||
		header.layout != layout())
		return refuse("the session's file is damaged, or another version's");
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
		       : fd == -EACCES_VALUE ? refuse("the session is another user's")
					     : refuse("the session's file can't be opened");
	}
	bool joined = is_ours((int)fd, &state) && is_valid((int)fd, &state) && map_file((int)fd);
	rt_sys_close((int)fd);
	if (joined) {
		rt_string_copy(session.path, sizeof(session.path), path);
		session.file = (struct rt_sys_identity){state.device, state.inode};
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
	long first = offsetof(struct rt_session_tables, processes[FIRST_PROCESSES]);
	struct rt_session_header header = {.magic = RT_SESSION_MAGIC,
		.version = RT_SESSION_VERSION,
		.bytes = sizeof(header),
		.layout = layout(),
		.blocks = RT_SESSION_FIRST_BLOCK,
		.lists = 1,
		.maker = (uint32_t)rt_sys_getpid(),
		.maker_start = start_of((uint32_t)rt_sys_getpid())};
	if (rt_sys_failed(rt_syscall(__NR_ftruncate, fd, RT_SESSION_BYTES, 0, 0, 0, 0)))
		return false;
	long given = rt_syscall(__NR_fallocate, fd, 0, 0, first, 0, 0);
	return (!rt_sys_failed(given) || given == -EOPNOTSUPP_VALUE) &&
	       rt_sys_write(fd, &header, sizeof(header)) == sizeof(header);
}

/* Under another name until it is whole: who finds it finds all. False: it can't be made in this folder. */
static bool make_file(const char *folder)
{
	char path[PATH_BYTES], fresh[PATH_BYTES], end[32];
	struct rt_text text = rt_text_init(end, sizeof(end));
	rt_text_add(&text, ".");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	make_path(path, folder, session.name, "");
	make_path(fresh, folder, session.name, end);
	long fd = rt_sys_open(fresh, RT_O_RDWR | RT_O_CREAT | RT_O_EXCL | RT_O_CLOEXEC | RT_O_NOFOLLOW, 0600);
	if (rt_sys_failed(fd))
		return false;
	/* Where somebody else was first it is theirs that is joined. */
	bool made = fill((int)fd);
	if (made)
		rt_syscall(__NR_linkat, RT_AT_FDCWD, (long)fresh, RT_AT_FDCWD, (long)path, 0, 0);
	rt_syscall(__NR_unlink, (long)fresh, 0, 0, 0, 0, 0);
	rt_sys_close((int)fd);
	return made;
}

/* ---- sessions that were killed ---- */

/* "USER-PID-TIME-1", as a process that is tracked makes it up, or "USER-PID-TIME", by whoever likes. The user is who may join. How
 * many numbers there are; 0: it is no name. */
static unsigned fields_of(const char *name)
{
	unsigned fields = 1;
	size_t bytes = rt_string_bytes(name, NAME_BYTES);
	for (size_t i = 0; i < bytes; i++) {
		fields += name[i] == '-';
		if (name[i] != '-' && (name[i] < '0' || name[i] > '9'))
			return 0;
	}
	bool made_up = fields == NAME_FIELDS && rt_string_equal(name + bytes - 2, "-1");
	return bytes < NAME_BYTES && (made_up || fields == NAME_FIELDS - 1) ? fields : 0;
}

static bool is_name(const char *name)
{
	return fields_of(name) != 0;
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
	static struct rt_session_process processes[AT_ONCE]; /* session.spin */
	struct rt_session_header header;
	if (rt_syscall(__NR_pread64, fd, (long)&header, sizeof(header), 0, 0, 0) != sizeof(header) ||
		header.magic != RT_SESSION_MAGIC || pid_lives(header.maker, header.maker_start))
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
static void remove_stale(const char *folder, const char *file)
{
	char path[PATH_BYTES], name[NAME_BYTES];
	struct file_state state;
	if (!rt_bytes_equal(file, prefix, sizeof(prefix) - 1))
		return;
	file += sizeof(prefix) - 1;
	size_t bytes = 0;
	while (file[bytes] && file[bytes] != '.' && bytes + 1 < NAME_BYTES)
		bytes++;
	rt_string_copy(name, bytes + 1, file);
	uint64_t maker = file[bytes] == '.' ? number_at(&file[bytes + 1]) : 0;
	if (!is_name(name) || rt_string_equal(name, session.name) || (file[bytes] && !maker))
		return;
	make_path(path, folder, name, file + bytes);
	long fd = rt_sys_open(path, RT_O_CLOEXEC | RT_O_NOFOLLOW | RT_O_NONBLOCK, 0);
	if (rt_sys_failed(fd))
		return;
	bool stale = file_state((int)fd, &state) && state.user == effective_user() &&
		     (maker ? !pid_lives((uint32_t)maker, 0)
			    : (uint64_t)state.bytes == RT_SESSION_BYTES && is_deserted((int)fd));
	rt_sys_close((int)fd);
	if (stale)
		rt_syscall(__NR_unlink, (long)path, 0, 0, 0, 0, 0);
}

static void clean(const char *folder)
{
	enum { O_DIRECTORY_FLAG = 0200000 };
	static char entries[8192] __attribute__((aligned(8))); /* session.spin */
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

/* ---- joining ---- */

static bool join_there(void)
{
	char path[PATH_BYTES];
	for (size_t i = 0; i < RT_COUNT(folders) && !session.why; i++) {
		make_path(path, folders[i], session.name, "");
		if (join(path))
			return true;
	}
	return false;
}

static bool enter(void)
{
	uint32_t index = claim_process();
	if (index == RT_SESSION_PROCESSES) {
		rt_session.tables = NULL;
		return refuse("the session has too many processes");
	}
	enter_process(index, index);
	struct rt_session_process *own = rt_session_process(index);
	own->start = start_of(own->pid);
	return true;
}

static bool make(void)
{
	if (rt_sys_file_limit() < RT_SESSION_BYTES)
		return refuse("files may not be so large (ulimit -f)");
	for (size_t i = 0; i < RT_COUNT(folders); i++) {
		clean(folders[i]);
		if (has_room(folders[i]) && make_file(folders[i]) && join_there())
			return true;
	}
	return refuse("there is no room for a file in /dev/shm, and none in /tmp");
}

bool rt_session_need(void)
{
	if (RT_LIKELY(rt_session.tables != NULL))
		return true;
	rt_spin_lock(&session.spin);
	bool joined = rt_session.tables || (!session.why && session.name[0] && rt_cells.linear &&
						   (join_there() || (!session.why && make())) && enter());
	rt_spin_unlock(&session.spin);
	say_why();
	return joined;
}

bool rt_session_find(void)
{
	if (RT_LIKELY(rt_session.tables != NULL))
		return true;
	rt_spin_lock(&session.spin);
	bool joined = rt_session.tables ||
		      (!session.why && session.name[0] && rt_cells.linear && join_there() && enter());
	rt_spin_unlock(&session.spin);
	return joined;
}

const char *rt_session_name(void)
{
	return session.name;
}

static void make_name(void)
{
	enum { REALTIME = 0 };
	struct rt_text text = rt_text_init(session.name, NAME_BYTES);
	rt_text_number(&text, effective_user());
	rt_text_add(&text, "-");
	rt_text_number(&text, (uint64_t)rt_sys_getpid());
	rt_text_add(&text, "-");
	rt_text_number(&text, rt_sys_clock_ns(REALTIME));
	rt_text_add(&text, "-1");
}

void rt_session_init(char **environment)
{
	const size_t bytes = sizeof(variable) - 1;
	while (environment && *environment && !rt_bytes_equal(*environment, variable, bytes))
		environment++;
	const char *given = environment && *environment ? *environment + bytes : NULL;
	if (!given) {
		make_name();
	} else if (is_name(given)) {
		rt_string_copy(session.name, NAME_BYTES, given);
		session.has_children = true; /* perhaps, before an exec */
		if (rt_cells.linear && join_there())
			enter();
	} else {
		refuse("RACETRACK_SESSION is no session's name");
	}
	say_why(); /* what was given is not good */
}

/* ---- forks and ends ---- */

static RT_AT_FORK uint32_t forked = RT_SESSION_PROCESSES; /* the entry that the child will have */

void rt_session_forking(void)
{
	if (rt_session.tables)
		forked = claim_process();
}

void rt_session_forked(void)
{
	if (!rt_session.tables)
		return;
	parent = rt_session.process;
	if (forked == RT_SESSION_PROCESSES) {
		rt_session.tables = NULL;
		refuse("the session has too many processes");
		return;
	}
	enter_process(forked, rt_session.image);
}

/* The file that has the name now is the session's. */
static void remove_file(void)
{
	struct file_state state;
	long found = rt_syscall(__NR_lstat, (long)session.path, (long)&state, 0, 0, 0, 0);
	if (!rt_sys_failed(found) && state.device == session.file.device && state.inode == session.file.inode)
		rt_syscall(__NR_unlink, (long)session.path, 0, 0, 0, 0, 0);
}

/* It goes on, as it is still this one's parent, and will look when it leaves itself. */
static bool parent_stays(const struct rt_session_process *own)
{
	const struct rt_session_process *process = rt_session_process(parent);
	return process && (__atomic_load_n(&process->state, __ATOMIC_SEQ_CST) & 7) == RT_PROCESS_LIVES &&
	       process->pid == own->parent_pid &&
	       rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0) == (long)own->parent_pid;
}

/* The process that the session is named after, if it is one of those that are tracked; 0: it is not. */
static uint32_t first_pid(void)
{
	uint64_t pid = 0;
	const char *at = session.name;
	while (*at && *at++ != '-')
		;
	for (; *at >= '0' && *at <= '9'; at++)
		pid = 10 * pid + (uint64_t)(*at - '0');
	return fields_of(session.name) == NAME_FIELDS ? (uint32_t)pid : 0;
}

/* It goes last: those that follow one another below it are in one session, whether they meet or not. */
static bool first_stays(void)
{
	uint32_t first = first_pid();
	return first != (uint32_t)rt_sys_getpid() && pid_lives(first, 0);
}

/* The first process was in no need of its session. */
static void remove_deserted(void)
{
	char path[PATH_BYTES];
	if (first_pid() != (uint32_t)rt_sys_getpid())
		return;
	for (size_t i = 0; i < RT_COUNT(folders) && session.has_children; i++) {
		make_path(path, folders[i], session.name, "");
		long fd = rt_sys_open(path, RT_O_CLOEXEC | RT_O_NOFOLLOW | RT_O_NONBLOCK, 0);
		if (rt_sys_failed(fd))
			continue;
		if (is_deserted((int)fd))
			rt_syscall(__NR_unlink, (long)path, 0, 0, 0, 0, 0);
		rt_sys_close((int)fd);
	}
}

void rt_session_begets(void)
{
	session.has_children = true;
}

void rt_session_leave(void)
{
	if (!rt_session.tables) {
		remove_deserted();
		return;
	}
	struct rt_session_process *own = rt_session_process(rt_session.process);
	__atomic_store_n(&own->state, state_now(RT_PROCESS_ENDED), __ATOMIC_SEQ_CST);
	if (parent_stays(own) || first_stays())
		return;
	for (uint32_t i = 0, count = rt_session_processes(); i < count; i++) {
		struct rt_session_process *process = rt_session_process(i);
		/* What this process was before an exec ends with it. */
		if (process->pid != own->pid && rt_session_lives(process))
			return;
	}
	remove_file();
}

/* ---- tables ---- */

uint32_t rt_session_take(uint32_t *given, uint32_t room, uint32_t count)
{
	uint32_t first = __atomic_load_n(given, __ATOMIC_RELAXED);
	do {
		if (first > room || room - first < count)
			return room;
	} while (!__atomic_compare_exchange_n(
		given, &first, first + count, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return first;
}

uint32_t rt_session_place(void *table, uint32_t count, size_t bytes, uint64_t key, bool create)
{
	uint32_t first = (uint32_t)rt_hash64(key);
	for (uint32_t i = 0; i < KEY_TRIES; i++) {
		uint32_t index = (first + i) & (count - 1);
		uint64_t *slot = (uint64_t *)((char *)table + index * bytes);
		rt_fault_prevent(slot, bytes);
		uint64_t there = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (!there && !create)
			return count;
		if (there == key || (!there && (__atomic_compare_exchange_n(slot, &there, key, false,
							__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
						       there == key)))
			return index;
	}
	return count;
}
