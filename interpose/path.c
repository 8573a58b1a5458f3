/* Names of files that come, go and are looked for. */
#include "name.h"
#include "wrap.h"

static const struct rt_name unknown;

/* ---- made ---- */

#define MAKE_BODY(function, folder, path, call)                                                              \
	struct rt_name name = unknown;                                                                       \
	RT_TELL(function, rt_name_makes(self, &site, folder, path, &name));                                  \
	int failed = call;                                                                                   \
	RT_TELL_CAME(function, rt_name_found(self, &site, folder, path, &name, failed ? errno : 0));         \
	return failed

int rt_wrap_mkdir(const char *path, mode_t mode)
{
	MAKE_BODY(mkdir, AT_FDCWD, path, rt_real.mkdir(path, mode));
}

int rt_wrap_mkdirat(int folder, const char *path, mode_t mode)
{
	MAKE_BODY(mkdirat, folder, path, rt_real.mkdirat(folder, path, mode));
}

int rt_wrap_mkfifo(const char *path, mode_t mode)
{
	MAKE_BODY(mkfifo, AT_FDCWD, path, rt_real.mkfifo(path, mode));
}

int rt_wrap_mkfifoat(int folder, const char *path, mode_t mode)
{
	MAKE_BODY(mkfifoat, folder, path, rt_real.mkfifoat(folder, path, mode));
}

int rt_wrap_mknod(const char *path, mode_t mode, dev_t device)
{
	MAKE_BODY(mknod, AT_FDCWD, path, rt_real.mknod(path, mode, device));
}

int rt_wrap_mknodat(int folder, const char *path, mode_t mode, dev_t device)
{
	MAKE_BODY(mknodat, folder, path, rt_real.mknodat(folder, path, mode, device));
}

int rt_wrap_symlink(const char *target, const char *path)
{
	MAKE_BODY(symlink, AT_FDCWD, path, rt_real.symlink(target, path));
}

int rt_wrap_symlinkat(const char *target, int folder, const char *path)
{
	MAKE_BODY(symlinkat, folder, path, rt_real.symlinkat(target, folder, path));
}

/* ---- made of another ---- */

/* The new name is made before the old one goes. */
static void tell_moves(struct rt_thread *self, struct rt_site *site, int from_folder, const char *from,
	int folder, const char *path, struct rt_name names[2])
{
	rt_name_makes_of(self, site, from_folder, from, folder, path, &names[1]);
	rt_name_goes(self, site, from_folder, from, &names[0]);
}

static void tell_moved(struct rt_thread *self, struct rt_site *site, int from_folder, const char *from,
	int folder, const char *path, struct rt_name names[2], int error)
{
	if (!error && names[0].made)
		rt_name_found(self, site, from_folder, from, &names[0], 0);
	rt_name_found(self, site, folder, path, &names[1], error);
}

#define MOVE_BODY(function, from_folder, from, folder, path, call)                                           \
	struct rt_name names[2] = {unknown, unknown};                                                        \
	RT_TELL(function, tell_moves(self, &site, from_folder, from, folder, path, names));                  \
	int failed = call;                                                                                   \
	RT_TELL_CAME(function,                                                                               \
		tell_moved(self, &site, from_folder, from, folder, path, names, failed ? errno : 0));        \
	return failed

int rt_wrap_rename(const char *from, const char *to)
{
	MOVE_BODY(rename, AT_FDCWD, from, AT_FDCWD, to, rt_real.rename(from, to));
}

int rt_wrap_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	MOVE_BODY(renameat, from_folder, from, to_folder, to,
		rt_real.renameat(from_folder, from, to_folder, to));
}

int rt_wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
	struct rt_name other = unknown;
	if (flags & RENAME_EXCHANGE)
		RT_TELL(renameat2, rt_name_makes_of(self, &site, to_folder, to, from_folder, from, &other));
	MOVE_BODY(renameat2, from_folder, from, to_folder, to,
		rt_real.renameat2(from_folder, from, to_folder, to, flags));
}

#define LINK_BODY(function, from_folder, from, folder, path, call)                                           \
	struct rt_name name = unknown;                                                                       \
	RT_TELL(function, rt_name_makes_of(self, &site, from_folder, from, folder, path, &name));            \
	int failed = call;                                                                                   \
	RT_TELL_CAME(function, rt_name_found(self, &site, folder, path, &name, failed ? errno : 0));         \
	return failed

int rt_wrap_link(const char *from, const char *to)
{
	LINK_BODY(link, AT_FDCWD, from, AT_FDCWD, to, rt_real.link(from, to));
}

int rt_wrap_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
	LINK_BODY(linkat, from_folder, from, to_folder, to,
		rt_real.linkat(from_folder, from, to_folder, to, flags));
}

/* ---- gone ---- */

