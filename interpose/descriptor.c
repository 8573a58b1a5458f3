#include "descriptor.h"

#include "key.h"
#include "socket.h"
#include "wrap.h"
#include "shadow/sys.h"
#include "shadow/text.h"

static RT_SPARSE uint64_t keys[RT_DESCRIPTORS];     /* of what comes in; 0: never asked for */
static RT_SPARSE uint64_t out_keys[RT_DESCRIPTORS]; /* of what goes out */
static RT_SPARSE uint32_t openings[RT_DESCRIPTORS]; /* 0: never asked for */
#define COPIED (1u << 31)                           /* of an opening */

/* ---- what is not a socket ---- */

enum { INFORMATION_BYTES = 512 };

/* What the kernel says of a descriptor, with a NUL; false: it does not say. */
static bool read_information(int fd, char *to, size_t room)
{
	char path[64];
	struct rt_text name = rt_text_init(path, sizeof(path));
	rt_text_add(&name, "/proc/self/fdinfo/");
	rt_text_number(&name, (uint64_t)fd);
	long from = rt_sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	if (rt_sys_failed(from))
		return false;
	long got = rt_sys_read((int)from, to, room - 1);
	rt_sys_close((int)from);
	to[got > 0 ? got : 0] = 0;
	return got > 0;
}

/* The number after "name:"; false: there is no such line. */
static bool find_number(const char *text, const char *name, uint64_t *number)
{
	size_t bytes = rt_string_bytes(name, SIZE_MAX);
	for (; *text; text++)
		if (rt_bytes_equal(text, name, bytes))
			break;
	if (!*text)
		return false;
	for (text += bytes; *text == ' ' || *text == '\t';)
		text++;
	for (*number = 0; *text >= '0' && *text <= '9'; text++)
		*number = *number * 10 + (uint64_t)(*text - '0');
	return true;
}

/* Events have a number of their own in the kernel; the others are known by what they were first seen as. */
static uint64_t nameless_key(int fd)
{
	static uint64_t serial;
	char text[INFORMATION_BYTES];
	uint64_t number;
	bool known = read_information(fd, text, sizeof(text));
	if (known && find_number(text, "\neventfd-id:", &number))
		return rt_key_common(RT_KEY_EVENT, number, 0);
	if (known && find_number(text, "\nsigmask:", &number))
		return RT_DESCRIPTOR_SIGNALS;
	number = __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
	return rt_key_own(RT_KEY_NAMELESS, number, (uint64_t)fd);
}

int rt_descriptor_process(int fd)
{
	char text[INFORMATION_BYTES];
	uint64_t number;
	return read_information(fd, text, sizeof(text)) && find_number(text, "\nPid:", &number) ? (int)number
												: 0;
}

static uint64_t find_key(int fd)
{
	struct stat stat;
	if (rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0)))
		return RT_DESCRIPTOR_NONE;
	switch (stat.st_mode & S_IFMT) {
	case S_IFREG:
	case S_IFIFO:
		return rt_key_common(RT_KEY_FILE, stat.st_dev, stat.st_ino);
	case S_IFSOCK:
		return rt_socket_key(fd, stat.st_ino);
	case 0:
		return nameless_key(fd);
	default:
		return RT_DESCRIPTOR_NONE;
	}
}

static uint64_t find_out_key(int fd)
{
	struct stat stat;
	if (rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0)) || !S_ISSOCK(stat.st_mode))
		return RT_DESCRIPTOR_NONE;
	return rt_socket_key_out(fd);
}

/* ---- the tables ---- */

