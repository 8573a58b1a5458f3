/* System V semaphores and messages. The numbers of sets and queues mean the same in every process.
 *
 * A semaphore is two objects: who gets it down comes after those who put it up, and who finds it zero comes after those who got
 * it down. A queue is one object for each type of its messages. */
#include "system_v.h"

#include "key.h"
#include "wrap.h"
#include "shadow/sys.h"

enum { COPIED = 16, OPERATIONS_MOST = 1 << 15, SET_MOST = 1 << 16 };

enum direction { UP, DOWN };

static uint64_t key_of(int id, unsigned number, enum direction direction)
{
	return rt_key_common(RT_KEY_SYSTEM_V, (uint64_t)id, number * 2ull + direction);
}

/* ---- what is undone at the end ---- */

struct undone {
	struct undone *next;
	int id;
	unsigned number;
};

static struct {
	struct rt_spin spin;
	struct undone *first;
	int pid; /* that has them: children begin anew */
} undone RT_AT_FORK;

static void note_undone(int id, unsigned number)
{
	rt_spin_lock(&undone.spin);
	if (undone.pid != rt_sys_getpid())
		undone.first = NULL;
	undone.pid = rt_sys_getpid();
	struct undone *at = undone.first;
	while (at && (at->id != id || at->number != number))
		at = at->next;
	if (!at && (at = rt_alloc(sizeof(*at)))) {
		*at = (struct undone){undone.first, id, number};
		undone.first = at;
	}
	rt_spin_unlock(&undone.spin);
}

void rt_system_v_ends(struct rt_thread *self)
{
	if (undone.pid != rt_sys_getpid())
		return;
	for (const struct undone *at = undone.first; at; at = at->next) {
		rt_sync_release_abroad(self, key_of(at->id, at->number, UP), RT_LOCK_EXCLUSIVE);
		rt_sync_release_abroad(self, key_of(at->id, at->number, DOWN), RT_LOCK_EXCLUSIVE);
	}
}

/* ---- semaphores ---- */

static void tell_before(struct rt_thread *self, struct rt_site *site, int id, const struct sembuf *operation)
{
	if (operation->sem_op)
		rt_sync_release(self, site, key_of(id, operation->sem_num, operation->sem_op > 0 ? UP : DOWN),
			"semaphore");
}

static void tell_after(struct rt_thread *self, struct rt_site *site, int id, const struct sembuf *operation)
{
	if (operation->sem_op <= 0)
		rt_sync_acquire(self, site, key_of(id, operation->sem_num, operation->sem_op < 0 ? UP : DOWN),
			"semaphore");
	if (operation->sem_op && operation->sem_flg & SEM_UNDO)
		note_undone(id, operation->sem_num);
}

/* The array may be nonsense that the kernel is about to refuse. */
static void tell_all_before(
	struct rt_thread *self, struct rt_site *site, int id, const struct sembuf *operations, size_t count)
{
	struct sembuf copy[COPIED];
	for (size_t i = 0; i < count && count <= OPERATIONS_MOST && !rt_sync_ignored(self); i++) {
		size_t left = count - i < COPIED ? count - i : COPIED;
		if (!(i % COPIED) && !rt_safe_read((uintptr_t)&operations[i], copy, left * sizeof(*copy)))
			return;
		tell_before(self, site, id, &copy[i % COPIED]);
	}
}

static void tell_all_after(
	struct rt_thread *self, struct rt_site *site, int id, const struct sembuf *operations, size_t count)
{
	for (size_t i = 0; i < count && !rt_sync_ignored(self); i++)
		tell_after(self, site, id, &operations[i]);
}

#define OPERATE_BODY(name, call)                                                                             \
	RT_TELL(name, {                                                                                      \
		RT_READS(operations, count * sizeof(*operations));                                           \
		tell_all_before(self, &site, id, operations, count);                                         \
	});                                                                                                  \
	int result = call;                                                                                   \
	if (!result)                                                                                         \
		RT_TELL_CAME(name, tell_all_after(self, &site, id, operations, count));                      \
	return result

