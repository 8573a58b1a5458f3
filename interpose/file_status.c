/* What files and file systems are, their times and their attributes. */
#include "result.h"

#define OF_DESCRIPTOR(name, status)                                                                          \
	int rt_wrap_##name(int fd, status *to)                                                               \
	{                                                                                                    \
		RT_FD_RESULT_BODY(name, fd, rt_real.name(fd, to), !result, RT_WRITES_VALUE(to));             \
	}
#define OF_VERSION(name, status)                                                                             \
	int rt_wrap_##name(int version, int fd, status *to)                                                  \
	{                                                                                                    \
		RT_FD_RESULT_BODY(name, fd, rt_real.name(version, fd, to), !result, RT_WRITES_VALUE(to));    \
	}
#define OF_PATH(name, status)                                                                                \
	int rt_wrap_##name(const char *path, status *to)                                                     \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(path, to), !result, {                                      \
			RT_READS_TEXT(path);                                                                 \
			RT_WRITES_VALUE(to);                                                                 \
		});                                                                                          \
	}

OF_DESCRIPTOR(fstat, struct stat)
OF_DESCRIPTOR(fstat64, struct stat64)
OF_DESCRIPTOR(fstatfs, struct statfs)
OF_DESCRIPTOR(fstatfs64, struct statfs64)
OF_DESCRIPTOR(fstatvfs, struct statvfs)
OF_DESCRIPTOR(fstatvfs64, struct statvfs64)
OF_VERSION(__fxstat, struct stat)
OF_VERSION(__fxstat64, struct stat64)
OF_PATH(statfs, struct statfs)
OF_PATH(statfs64, struct statfs64)
OF_PATH(statvfs, struct statvfs)
OF_PATH(statvfs64, struct statvfs64)

/* ---- attributes: of a file or of a link that leads to it, by their path, and of a descriptor's ---- */

#define GETS_OF_PATH(name)                                                                                   \
	ssize_t rt_wrap_##name(const char *path, const char *attribute, void *to, size_t room)               \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(path, attribute, to, room), result >= 0, {                 \
			RT_READS_TEXT(path);                                                                 \
			RT_READS_TEXT(attribute);                                                            \
			if (room)                                                                            \
				RT_WRITES(to, (size_t)result);                                               \
		});                                                                                          \
	}
#define LISTS_OF_PATH(name)                                                                                  \
	ssize_t rt_wrap_##name(const char *path, char *to, size_t room)                                      \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(path, to, room), result >= 0, {                            \
			RT_READS_TEXT(path);                                                                 \
			if (room)                                                                            \
				RT_WRITES(to, (size_t)result);                                               \
		});                                                                                          \
	}
#define SETS_OF_PATH(name)                                                                                   \
	int rt_wrap_##name(                                                                                  \
		const char *path, const char *attribute, const void *from, size_t bytes, int flags)          \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(path, attribute, from, bytes, flags), !result, {           \
			RT_READS_TEXT(path);                                                                 \
			RT_READS_TEXT(attribute);                                                            \
			RT_READS(from, bytes);                                                               \
		});                                                                                          \
	}

GETS_OF_PATH(getxattr)
GETS_OF_PATH(lgetxattr)
LISTS_OF_PATH(listxattr)
LISTS_OF_PATH(llistxattr)
SETS_OF_PATH(setxattr)
SETS_OF_PATH(lsetxattr)

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

int rt_wrap_fsetxattr(int fd, const char *name, const void *from, size_t bytes, int flags)
{
	RT_FD_RESULT_BODY(fsetxattr, fd, rt_real.fsetxattr(fd, name, from, bytes, flags), !result, {
		RT_READS_TEXT(name);
		RT_READS(from, bytes);
	});
}

/* ---- times, owners, sizes, names ---- */

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
