/* What files and file systems are, their times and their attributes. */
#include "result.h"

int rt_wrap_fstat(int fd, struct stat *to)
{
	RT_FD_RESULT_BODY(fstat, fd, rt_real.fstat(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_fstat64(int fd, struct stat64 *to)
{
	RT_FD_RESULT_BODY(fstat64, fd, rt_real.fstat64(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap___fxstat(int version, int fd, struct stat *to)
{
	RT_FD_RESULT_BODY(__fxstat, fd, rt_real.__fxstat(version, fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap___fxstat64(int version, int fd, struct stat64 *to)
{
	RT_FD_RESULT_BODY(__fxstat64, fd, rt_real.__fxstat64(version, fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_statfs(const char *path, struct statfs *to)
{
	RT_RESULT_BODY(statfs, rt_real.statfs(path, to), !result, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_statfs64(const char *path, struct statfs64 *to)
{
	RT_RESULT_BODY(statfs64, rt_real.statfs64(path, to), !result, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_statvfs(const char *path, struct statvfs *to)
{
	RT_RESULT_BODY(statvfs, rt_real.statvfs(path, to), !result, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_statvfs64(const char *path, struct statvfs64 *to)
{
	RT_RESULT_BODY(statvfs64, rt_real.statvfs64(path, to), !result, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_fstatfs(int fd, struct statfs *to)
{
	RT_FD_RESULT_BODY(fstatfs, fd, rt_real.fstatfs(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_fstatfs64(int fd, struct statfs64 *to)
{
	RT_FD_RESULT_BODY(fstatfs64, fd, rt_real.fstatfs64(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_fstatvfs(int fd, struct statvfs *to)
{
	RT_FD_RESULT_BODY(fstatvfs, fd, rt_real.fstatvfs(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_fstatvfs64(int fd, struct statvfs64 *to)
{
	RT_FD_RESULT_BODY(fstatvfs64, fd, rt_real.fstatvfs64(fd, to), !result, RT_WRITES_VALUE(to));
}

ssize_t rt_wrap_getxattr(const char *path, const char *name, void *to, size_t room)
{
	RT_RESULT_BODY(getxattr, rt_real.getxattr(path, name, to, room), result >= 0, {
		RT_READS_TEXT(path);
		RT_READS_TEXT(name);
		if (room)
			RT_WRITES(to, (size_t)result);
	});
}

ssize_t rt_wrap_lgetxattr(const char *path, const char *name, void *to, size_t room)
{
	RT_RESULT_BODY(lgetxattr, rt_real.lgetxattr(path, name, to, room), result >= 0, {
		RT_READS_TEXT(path);
		RT_READS_TEXT(name);
		if (room)
			RT_WRITES(to, (size_t)result);
	});
}

ssize_t rt_wrap_listxattr(const char *path, char *to, size_t room)
{
	RT_RESULT_BODY(listxattr, rt_real.listxattr(path, to, room), result >= 0, {
		RT_READS_TEXT(path);
		if (room)
			RT_WRITES(to, (size_t)result);
	});
}

ssize_t rt_wrap_llistxattr(const char *path, char *to, size_t room)
{
	RT_RESULT_BODY(llistxattr, rt_real.llistxattr(path, to, room), result >= 0, {
		RT_READS_TEXT(path);
		if (room)
			RT_WRITES(to, (size_t)result);
	});
}

ssize_t rt_wrap_fgetxattr(int fd, const char *name, void *to, size_t room)
{
	RT_FD_RESULT_BODY(fgetxattr, fd, rt_real.fgetxattr(fd, name, to, room), result >= 0, {
		RT_READS_TEXT(name);
		if (room)
			RT_WRITES(to, (size_t)result);
	});
}

ssize_t rt_wrap_flistxattr(int fd, char *to, size_t room)
{
	RT_FD_RESULT_BODY(flistxattr, fd, rt_real.flistxattr(fd, to, room), room && result >= 0,
		RT_WRITES(to, (size_t)result));
}

int rt_wrap_setxattr(const char *path, const char *name, const void *from, size_t bytes, int flags)
{
	RT_RESULT_BODY(setxattr, rt_real.setxattr(path, name, from, bytes, flags), !result, {
		RT_READS_TEXT(path);
		RT_READS_TEXT(name);
		RT_READS(from, bytes);
	});
}

int rt_wrap_lsetxattr(const char *path, const char *name, const void *from, size_t bytes, int flags)
{
	RT_RESULT_BODY(lsetxattr, rt_real.lsetxattr(path, name, from, bytes, flags), !result, {
		RT_READS_TEXT(path);
		RT_READS_TEXT(name);
		RT_READS(from, bytes);
	});
}

int rt_wrap_fsetxattr(int fd, const char *name, const void *from, size_t bytes, int flags)
{
	RT_FD_RESULT_BODY(fsetxattr, fd, rt_real.fsetxattr(fd, name, from, bytes, flags), !result, {
		RT_READS_TEXT(name);
		RT_READS(from, bytes);
	});
}

int rt_wrap_utimensat(int folder, const char *path, const struct timespec times[2], int flags)
{
	RT_RESULT_BODY(utimensat, rt_real.utimensat(folder, path, times, flags), !result, {
		RT_READS_TEXT(path);
		if (times)
			RT_READS(times, 2 * sizeof(*times));
	});
}

int rt_wrap_futimens(int fd, const struct timespec times[2])
{
	RT_FD_RESULT_BODY(futimens, fd, rt_real.futimens(fd, times), !result,
		if (times) RT_READS(times, 2 * sizeof(*times)));
}

int rt_wrap_utimes(const char *path, const struct timeval times[2])
{
	RT_RESULT_BODY(utimes, rt_real.utimes(path, times), !result, {
		RT_READS_TEXT(path);
		if (times)
			RT_READS(times, 2 * sizeof(*times));
	});
}

int rt_wrap_utime(const char *path, const struct utimbuf *times)
{
	RT_RESULT_BODY(utime, rt_real.utime(path, times), !result, {
		RT_READS_TEXT(path);
		RT_READS_VALUE(times);
	});
}

int rt_wrap_chdir(const char *path)
{
	RT_RESULT_BODY(chdir, rt_real.chdir(path), !result, RT_READS_TEXT(path));
}

int rt_wrap_chmod(const char *path, mode_t mode)
{
	RT_RESULT_BODY(chmod, rt_real.chmod(path, mode), !result, RT_READS_TEXT(path));
}

int rt_wrap_fchmodat(int folder, const char *path, mode_t mode, int flags)
{
	RT_RESULT_BODY(fchmodat, rt_real.fchmodat(folder, path, mode, flags), !result, RT_READS_TEXT(path));
}

int rt_wrap_chown(const char *path, uid_t user, gid_t group)
{
	RT_RESULT_BODY(chown, rt_real.chown(path, user, group), !result, RT_READS_TEXT(path));
}

int rt_wrap_lchown(const char *path, uid_t user, gid_t group)
{
	RT_RESULT_BODY(lchown, rt_real.lchown(path, user, group), !result, RT_READS_TEXT(path));
}

int rt_wrap_fchownat(int folder, const char *path, uid_t user, gid_t group, int flags)
{
	RT_RESULT_BODY(
		fchownat, rt_real.fchownat(folder, path, user, group, flags), !result, RT_READS_TEXT(path));
}

int rt_wrap_truncate(const char *path, off_t bytes)
{
	RT_RESULT_BODY(truncate, rt_real.truncate(path, bytes), !result, RT_READS_TEXT(path));
}

int rt_wrap_truncate64(const char *path, off64_t bytes)
{
	RT_RESULT_BODY(truncate64, rt_real.truncate64(path, bytes), !result, RT_READS_TEXT(path));
}

char *rt_wrap_canonicalize_file_name(const char *path)
{
	RT_RESULT_BODY(
		canonicalize_file_name, rt_real.canonicalize_file_name(path), result, RT_READS_TEXT(path));
}

char *rt_wrap_tmpnam_r(char *to)
{
	RT_RESULT_BODY(tmpnam_r, rt_real.tmpnam_r(to), result, RT_WRITES_STRING(to));
}

char *rt_wrap_mkdtemp(char *path)
{
	RT_RESULT_BODY(mkdtemp, rt_real.mkdtemp(path), result, {
		RT_READS_TEXT(path);
		RT_WRITES(path + rt_real.strlen(path) - 6, 6);
	});
}
