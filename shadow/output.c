#include "output.h"

#include "process.h"
#include "sys.h"
#include "text.h"

/* What making and writing a file can fail by; the C library's own words. */
static const struct {
	int number; /* the kernel's */
	const char *text;
} errors[] = {
	{1, "Operation not permitted"},
	{2, "No such file or directory"},
	{5, "Input/output error"},
	{12, "Cannot allocate memory"},
	{13, "Permission denied"},
	{17, "File exists"},
	{20, "Not a directory"},
	{21, "Is a directory"},
	{23, "Too many open files in system"},
	{24, "Too many open files"},
	{27, "File too large"},
	{28, "No space left on device"},
	{30, "Read-only file system"},
	{36, "File name too long"},
	{40, "Too many levels of symbolic links"},
	{122, "Disk quota exceeded"},
};

const char *rt_error_text(long error)
{
	static char other[32];
	long number = error < 0 ? -error : error;
	for (unsigned i = 0; i < RT_COUNT(errors); i++)
		if (errors[i].number == number)
			return errors[i].text;
	struct rt_text text = rt_text_init(other, sizeof(other));
	rt_text_add(&text, "error ");
	rt_text_number(&text, (uint64_t)number);
	return other;
}

void rt_output_failed(const char *option, const char *path, long error, const char *result)
{
	char line[RT_OPTION_STRING_BYTES + 256];
	struct rt_text text = rt_text_init(line, sizeof(line));
	rt_text_add(&text, "option ");
	rt_text_add(&text, option);
	rt_text_add(&text, ": cannot write ");
	rt_text_add(&text, path);
	rt_text_add(&text, ": ");
	rt_text_add(&text, rt_error_text(error));
	rt_text_add(&text, "; ");
	rt_text_add(&text, result);
	rt_process_say(line, "");
}

/* Of a path, with the '/' at its end, or ".". */
static void copy_folder(char *folder, const char *path)
{
	size_t bytes = rt_string_bytes(path, RT_OPTION_STRING_BYTES - 1);
	while (bytes && path[bytes - 1] != '/')
		bytes--;
	rt_bytes_copy(folder, path, bytes);
	rt_string_copy(folder + bytes, 2, bytes ? "" : ".");
}

void rt_output_check(void)
{
	enum { MAY_WRITE = 2, MAY_SEARCH = 1 };
	char folder[RT_OPTION_STRING_BYTES + 1];
	char *log = rt_options.log_path;
	if (rt_string_equal(log, "stderr") || rt_string_equal(log, "stdout"))
		return;
	copy_folder(folder, log);
	long result = rt_syscall(__NR_access, (long)folder, MAY_WRITE | MAY_SEARCH, 0, 0, 0, 0);
	if (!rt_sys_failed(result))
		return;
	rt_output_failed(
		"log_path", log, result, "it is given up: reports go to stderr and the working folder");
	rt_string_copy(log, sizeof(rt_options.log_path), "stderr");
}
