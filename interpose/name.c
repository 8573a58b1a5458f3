#include "name.h"

#include "key.h"
#include "wrap.h"
#include "shadow/sys.h"
#include "shadow/text.h"

/* Programs make names without end: so many are told apart. */
enum { NAMES = 1 << 17, PATH_BYTES = 1024 /* longer ones order nothing */ };

static uint64_t key_of(enum rt_key_of what, uint64_t hash)
{
	return rt_key_common(what, hash % NAMES, 0);
}

static uint64_t file_key(const struct stat *file)
{
	return key_of(RT_KEY_NAMED_FILE, rt_hash64(rt_hash64(file->st_dev) + file->st_ino));
}

static bool look(int folder, const char *path, int flags, struct stat *file)
{
	return !rt_sys_failed(rt_syscall(__NR_newfstatat, folder, (long)path, (long)file, flags, 0, 0));
}

/* ---- paths ---- */

/* False: it is not there, or too long. */
static bool copy_path(const char *from, char to[PATH_BYTES])
{
	for (size_t used = 0; used < PATH_BYTES;) {
		size_t here = RT_PAGE_BYTES - ((uintptr_t)from + used) % RT_PAGE_BYTES;
		here = here < PATH_BYTES - used ? here : PATH_BYTES - used;
		if (!rt_safe_read((uintptr_t)from + used, to + used, here))
			return false;
		for (size_t end = used + here; used < end; used++)
			if (!to[used])
				return used > 0;
	}
	return false;
}

void rt_name_shared_path(const char *prefix, const char *name, char to[RT_NAME_SHARED_BYTES])
{
	char copy[PATH_BYTES];
	struct rt_text path = rt_text_init(to, RT_NAME_SHARED_BYTES);
	if (!copy_path(name, copy))
		return;
	const char *from = copy;
	while (*from == '/')
		from++;
	rt_text_add(&path, "/dev/shm/");
	rt_text_add(&path, prefix);
	rt_text_add(&path, from);
}

/* Cuts the path in two; the last part, which slashes may follow. */
static const char *cut_last(char *path)
{
	size_t end = rt_string_bytes(path, PATH_BYTES);
	while (end > 1 && path[end - 1] == '/')
		path[--end] = 0;
	while (end > 0 && path[end - 1] != '/')
		end--;
	return path + end;
}

static uint64_t hash_name(const char *name)
{
	uint64_t hash = 0;
	for (; *name; name++)
		hash = rt_hash64(hash * 31 + (unsigned char)*name);
	return hash;
}

/* Cuts `path`. */
static void find(int folder, char *path, struct rt_name *name)
{
	struct stat file;
	const char *last = cut_last(path);
	uint64_t hash = hash_name(last);
	if (last == path)
		rt_string_copy(path, PATH_BYTES, ".");
	else
		path[last - path] = 0;
	if (!look(folder, path, 0, &file))
		return;
	hash += rt_hash64(rt_hash64(file.st_dev) + file.st_ino);
	name->made = key_of(RT_KEY_NAME_MADE, rt_hash64(hash));
	name->gone = key_of(RT_KEY_NAME_GONE, rt_hash64(hash));
	name->folder = file_key(&file);
}

/* With its NUL. */
static void tell_read(struct rt_thread *self, struct rt_site *site, const char *path, size_t length)
{
	if (site)
		rt_call_access(self, site, path, length + 1, RT_READ);
}

/* Before the call: the path may be none. */
static void find_before(
	struct rt_thread *self, struct rt_site *site, int folder, const char *given, struct rt_name *name)
{
	char path[PATH_BYTES];
	struct stat file;
	*name = (struct rt_name){.made = 0};
	if (!copy_path(given, path))
		return;
	tell_read(self, site, given, rt_string_bytes(path, sizeof(path)));
	name->exists = look(folder, path, AT_SYMLINK_NOFOLLOW, &file);
	find(folder, path, name);
}

/* After it: the kernel has read the path. */
static void find_after(
	struct rt_thread *self, struct rt_site *site, int folder, const char *given, struct rt_name *name)
{
	char path[PATH_BYTES];
	size_t bytes = rt_string_bytes(given, PATH_BYTES);
	if (!bytes || bytes == PATH_BYTES)
		return;
	tell_read(self, site, given, bytes);
	rt_string_copy(path, sizeof(path), given);
	find(folder, path, name);
}

/* ---- edges; their objects are not shown, so their places are not looked for ---- */

static void release(struct rt_thread *self, uint64_t key)
{
	if (key && !rt_sync_ignored(self))
		rt_sync_release(self, NULL, key, "file name");
}

static void acquire(struct rt_thread *self, uint64_t key)
{
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, NULL, key, "file name");
}

void rt_name_makes(
	struct rt_thread *self, struct rt_site *site, int folder, const char *path, struct rt_name *name)
{
	find_before(self, site, folder, path, name);
	if (!name->exists)
		release(self, name->made);
}

void rt_name_goes(
	struct rt_thread *self, struct rt_site *site, int folder, const char *path, struct rt_name *name)
{
	find_before(self, site, folder, path, name);
	if (name->exists)
		release(self, name->gone);
}

void rt_name_makes_of(struct rt_thread *self, struct rt_site *site, int from_folder, const char *from,
	int folder, const char *path, struct rt_name *name)
{
	char copy[PATH_BYTES];
	struct stat file, target;
	find_before(self, site, folder, path, name);
	if (!copy_path(from, copy))
		return;
	tell_read(self, site, from, rt_string_bytes(copy, sizeof(copy)));
	if (!look(from_folder, copy, AT_SYMLINK_NOFOLLOW, &file))
		return;
	release(self, name->made);
	release(self, file_key(&file));
	if (S_ISLNK(file.st_mode) && look(from_folder, copy, 0, &target))
		release(self, file_key(&target));
}

void rt_name_found(struct rt_thread *self, struct rt_site *site, int folder, const char *path,
	struct rt_name *name, int error)
{
	if (error && error != EEXIST && error != ENOENT)
		return;
	bool made = name->made && !name->exists && !error;
	if (!name->made)
		find_after(self, site, folder, path, name);
	acquire(self, name->folder);
	acquire(self, made || error == ENOENT ? name->gone : name->made);
}

void rt_name_found_file(struct rt_thread *self, int fd)
{
	struct stat file;
	if (!rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&file, 0, 0, 0, 0)))
		acquire(self, file_key(&file));
}
