#include "environment.h"

#include "process.h"
#include "sys.h"

enum { FOLDER_BYTES = 4096 };

static char options_text[RT_OPTION_STRING_BYTES];

static void say_option_error(void *context, const char *message)
{
	(void)context;
	rt_process_say(message, "");
}

void rt_default_options(const char *text)
{
	rt_string_copy(options_text, sizeof(options_text) - 1, text);
}

const char *rt_environment_options(void)
{
	return options_text;
}

/* The program may change its environment later on. */
static struct folder {
	const char *name;
	char path[FOLDER_BYTES];
} home = {.name = "HOME="}, caches = {.name = "XDG_CACHE_HOME="};

const char *rt_environment_home(void)
{
	return home.path;
}

const char *rt_environment_caches(void)
{
	return caches.path;
}

const char *rt_environment_variable(char **environment, const char *name)
{
	size_t bytes = rt_string_bytes(name, SIZE_MAX);
	while (environment && *environment && !rt_bytes_equal(*environment, name, bytes))
		environment++;
	return environment && *environment ? *environment + bytes : NULL;
}

static void keep_folder(struct folder *folder, char **environment)
{
	const char *path = rt_environment_variable(environment, folder->name);
	if (path && rt_string_bytes(path, FOLDER_BYTES) < FOLDER_BYTES)
		rt_string_copy(folder->path, FOLDER_BYTES, path);
}

static void read_options(char **environment)
{
	const char *more = rt_environment_variable(environment, "RACETRACK_OPTIONS=");
	rt_options_init(&rt_options);
	size_t given = rt_string_bytes(options_text, sizeof(options_text));
	if (more && given)
		options_text[given++] = ':';
	if (more)
		rt_string_copy(options_text + given, sizeof(options_text) - given, more);
	rt_options_parse(&rt_options, options_text, say_option_error, NULL);
	if (rt_options.help)
		rt_options_say(rt_process_say);
}

/* The report program lies beside the library unless an option says otherwise. */
static void find_report_program(const char *library_path)
{
	static const char name[] = "racetrack-report";
	if (rt_options.report_path[0])
		return;
	size_t folder = rt_string_bytes(library_path, RT_OPTION_STRING_BYTES - sizeof(name));
	while (folder && library_path[folder - 1] != '/')
		folder--;
	rt_bytes_copy(rt_options.report_path, library_path, folder);
	rt_string_copy(rt_options.report_path + folder, RT_OPTION_STRING_BYTES - folder, name);
}

static uint64_t soft_limit(long resource)
{
	uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};
	rt_syscall(__NR_prlimit64, 0, resource, 0, (long)limit, 0, 0);
	return limit[0];
}

/* RLIMIT_DATA counts what can be written. */
size_t rt_environment_address_space(void)
{
	enum { RLIMIT_DATA_VALUE = 2, RLIMIT_AS_VALUE = 9 };
	uint64_t all = soft_limit(RLIMIT_AS_VALUE), data = soft_limit(RLIMIT_DATA_VALUE);
	uint64_t least = data < all ? data : all;
	return least == UINT64_MAX ? 0 : (size_t)least;
}

void rt_environment_read(char **environment, const char *library_path)
{
	read_options(environment);
	keep_folder(&home, environment);
	keep_folder(&caches, environment);
	find_report_program(library_path);
}
