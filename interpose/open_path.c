/* Files that are opened by their names. */
#include "descriptor.h"
#include "name.h"
#include "stream.h"
#include "wrap.h"

/* `reader`: the site, where the path is the program's. */
static void tell_opened(struct rt_thread *self, struct rt_site *site, struct rt_site *reader, int folder,
	const char *path, struct rt_name *name, int opened)
{
	int error = opened < 0 ? errno : 0;
	if (opened >= 0)
		rt_descriptor_opened(self, site, opened);
	if (!rt_watching)
		return;
	rt_name_found(self, reader, folder, path, name, error);
	if (opened >= 0)
		rt_name_found_file(self, opened);
}

/* `call` makes `opened`, a descriptor or -1. */
#define OPEN(function, reader, folder, path, makes, call)                                                    \
	struct rt_name file = {.made = 0};                                                                   \
	if (makes)                                                                                           \
		RT_TELL(function, rt_name_makes(self, reader, folder, path, &file));                         \
	call;                                                                                                \
	RT_FOLLOWS();                                                                                        \
	if (opened >= 0 || rt_watching)                                                                      \
	RT_TELL_ALWAYS(function, tell_opened(self, &site, reader, folder, path, &file, opened))

#define OPEN_BODY(function, folder, path, makes, call)                                                       \
	OPEN(function, &site, folder, path, makes, int opened = call);                                       \
	return opened

/* The mode that follows where a file may be made. */
#define OPEN_MODE_BODY(function, folder, path, call)                                                         \
	mode_t mode = 0;                                                                                     \
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                                           \
		va_list rest;                                                                                \
		va_start(rest, flags);                                                                       \
		mode = va_arg(rest, mode_t);                                                                 \
		va_end(rest);                                                                                \
	}                                                                                                    \
	OPEN_BODY(function, folder, path, flags &O_CREAT, call)

int rt_wrap_open(const char *path, int flags, ...)
{
	OPEN_MODE_BODY(open, AT_FDCWD, path, rt_real.open(path, flags, mode));
}

int rt_wrap_open64(const char *path, int flags, ...)
{
	OPEN_MODE_BODY(open64, AT_FDCWD, path, rt_real.open64(path, flags, mode));
}

int rt_wrap_openat(int folder, const char *path, int flags, ...)
{
	OPEN_MODE_BODY(openat, folder, path, rt_real.openat(folder, path, flags, mode));
}

int rt_wrap_openat64(int folder, const char *path, int flags, ...)
{
	OPEN_MODE_BODY(openat64, folder, path, rt_real.openat64(folder, path, flags, mode));
}

int rt_wrap___open_2(const char *path, int flags)
{
	OPEN_BODY(__open_2, AT_FDCWD, path, false, rt_real.__open_2(path, flags));
}

int rt_wrap___open64_2(const char *path, int flags)
{
	OPEN_BODY(__open64_2, AT_FDCWD, path, false, rt_real.__open64_2(path, flags));
}

int rt_wrap___openat_2(int folder, const char *path, int flags)
{
	OPEN_BODY(__openat_2, folder, path, false, rt_real.__openat_2(folder, path, flags));
}

int rt_wrap___openat64_2(int folder, const char *path, int flags)
{
	OPEN_BODY(__openat64_2, folder, path, false, rt_real.__openat64_2(folder, path, flags));
}

int rt_wrap_creat(const char *path, mode_t mode)
{
	OPEN_BODY(creat, AT_FDCWD, path, true, rt_real.creat(path, mode));
}

int rt_wrap_creat64(const char *path, mode_t mode)
{
	OPEN_BODY(creat64, AT_FDCWD, path, true, rt_real.creat64(path, mode));
}

int rt_wrap_shm_open(const char *name, int flags, mode_t mode)
{
	char path[RT_NAME_SHARED_BYTES];
	rt_name_shared_path("", name, path);
	OPEN(shm_open, NULL, AT_FDCWD, path, flags & O_CREAT,
		int opened = rt_real.shm_open(name, flags, mode));
	return opened;
}

int rt_wrap_shm_unlink(const char *name)
{
	char path[RT_NAME_SHARED_BYTES];
	struct rt_name file = {.made = 0};
	rt_name_shared_path("", name, path);
	RT_TELL(shm_unlink, rt_name_goes(self, NULL, AT_FDCWD, path, &file));
	return rt_real.shm_unlink(name);
}

/* ---- streams ---- */

#define STREAM_BODY(function, call)                                                                          \
	FILE *stream;                                                                                        \
	int opened;                                                                                          \
	OPEN(function, &site, AT_FDCWD, path, *mode != 'r', {                                                \
		stream = call;                                                                               \
		opened = stream ? rt_stream_descriptor(stream) : -1;                                         \
	});                                                                                                  \
	return stream

FILE *rt_wrap_fopen(const char *path, const char *mode)
{
	STREAM_BODY(fopen, rt_real.fopen(path, mode));
}

FILE *rt_wrap_fopen64(const char *path, const char *mode)
{
	STREAM_BODY(fopen64, rt_real.fopen64(path, mode));
}
