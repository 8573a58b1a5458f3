#include "process_record.h"

#include "environment.h"
#include "process.h"
#include "record.h"
#include "rewritten.h"
#include "sys.h"
#include "version.h"

enum { PATH_ROOM = 1024, SUPPRESSIONS_MOST = 1 << 16 };

static const char *const *functions; /* their names */
static uint32_t function_count, generations[RT_PC_FUNCTIONS], self_generation;
static const char *suppressions; /* NULL: none */

void rt_name_functions(const char *const *names, uint32_t count)
{
	functions = names;
	function_count = count;
}

void rt_program_suppressions(const char *text)
{
	suppressions = text;
}

void rt_process_record_keep(void)
{
	size_t room = suppressions ? rt_string_bytes(suppressions, SUPPRESSIONS_MOST - 1) + 1 : 0;
	char *copy = room ? rt_alloc(room) : NULL;
	if (copy)
		rt_string_copy(copy, room, suppressions);
	suppressions = copy;
}

void rt_process_record_function(uint32_t function, uint32_t generation)
{
	uint32_t index = function - RT_PC_FIRST_FUNCTION;
	if (index >= function_count || generations[function] == generation)
		return;
	generations[function] = generation;
	rt_record_begin(RT_RECORD_FUNCTION);
	rt_record_u32(function);
	rt_record_str(functions[index]);
	rt_record_commit();
}

static void record_link(const char *path)
{
	char target[PATH_ROOM];
	long bytes = rt_syscall(__NR_readlink, (long)path, (long)target, sizeof(target), 0, 0, 0);
	rt_record_bytes(target, bytes > 0 ? (size_t)bytes : 0);
}

static void record_command_line(void)
{
	static char line[4096]; /* findings' lock */
	long used = 0, descriptor = rt_sys_open("/proc/self/cmdline", RT_O_CLOEXEC, 0);
	if (descriptor >= 0) {
		used = rt_sys_read((int)descriptor, line, sizeof(line));
		rt_sys_close((int)descriptor);
	}
	used = used > 0 ? used - 1 : 0; /* less the last argument's NUL */
	for (long i = 0; i < used; i++)
		line[i] = line[i] ? line[i] : ' ';
	rt_record_bytes(line, (size_t)used);
}

static void record_self(void)
{
	rt_record_begin(RT_RECORD_PROCESS);
	rt_record_u32((uint32_t)rt_process_id());
	rt_record_u32((uint32_t)rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0));
	record_link("/proc/self/exe");
	record_link("/proc/self/cwd");
	record_command_line();
	rt_record_str(rt_environment_options());
	rt_record_str(RT_VERSION);
	rt_record_commit();
	if (!suppressions)
		return;
	rt_record_begin(RT_RECORD_SUPPRESSIONS);
	rt_record_str(suppressions);
	rt_record_commit();
}

void rt_process_record_self(uint32_t generation)
{
	if (self_generation != generation)
		record_self();
	self_generation = generation;
	rt_rewritten_record(generation);
}
