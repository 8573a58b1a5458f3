/* Folders as a whole, parts of other processes, queues and segments, and dates in words. */
#include "result.h"
#include "span.h"

int rt_wrap_scandir(const char *path, struct dirent ***to, int (*takes)(const struct dirent *),
	int (*compare)(const struct dirent **, const struct dirent **))
{
	RT_RESULT_BODY(scandir, rt_real.scandir(path, to, takes, compare), result >= 0, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_scandir64(const char *path, struct dirent64 ***to, int (*takes)(const struct dirent64 *),
	int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
	RT_RESULT_BODY(scandir64, rt_real.scandir64(path, to, takes, compare), result >= 0, {
		RT_READS_TEXT(path);
		RT_WRITES_VALUE(to);
	});
}

ssize_t rt_wrap_getdents64(int fd, void *to, size_t bytes)
{
	RT_FD_RESULT_BODY(
		getdents64, fd, rt_real.getdents64(fd, to, bytes), result > 0, RT_WRITES(to, (size_t)result));
}

key_t rt_wrap_ftok(const char *path, int number)
{
	RT_RESULT_BODY(ftok, rt_real.ftok(path, number), result != -1, RT_READS_TEXT(path));
}

int rt_wrap_mq_getattr(mqd_t queue, struct mq_attr *to)
{
	RT_RESULT_BODY(mq_getattr, rt_real.mq_getattr(queue, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_mq_setattr(mqd_t queue, const struct mq_attr *from, struct mq_attr *old)
{
	RT_RESULT_BODY(mq_setattr, rt_real.mq_setattr(queue, from, old), !result, {
		RT_READS_VALUE(from);
		RT_WRITES_VALUE(old);
	});
}

int rt_wrap_msgctl(int id, int command, struct msqid_ds *at)
{
	RT_RESULT_BODY(msgctl, rt_real.msgctl(id, command, at), result >= 0, {
		if (command == IPC_STAT)
			RT_WRITES_VALUE(at);
		if (command == IPC_SET)
			RT_READS_VALUE(at);
	});
}

int rt_wrap_shmctl(int id, int command, struct shmid_ds *at)
{
	RT_RESULT_BODY(shmctl, rt_real.shmctl(id, command, at), result >= 0, {
		if (command == IPC_STAT)
			RT_WRITES_VALUE(at);
		if (command == IPC_SET)
			RT_READS_VALUE(at);
	});
}

size_t rt_wrap_strftime_l(char *to, size_t room, const char *format, const struct tm *time, locale_t locale)
{
	RT_RESULT_BODY(strftime_l, rt_real.strftime_l(to, room, format, time, locale), result, {
		RT_READS_TEXT(format);
		RT_READS_VALUE(time);
		RT_WRITES(to, result + 1);
	});
}

size_t rt_wrap_wcsftime(wchar_t *to, size_t room, const wchar_t *format, const struct tm *time)
{
	RT_RESULT_BODY(wcsftime, rt_real.wcsftime(to, room, format, time), result, {
		RT_READS(format, rt_span_wide_string(format, SIZE_MAX));
		RT_READS_VALUE(time);
		RT_WRITES(to, (result + 1) * sizeof(*to));
	});
}

size_t rt_wrap_strxfrm_l(char *to, const char *from, size_t room, locale_t locale)
{
	RT_RESULT_BODY(strxfrm_l, rt_real.strxfrm_l(to, from, room, locale), true, {
		RT_READS_TEXT(from);
		if (result < room)
			RT_WRITES(to, result + 1);
	});
}

/* What the zone is, and where its name lies, only formats that GNU added say. */
char *rt_wrap_strptime(const char *text, const char *format, struct tm *to)
{
	RT_RESULT_BODY(strptime, rt_real.strptime(text, format, to), result, {
		RT_READS(text, (size_t)(result - text));
		RT_READS_STRING(format);
		RT_WRITES(to, offsetof(struct tm, tm_gmtoff));
	});
}
