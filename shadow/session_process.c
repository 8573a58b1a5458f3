/* The processes of a session: who is in which entry, who lives, what is known of those that ended. */
#include "session_parts.h"

#include "fault.h"
#include "text.h"

enum { COMING_SECONDS = 10 /* a child that has not come after so long will not */ };
enum { KEPT_IMAGE = 1, KEPT_DESCRIPTION = 2 };

/* The entry of the process that this one was forked from. */
static RT_AT_FORK uint32_t parent = RT_SESSION_PROCESSES;

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

/* Fields of /proc/PID/stat, as proc(5) counts them; the first two end with the last bracket. */
enum { STAT_FLAGS = 9, STAT_THREADS = 20, STAT_START = 22, STAT_PENDING = 31, STAT_FIELDS };

static void read_fields(const char *at, uint64_t fields[STAT_FIELDS])
{
	for (unsigned field = 3; field < STAT_FIELDS; field++) {
		fields[field] = 0;
		for (; *at && *at != ' '; at++)
			fields[field] = 10 * fields[field] + (uint64_t)(*at - '0');
		at += *at == ' ';
	}
}

/* What the kernel says of a process: false, where it has ended, or is about to, whether it was waited for or not. Its first
 * thread may have ended before the others. */
static bool read_start(int pid, uint64_t *start)
{
	enum { EXITING = 4, KILLED = 1 << (9 - 1) };
	char path[64], line[512];
	uint64_t fields[STAT_FIELDS];
	struct rt_text text = rt_text_init(path, sizeof(path));
	rt_text_add(&text, "/proc/");
	rt_text_number(&text, (uint64_t)pid);
	rt_text_add(&text, "/stat");
	size_t used = read_file(path, line, sizeof(line)), at = used;
	while (at && line[at - 1] != ')')
		at--;
	const char *state = at && at + 1 < used ? &line[at + 1] : "?";
	read_fields(state, fields);
	*start = fields[STAT_START];
	bool gone = *state == 'Z' || fields[STAT_FLAGS] & EXITING;
	return *state != 'X' && !(gone && fields[STAT_THREADS] <= 1) && !(fields[STAT_PENDING] & KILLED);
}

static uint64_t now_ns(void)
{
	enum { BOOTTIME = 7 };
	return rt_sys_clock_ns(BOOTTIME);
}

/* As the kernel counts when a process began. */
static uint64_t ticks_of(uint64_t ns)
{
	enum { TICKS_A_SECOND = 100 };
	return ns / (1000000000u / TICKS_A_SECOND);
}

uint64_t rt_session_now(void)
{
	return ticks_of(now_ns());
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

bool rt_session_pid_lives(uint32_t pid, uint64_t then)
{
	uint64_t start;
	if (!pid_is_there(pid) || !read_start((int)pid, &start))
		return false;
	if (!start) /* it can't be asked for; or it has gone since */
		return pid_is_there(pid);
	return !then || start <= then;
}

/* The state of an entry that changes at a time. What was claimed long ago has another number: of two that claim it one gets it. */
static uint32_t state_at(uint64_t ns, enum rt_session_process_state state)
{
	return (uint32_t)(ns / 1000000000u) << 3 | state;
}

static uint32_t state_now(enum rt_session_process_state state)
{
	return state_at(now_ns(), state);
}

static bool has_begun(uint32_t state)
{
	return (state & 7) == RT_PROCESS_LIVES || (state & 7) == RT_PROCESS_FORKED;
}

bool rt_session_lives(struct rt_session_process *process)
{
	uint32_t state = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
	bool lives = has_begun(state) && rt_session_pid_lives(process->pid, process->then);
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

/* A process that is killed in between is not to be taken for one that has the number of whoever had the entry before. */
static void set_pid(struct rt_session_process *process, uint64_t ns)
{
	__atomic_store_n(&process->pid, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&process->then, ticks_of(ns), __ATOMIC_RELEASE);
	__atomic_store_n(&process->pid, (uint32_t)rt_sys_getpid(), __ATOMIC_RELEASE);
}

static bool claim(struct rt_session_process *process, bool scarce)
{
	uint64_t now = now_ns();
	uint32_t claimed = state_at(now, RT_PROCESS_FORKED),
		 before = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
	if (!is_free(process, before, scarce))
		return false;
	before =
		__atomic_load_n(&process->state, __ATOMIC_ACQUIRE); /* it may have been found to have ended */
	if ((before & 7) == RT_PROCESS_LIVES || before == claimed ||
		!__atomic_compare_exchange_n(
			&process->state, &before, claimed, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return false;
	set_pid(process, now);
	return true;
}

/* Claims an entry; RT_SESSION_PROCESSES: there is none. One that was used before, if one of a few can be had. */
uint32_t rt_session_claim(void)
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

void rt_session_enter(uint32_t index, uint32_t image)
{
	struct rt_session_process *process = &rt_session.tables->processes[index];
	uint64_t now = now_ns();
	set_pid(process, now);
	process->parent_pid = (uint32_t)rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	process->image = image;
	process->kept = 0;
	process->owned = 0;
	__atomic_store_n(&process->state, state_at(now, RT_PROCESS_LIVES), __ATOMIC_RELEASE);
	rt_session.process = index;
	rt_session.image = image;
}

void rt_session_enter_forked(uint32_t index)
{
	/* A read maps the pages around, too; to begin with a write would be two faults. */
	(void)*(volatile uint32_t *)&rt_session.tables->header.version;
	parent = rt_session.process;
	rt_session_enter(index, rt_session.image);
}

/* It goes on, as it is still this one's parent, and will look when it leaves itself. */
static bool parent_stays(const struct rt_session_process *own)
{
	const struct rt_session_process *process = rt_session_process(parent);
	return process && (__atomic_load_n(&process->state, __ATOMIC_SEQ_CST) & 7) == RT_PROCESS_LIVES &&
	       process->pid == own->parent_pid &&
	       rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0) == (long)own->parent_pid;
}

/* Of a child that never came nothing is left with its parent, which may take its time to end. If it comes yet, it says so. */
static void forget_child(struct rt_session_process *process, uint32_t own)
{
	uint32_t state = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
	if ((state & 7) == RT_PROCESS_FORKED)
		__atomic_compare_exchange_n(
			&process->pid, &own, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* A parent that looks alive may have been killed, and not know it yet; to ask for that is to read a file. It is asked for where
 * others have ended before, who may have left the session to this process: of those and of this one whoever comes second sees
 * that the other has ended. */
bool rt_session_end_own(void)
{
	struct rt_session_process *own = rt_session_process(rt_session.process);
	uint32_t *left = &rt_session.tables->header.left;
	__atomic_store_n(&own->state, state_now(RT_PROCESS_ENDED), __ATOMIC_SEQ_CST);
	const uint32_t pid = (uint32_t)rt_sys_getpid();
	bool last = __atomic_load_n(left, __ATOMIC_SEQ_CST) || !parent_stays(own);
	if (last)
		__atomic_fetch_add(left, 1, __ATOMIC_SEQ_CST);
	for (uint32_t i = 0, count = rt_session_processes(); i < count; i++) {
		struct rt_session_process *process = rt_session_process(i);
		forget_child(process, pid);
		/* What this process was before an exec ends with it. */
		last = last && (process->pid == pid || !rt_session_lives(process));
	}
	return last;
}