/* Threads that ask at the same time get the same answer. */
static uint64_t ask(uint64_t *slot, int fd, uint64_t (*find)(int fd))
{
	uint64_t key = __atomic_load_n(slot, __ATOMIC_RELAXED);
	if (key && key != RT_DESCRIPTOR_LATER)
		return key;
	uint64_t found = find(fd);
	bool stored =
		__atomic_compare_exchange_n(slot, &key, found, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return stored ? found : key;
}

static bool has_slot(int fd)
{
	return fd >= 0 && fd < RT_DESCRIPTORS;
}

uint64_t rt_descriptor_key(int fd)
{
	uint64_t key = has_slot(fd) ? ask(&keys[fd], fd, find_key) : 0;
	return key > RT_DESCRIPTOR_LAST ? key : 0;
}

uint64_t rt_descriptor_key_out(int fd)
{
	uint64_t key = has_slot(fd) ? ask(&out_keys[fd], fd, find_out_key) : 0;
	if (key == RT_DESCRIPTOR_NONE || key == RT_DESCRIPTOR_CLIENT)
		return rt_descriptor_key(fd);
	return key > RT_DESCRIPTOR_LAST ? key : 0;
}

uint64_t rt_descriptor_key_left(int fd)
{
	bool asked_for =
		has_slot(fd) && __atomic_load_n(&out_keys[fd], __ATOMIC_RELAXED) == RT_DESCRIPTOR_CLIENT;
	return asked_for ? rt_socket_key_left(fd) : 0;
}

bool rt_descriptor_is_signals(int fd)
{
	rt_descriptor_key(fd);
	return has_slot(fd) && __atomic_load_n(&keys[fd], __ATOMIC_RELAXED) == RT_DESCRIPTOR_SIGNALS;
}

bool rt_descriptor_is_known(int fd)
{
	return has_slot(fd) && __atomic_load_n(&keys[fd], __ATOMIC_RELAXED);
}

void rt_descriptor_forget(int fd)
{
	if (!has_slot(fd) ||
		!(keys[fd] | out_keys[fd] | openings[fd])) /* pages that nobody wrote to stay so */
		return;
	__atomic_store_n(&keys[fd], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&out_keys[fd], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&openings[fd], 0, __ATOMIC_RELAXED);
}

uint32_t rt_descriptor_opening(int fd)
{
	static uint32_t count;
	if (!has_slot(fd))
		return 0;
	uint32_t now = __atomic_load_n(&openings[fd], __ATOMIC_RELAXED);
	if (now)
		return now & ~COPIED;
	uint32_t fresh = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) & ~COPIED;
	bool stored = __atomic_compare_exchange_n(
		&openings[fd], &now, fresh, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return stored ? fresh : now & ~COPIED;
}

bool rt_descriptor_is_copied(int fd)
{
	return has_slot(fd) && __atomic_load_n(&openings[fd], __ATOMIC_RELAXED) & COPIED;
}

void rt_descriptor_copy(int from, int to)
{
	if (!has_slot(from) || !has_slot(to))
		return;
	if (rt_watching)
		rt_descriptor_key(from);
	__atomic_store_n(&keys[to], keys[from], __ATOMIC_RELAXED);
	__atomic_store_n(&out_keys[to], out_keys[from], __ATOMIC_RELAXED);
	uint32_t opening = rt_descriptor_opening(from) | COPIED;
	__atomic_store_n(&openings[from], opening, __ATOMIC_RELAXED);
	__atomic_store_n(&openings[to], opening, __ATOMIC_RELAXED);
}

void rt_descriptor_opened(struct rt_thread *self, struct rt_site *site, int fd)
{
	rt_descriptor_forget(fd);
	rt_number_open(self, site, fd);
}

void rt_descriptor_event(struct rt_thread *self, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key & RT_SYNC_KEY_SESSION)
		rt_sync_destroy(self, key);
}

void rt_descriptor_set(int fd, uint64_t key)
{
	if (has_slot(fd))
		__atomic_store_n(&keys[fd], key, __ATOMIC_RELAXED);
}

void rt_descriptor_connected(int fd)
{
	if (has_slot(fd))
		__atomic_store_n(&out_keys[fd], 0, __ATOMIC_RELAXED);
}

void rt_descriptor_pair(int a, int b)
{
	struct rt_sys_identity one, other;
	if (!has_slot(a) || !has_slot(b) || !rt_sys_identify(a, &one) || !rt_sys_identify(b, &other))
		return;
	keys[a] = keys[b] = rt_socket_key_of_pair(one.inode, other.inode);
	out_keys[a] = out_keys[b] = RT_DESCRIPTOR_NONE;
}
