#include "file_lock.h"

#include "descriptor.h"
#include "key.h"
#include "wrap.h"
#include "shadow/sys.h"

enum { LEFT_MOST = 256 /* of what is told apart; beyond it all is one */ };

/* A lock that is held; or what those left that were given up. */
struct listed_lock {
	struct rt_file_lock lock;
	struct listed_lock *next;
};

static struct {
	struct rt_spin spin;
	struct listed_lock *held, *left, *spare;
	uint32_t held_count, left_count;
} locks RT_AT_FORK;

#define NOBODY UINT64_MAX /* an owner that is gone */

static bool overlap(const struct rt_file_lock *a, const struct rt_file_lock *b)
{
	return a->file == b->file && a->kind == b->kind && a->first <= b->last && b->first <= a->last;
}

/* ---- what a call asks for ---- */

static uint64_t owner_of(int fd, bool of_process)
{
	return of_process ? RT_FILE_LOCK_OF_PROCESS | (uint64_t)rt_sys_getpid() : rt_descriptor_opening(fd);
}

/* `first` and `bytes` as fcntl has them: 0 is up to the end, a negative number goes down. */
static struct rt_file_request request_of(
	int fd, enum rt_file_lock_kind kind, bool of_process, int64_t first, int64_t bytes)
{
	struct rt_sys_identity file;
	struct rt_file_request request = {.is_valid = false};
	int64_t low = bytes < 0 ? first + bytes : first;
	if (low < 0 || !rt_sys_identify(fd, &file))
		return request;
	request.is_valid = true;
	request.lock = (struct rt_file_lock){
		.file = rt_key_common(RT_KEY_FILE, file.device, file.inode),
		.owner = owner_of(fd, of_process),
		.first = (uint64_t)low,
		.last = bytes ? (uint64_t)(bytes < 0 ? first : first + bytes) - 1 : UINT64_MAX,
		.kind = (uint8_t)kind,
	};
	if (request.lock.last >= INT64_MAX)
		request.lock.last = UINT64_MAX;
	return request;
}

struct rt_file_request rt_file_request_flock(int fd, int operation)
{
	struct rt_file_request request = request_of(fd, RT_FILE_LOCK_WHOLE, false, 0, 0);
	int what = operation & ~LOCK_NB;
	request.is_valid &= what == LOCK_SH || what == LOCK_EX || what == LOCK_UN;
	request.unlocks = what == LOCK_UN;
	request.lock.mode = what == LOCK_SH ? RT_LOCK_SHARED : RT_LOCK_EXCLUSIVE;
	return request;
}

/* -1: there is none. */
static int64_t position_of(int fd, int whence)
{
	struct stat stat;
	if (whence == SEEK_SET)
		return 0;
	if (whence == SEEK_CUR)
		return rt_syscall(__NR_lseek, fd, 0, SEEK_CUR, 0, 0, 0);
	bool known =
		whence == SEEK_END && !rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0));
	return known ? stat.st_size : -1;
}

struct rt_file_request rt_file_request_lockf(int fd, int command, int64_t bytes)
{
	struct rt_file_request request =
		request_of(fd, RT_FILE_LOCK_RANGE, true, position_of(fd, SEEK_CUR), bytes);
	request.is_valid &= command == F_LOCK || command == F_TLOCK || command == F_ULOCK;
	request.unlocks = command == F_ULOCK;
	request.lock.mode = RT_LOCK_EXCLUSIVE;
	return request;
}

bool rt_file_request_fcntl(int fd, int command, const void *argument, struct rt_file_request *request)
{
	struct flock asked;
	bool of_process = command == F_SETLK || command == F_SETLKW;
	if (!of_process && command != F_OFD_SETLK && command != F_OFD_SETLKW)
		return false;
	*request = (struct rt_file_request){.is_valid = false};
	if (!rt_safe_read((uintptr_t)argument, &asked, sizeof(asked)))
		return true;
	int64_t from = position_of(fd, asked.l_whence);
	if (from < 0 || __builtin_add_overflow(from, asked.l_start, &from))
		return true;
	*request = request_of(fd, RT_FILE_LOCK_RANGE, of_process, from, asked.l_len);
	request->unlocks = asked.l_type == F_UNLCK;
	request->lock.mode = asked.l_type == F_RDLCK ? RT_LOCK_SHARED : RT_LOCK_EXCLUSIVE;
	return true;
}

