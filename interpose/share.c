#include "share.h"

#include "types.h"
#include "shadow/hidden.h"
#include "shadow/sys.h"
#include "shadow/text.h"

#include <linux/stat.h>
#include <sys/shm.h>
#include <sys/sysmacros.h>

enum { NAME_BYTES = 512 };

/* What a file is. Also when it was made, where the file system knows: an inode's number may be given to another file. */
static bool identify(int fd, struct statx *state)
{
	const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC, wanted = STATX_TYPE | STATX_INO | STATX_BTIME;
	struct stat old;
	if (!rt_sys_failed(rt_syscall(__NR_statx, fd, (long)"", flags, wanted, (long)state, 0)))
		return true;
	if (rt_sys_failed(rt_syscall(
		    __NR_fstat, fd, (long)&old, 0, 0, 0, 0))) /* sandboxes may know this one only */
		return false;
	*state = (struct statx){.stx_mode = (uint16_t)old.st_mode,
		.stx_ino = old.st_ino,
		.stx_dev_major = major(old.st_dev),
		.stx_dev_minor = minor(old.st_dev),
		.stx_rdev_major = major(old.st_rdev),
		.stx_rdev_minor = minor(old.st_rdev)};
	return true;
}

static uint64_t birth_of(const struct statx *state)
{
	return state->stx_mask & STATX_BTIME
		       ? (uint64_t)state->stx_btime.tv_sec * 1000000000u + state->stx_btime.tv_nsec
		       : 0;
}

/* The path as the kernel has it, less what it says of files that were unlinked. */
static void read_name(int fd, char *name)
{
	static const char deleted[] = " (deleted)";
	char path[64];
	struct rt_text text = rt_text_init(path, sizeof(path));
	rt_text_add(&text, "/proc/self/fd/");
	rt_text_number(&text, (uint64_t)fd);
	long bytes = rt_syscall(__NR_readlink, (long)path, (long)name, NAME_BYTES - 1, 0, 0, 0);
	bytes = bytes > 0 ? bytes : 0;
	name[bytes] = 0;
	long rest = bytes - (long)(sizeof(deleted) - 1);
	if (rest > 0 && rt_string_equal(name + rest, deleted))
		name[rest] = 0;
}

static const struct {
	const char *prefix;
	unsigned keep; /* from here on it is the name */
	enum rt_object_kind kind;
} prefixes[] = {
	{"/memfd:", 1, RT_OBJECT_MEMFD},
	{"/dev/shm/", sizeof("/dev/shm") - 1, RT_OBJECT_SHM},
	{"/", 0, RT_OBJECT_FILE},
};

static void add_name(int fd, struct rt_object *object, char *name)
{
	read_name(fd, name);
	object->name = name;
	for (size_t i = 0; i < RT_COUNT(prefixes); i++)
		if (rt_bytes_equal(
			    name, prefixes[i].prefix, rt_string_bytes(prefixes[i].prefix, NAME_BYTES))) {
			object->kind = prefixes[i].kind;
			object->name = name + prefixes[i].keep;
			break;
		}
}

/* False: it is no memory that can be shared, or nobody knows which. */
static bool describe_file(int fd, struct rt_object *object, char *name)
{
	struct statx state = {0};
	if (!identify(fd, &state))
		return false;
	if (S_ISCHR(state.stx_mode) && state.stx_rdev_major == 1 &&
		state.stx_rdev_minor == 5) { /* /dev/zero: anonymous */
		*object = (struct rt_object){.kind = RT_OBJECT_ANONYMOUS, .name = ""};
		return true;
	}
	*object = (struct rt_object){.kind = RT_OBJECT_FILE,
		.device = makedev(state.stx_dev_major, state.stx_dev_minor),
		.inode = state.stx_ino,
		.born = birth_of(&state),
		.name = ""};
	if (S_ISREG(state.stx_mode) && !rt_shared_knows(object))
		add_name(fd, object, name);
	return S_ISREG(state.stx_mode);
}

void rt_share_mapped(struct rt_thread *self, struct rt_site *site, void *range, size_t bytes, int protection,
	int flags, int fd, int64_t offset)
{
	char name[NAME_BYTES];
	struct rt_object object = {.kind = RT_OBJECT_ANONYMOUS, .name = ""};
	if ((flags & MAP_TYPE) != MAP_SHARED && (flags & MAP_TYPE) != MAP_SHARED_VALIDATE)
		return;
	if (flags & MAP_ANONYMOUS)
		offset = 0;
	else if (!describe_file(fd, &object, name))
		return;
	rt_shared_map(self, site, range, bytes, &object, (uint64_t)offset, protection & PROT_WRITE);
}

void rt_share_attached(
	struct rt_thread *self, struct rt_site *site, void *range, size_t bytes, int id, int flags)
{
	char name[32];
	struct rt_text text = rt_text_init(name, sizeof(name));
	rt_text_number(&text, (uint64_t)id);
	/* The kernel counts the segments that had the same place in its table: the number comes again after 32,768 of them. */
	struct rt_object object = {.kind = RT_OBJECT_SYSV, .inode = (uint64_t)id + 1, .name = name};
	rt_shared_map(self, site, range, bytes, &object, 0, !(flags & SHM_RDONLY));
}