int rt_wrap_semop(int id, struct sembuf *operations, size_t count)
{
	OPERATE_BODY(semop, rt_real.semop(id, operations, count));
}

int rt_wrap_semtimedop(int id, struct sembuf *operations, size_t count, const struct timespec *most)
{
	RT_TELL_GIVEN(semtimedop, most);
	OPERATE_BODY(semtimedop, rt_real.semtimedop(id, operations, count, most));
}

/* 0: there is no such set. */
static unsigned size_of_set(int id)
{
	struct semid_ds set;
	if (rt_sys_failed(rt_syscall(__NR_semctl, id, 0, IPC_STAT, (long)&set, 0, 0)))
		return 0;
	return set.sem_nsems < SET_MOST ? (unsigned)set.sem_nsems : SET_MOST;
}

static void tell_set(struct rt_thread *self, struct rt_site *site, int id, unsigned first, unsigned count)
{
	for (unsigned i = first; i - first < count && !rt_sync_ignored(self); i++) {
		rt_sync_release(self, site, key_of(id, i, UP), "semaphore");
		rt_sync_release(self, site, key_of(id, i, DOWN), "semaphore");
	}
}

/* What the command leaves at its argument. */
static size_t result_bytes(int id, int command)
{
	switch (command) {
	case GETALL:
		return size_of_set(id) * sizeof(unsigned short);
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		return sizeof(struct semid_ds);
	case IPC_INFO:
	case SEM_INFO:
		return sizeof(struct seminfo);
	default:
		return 0;
	}
}

static void tell_control(
	struct rt_thread *self, struct rt_site *site, int id, int number, int command, const void *argument)
{
	unsigned count = command == SETALL ? size_of_set(id) : 0;
	if (command == SETALL)
		rt_call_access(self, site, argument, count * sizeof(unsigned short), RT_READ);
	else if (command == IPC_SET)
		rt_call_access(self, site, argument, sizeof(struct semid_ds), RT_READ);
	if (command == SETALL)
		tell_set(self, site, id, 0, count);
	else if (command == SETVAL && number >= 0)
		tell_set(self, site, id, (unsigned)number, 1);
}

/* Whatever the command's argument is, it is passed on as a word. */
int rt_wrap_semctl(int id, int number, int command, ...)
{
	va_list rest;
	va_start(rest, command);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	RT_TELL(semctl, tell_control(self, &site, id, number, command, argument));
	int result = rt_real.semctl(id, number, command, argument);
	if (result >= 0)
		RT_TELL(semctl, {
			size_t bytes = result_bytes(id, command);
			if (bytes)
				RT_WRITES(argument, bytes);
		});
	return result;
}

/* ---- messages: a type, and the bytes ---- */

static uint64_t message_key(int id, long type)
{
	return rt_key_common(RT_KEY_MESSAGE, (uint64_t)id, (uint64_t)type);
}

static void tell_sends(struct rt_thread *self, struct rt_site *site, int id, const void *message)
{
	long type;
	if (!rt_sync_ignored(self) && rt_safe_read((uintptr_t)message, &type, sizeof(type)))
		rt_sync_release(self, site, message_key(id, type), "message queue");
}

int rt_wrap_msgsnd(int id, const void *message, size_t bytes, int flags)
{
	RT_TELL(msgsnd, {
		RT_READS(message, sizeof(long) + bytes);
		tell_sends(self, &site, id, message);
	});
	return rt_real.msgsnd(id, message, bytes, flags);
}

ssize_t rt_wrap_msgrcv(int id, void *message, size_t room, long type, int flags)
{
	ssize_t result = rt_real.msgrcv(id, message, room, type, flags);
	if (result >= 0)
		RT_TELL_CAME(msgrcv, {
			if (!rt_sync_ignored(self))
				rt_sync_acquire(self, &site, message_key(id, *(const long *)message),
					"message queue");
			RT_WRITES(message, sizeof(long) + (size_t)result);
		});
	return result;
}