/* ---- lists; their lock is held ---- */

static void add(struct listed_lock **list, const struct rt_file_lock *lock)
{
	struct listed_lock *entry = locks.spare;
	if (entry)
		locks.spare = entry->next;
	else if (!(entry = rt_alloc(sizeof(*entry))))
		return;
	*entry = (struct listed_lock){*lock, *list};
	*list = entry;
}

static void drop(struct listed_lock **link)
{
	struct listed_lock *entry = *link;
	*link = entry->next;
	entry->next = locks.spare;
	locks.spare = entry;
}

/* The owner holds nothing of the range any more. */
static void cut_held(const struct rt_file_lock *range)
{
	for (struct listed_lock **link = &locks.held; *link;) {
		struct rt_file_lock held = (*link)->lock;
		if (held.owner != range->owner || !overlap(&held, range)) {
			link = &(*link)->next;
			continue;
		}
		drop(link);
		locks.held_count--;
		struct rt_file_lock below = held, above = held;
		below.last = range->first - 1;
		above.first = range->last + 1;
		if (held.first < range->first)
			add(&locks.held, &below), locks.held_count++;
		if (held.last > range->last)
			add(&locks.held, &above), locks.held_count++;
	}
}

static bool is_same(const struct rt_file_lock *a, const struct rt_file_lock *b)
{
	return a->file == b->file && a->kind == b->kind && a->mode == b->mode && a->first == b->first &&
	       a->last == b->last;
}

static uint64_t left_key(const struct listed_lock *left)
{
	return rt_key_own(RT_KEY_LOCKED, (uintptr_t)left, 0);
}

/* Where the lock leaves what it has to: with what its owner left before, or an owner that is gone, whose it has taken over. */
static struct listed_lock *find_left(const struct rt_file_lock *lock)
{
	struct listed_lock *all = NULL;
	for (struct listed_lock *left = locks.left; left; left = left->next) {
		bool ours = left->lock.owner == lock->owner || left->lock.owner == NOBODY;
		if (ours && is_same(&left->lock, lock)) {
			left->lock.owner = lock->owner;
			return left;
		}
		if (!left->lock.file)
			all = left;
	}
	if (locks.left_count >= LEFT_MOST)
		return all;
	struct rt_file_lock fresh = *lock;
	if (++locks.left_count == LEFT_MOST)
		fresh = (struct rt_file_lock){.owner = NOBODY};
	add(&locks.left, &fresh);
	return locks.left;
}

/* ---- edges; their objects are not shown, so their places are not looked for ---- */

static void release(struct rt_thread *self, const struct rt_file_lock *lock)
{
	struct listed_lock *left = find_left(lock);
	if (left)
		rt_sync_release(self, NULL, left_key(left), "file lock");
	rt_file_range_release(self, lock);
}

static struct rt_file_lock common_part(const struct rt_file_lock *held, const struct rt_file_lock *range)
{
	struct rt_file_lock part = *held;
	part.first = held->first > range->first ? held->first : range->first;
	part.last = held->last < range->last ? held->last : range->last;
	return part;
}

/* A lock that is inherited by an exec is not listed: it is taken to be what it may have been. */
void rt_file_lock_leaves(struct rt_thread *self, const struct rt_file_request *request)
{
	const struct rt_file_lock *asked = &request->lock;
	bool found = asked->owner & RT_FILE_LOCK_OF_PROCESS;
	if (!request->is_valid || rt_sync_ignored(self))
		return;
	rt_spin_lock(&locks.spin);
	for (struct listed_lock *held = locks.held; held; held = held->next) {
		if (held->lock.owner != asked->owner || !overlap(&held->lock, asked))
			continue;
		found = true;
		if (request->unlocks || held->lock.mode != asked->mode) {
			struct rt_file_lock part = common_part(&held->lock, asked);
			release(self, &part);
		}
	}
	if (!found && request->unlocks)
		release(self, asked);
	rt_spin_unlock(&locks.spin);
}