#define GO_BODY(function, folder, path, call)                                                                \
	struct rt_name name = unknown;                                                                       \
	RT_TELL(function, rt_name_goes(self, &site, folder, path, &name));                                   \
	int failed = call;                                                                                   \
	if (name.made)                                                                                       \
		RT_TELL_CAME(function, rt_name_found(self, &site, folder, path, &name, failed ? errno : 0)); \
	return failed

int rt_wrap_unlink(const char *path)
{
	GO_BODY(unlink, AT_FDCWD, path, rt_real.unlink(path));
}

int rt_wrap_unlinkat(int folder, const char *path, int flags)
{
	GO_BODY(unlinkat, folder, path, rt_real.unlinkat(folder, path, flags));
}

int rt_wrap_rmdir(const char *path)
{
	GO_BODY(rmdir, AT_FDCWD, path, rt_real.rmdir(path));
}

int rt_wrap_remove(const char *path)
{
	GO_BODY(remove, AT_FDCWD, path, rt_real.remove(path));
}

/* ---- looked for ---- */

#define FOUND(function, folder, path, failed)                                                                \
	RT_TELL_CAME(function, {                                                                             \
		struct rt_name name = unknown;                                                               \
		rt_name_found(self, &site, folder, path, &name, failed ? errno : 0);                         \
	})

#define LOOK_BODY(function, folder, path, to, call)                                                          \
	int failed = call;                                                                                   \
	FOUND(function, folder, path, failed);                                                               \
	if (!failed)                                                                                         \
		RT_TELL(function, RT_WRITES(to, sizeof(*to)));                                               \
	return failed

int rt_wrap_stat(const char *path, struct stat *to)
{
	LOOK_BODY(stat, AT_FDCWD, path, to, rt_real.stat(path, to));
}

int rt_wrap_stat64(const char *path, struct stat64 *to)
{
	LOOK_BODY(stat64, AT_FDCWD, path, to, rt_real.stat64(path, to));
}

int rt_wrap_lstat(const char *path, struct stat *to)
{
	LOOK_BODY(lstat, AT_FDCWD, path, to, rt_real.lstat(path, to));
}

int rt_wrap_lstat64(const char *path, struct stat64 *to)
{
	LOOK_BODY(lstat64, AT_FDCWD, path, to, rt_real.lstat64(path, to));
}

int rt_wrap_fstatat(int folder, const char *path, struct stat *to, int flags)
{
	LOOK_BODY(fstatat, folder, path, to, rt_real.fstatat(folder, path, to, flags));
}

int rt_wrap_fstatat64(int folder, const char *path, struct stat64 *to, int flags)
{
	LOOK_BODY(fstatat64, folder, path, to, rt_real.fstatat64(folder, path, to, flags));
}

int rt_wrap_statx(int folder, const char *path, int flags, unsigned int mask, struct statx *to)
{
	LOOK_BODY(statx, folder, path, to, rt_real.statx(folder, path, flags, mask, to));
}

/* By these names programs ask that were linked before version 2.33. */
int rt_wrap___xstat(int version, const char *path, struct stat *to)
{
	LOOK_BODY(__xstat, AT_FDCWD, path, to, rt_real.__xstat(version, path, to));
}

int rt_wrap___xstat64(int version, const char *path, struct stat64 *to)
{
	LOOK_BODY(__xstat64, AT_FDCWD, path, to, rt_real.__xstat64(version, path, to));
}

int rt_wrap___lxstat(int version, const char *path, struct stat *to)
{
	LOOK_BODY(__lxstat, AT_FDCWD, path, to, rt_real.__lxstat(version, path, to));
}

int rt_wrap___lxstat64(int version, const char *path, struct stat64 *to)
{
	LOOK_BODY(__lxstat64, AT_FDCWD, path, to, rt_real.__lxstat64(version, path, to));
}

int rt_wrap___fxstatat(int version, int folder, const char *path, struct stat *to, int flags)
{
	LOOK_BODY(__fxstatat, folder, path, to, rt_real.__fxstatat(version, folder, path, to, flags));
}

int rt_wrap___fxstatat64(int version, int folder, const char *path, struct stat64 *to, int flags)
{
	LOOK_BODY(__fxstatat64, folder, path, to, rt_real.__fxstatat64(version, folder, path, to, flags));
}

int rt_wrap_access(const char *path, int how)
{
	int failed = rt_real.access(path, how);
	FOUND(access, AT_FDCWD, path, failed);
	return failed;
}

int rt_wrap_faccessat(int folder, const char *path, int how, int flags)
{
	int failed = rt_real.faccessat(folder, path, how, flags);
	FOUND(faccessat, folder, path, failed);
	return failed;
}

DIR *rt_wrap_opendir(const char *path)
{
	DIR *opened = rt_real.opendir(path);
	FOUND(opendir, AT_FDCWD, path, !opened);
	return opened;
}