static void acquire(struct rt_thread *self, const struct rt_file_lock *lock)
{
	for (struct listed_lock *left = locks.left; left; left = left->next) {
		bool excludes = left->lock.mode == RT_LOCK_EXCLUSIVE || lock->mode == RT_LOCK_EXCLUSIVE;
		bool meets = !left->lock.file || (excludes && overlap(&left->lock, lock));
		if (meets && left->lock.owner != lock->owner)
			rt_sync_acquire(self, NULL, left_key(left), "file lock");
	}
	rt_file_range_acquire(self, lock);
}

void rt_file_lock_changed(struct rt_thread *self, const struct rt_file_request *request)
{
	if (!request->is_valid)
		return;
	rt_spin_lock(&locks.spin);
	cut_held(&request->lock);
	if (!request->unlocks) {
		add(&locks.held, &request->lock);
		locks.held_count++;
		if (rt_watching && !rt_sync_ignored(self))
			acquire(self, &request->lock);
	}
	rt_spin_unlock(&locks.spin);
}

/* ---- ends ---- */

/* The process's locks of a file go with any of its descriptors; an open file's with its last one, each of which is taken for it:
 * whoever gets the lock comes after all of them. */
static bool goes_with(const struct rt_file_lock *lock, uint64_t file, uint64_t process, uint64_t opening)
{
	return (lock->owner == process && lock->file == file) || lock->owner == opening;
}

void rt_file_lock_closes(struct rt_thread *self, int fd)
{
	struct rt_sys_identity identity;
	if (!__atomic_load_n(&locks.held_count, __ATOMIC_RELAXED) || !rt_sys_identify(fd, &identity))
		return;
	uint64_t file = rt_key_common(RT_KEY_FILE, identity.device, identity.inode),
		 process = owner_of(fd, true), opening = owner_of(fd, false);
	bool tells = rt_watching && !rt_sync_ignored(self), copied = rt_descriptor_is_copied(fd);
	rt_spin_lock(&locks.spin);
	for (struct listed_lock **link = &locks.held; *link;) {
		const struct rt_file_lock *held = &(*link)->lock;
		bool goes = goes_with(held, file, process, opening);
		if (goes && tells)
			release(self, held);
		if (goes && (held->owner == process || !copied)) {
			drop(link);
			locks.held_count--;
		} else {
			link = &(*link)->next;
		}
	}
	for (struct listed_lock *left = locks.left; left && !copied; left = left->next)
		if (left->lock.owner == opening)
			left->lock.owner = NOBODY;
	rt_spin_unlock(&locks.spin);
}

void rt_file_lock_ends(struct rt_thread *self)
{
	uint64_t process = owner_of(-1, true);
	rt_spin_lock(&locks.spin);
	for (struct listed_lock *held = locks.held; held; held = held->next)
		if (held->lock.owner == process || !(held->lock.owner & RT_FILE_LOCK_OF_PROCESS))
			rt_file_range_release(self, &held->lock);
	rt_spin_unlock(&locks.spin);
}

/* ---- the calls ---- */

int rt_wrap_flock(int fd, int operation)
{
	struct rt_file_request request = rt_file_request_flock(fd, operation);
	RT_FILE_LOCK_BODY(flock, request, rt_real.flock(fd, operation));
}

int rt_wrap_lockf(int fd, int command, off_t bytes)
{
	struct rt_file_request request = rt_file_request_lockf(fd, command, bytes);
	RT_FILE_LOCK_BODY(lockf, request, rt_real.lockf(fd, command, bytes));
}

int rt_wrap_lockf64(int fd, int command, off64_t bytes)
{
	struct rt_file_request request = rt_file_request_lockf(fd, command, bytes);
	RT_FILE_LOCK_BODY(lockf64, request, rt_real.lockf64(fd, command, bytes));
}
