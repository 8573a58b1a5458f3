#include "choice.h"

#include "shadow/process.h"
#include "shadow/sys.h"

/* Part of the machinery, or nothing a program shares data with. */
static const char *const never[] = {"ld-linux*.so*", "libc.so*", "libracetrack*.so*", "libZydis.so*",
	"libZycore.so*", "libunwind*.so*", "libtsan.so*", "libasan.so*"};
static const char *const system_folders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/usr/libexec/"};

/* Of a name and a pattern in which `*` stands for any text and `?` for a character. */
static bool matches(const char *pattern, size_t bytes, const char *name)
{
	const char *end = pattern + bytes, *star = NULL, *from = NULL;
	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (pattern < end && (*pattern == '?' || *pattern == *name)) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

static const char *base_name(const char *path)
{
	const char *base = path;
	for (; *path; path++)
		base = *path == '/' ? path + 1 : base;
	return base;
}

/* The percentage of rewrite=sample:N%; 100 for the others. */
static unsigned sampled(void)
{
	static const char prefix[] = "sample:";
	const char *text = rt_options.rewrite;
	unsigned number = 0;
	if (!rt_bytes_equal(text, prefix, sizeof(prefix) - 1))
		return 100;
	for (text += sizeof(prefix) - 1; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (unsigned)(*text - '0');
	return number;
}

bool rt_choice_any(void)
{
	return !rt_string_equal(rt_options.rewrite, "off");
}

static bool is_system(const char *path)
{
	for (unsigned i = 0; i < RT_COUNT(system_folders); i++)
		if (rt_bytes_equal(path, system_folders[i], rt_string_bytes(system_folders[i], SIZE_MAX)))
			return true;
	return false;
}

bool rt_choice_module(const struct rt_module *module)
{
	const char *base = base_name(module->path);
	for (unsigned i = 0; i < RT_COUNT(never); i++)
		if (matches(never[i], rt_string_bytes(never[i], SIZE_MAX), base))
			return false;
	return !module->path[0] || rt_string_equal(rt_options.rewrite, "all") || !is_system(module->path);
}

/* Another choice in every run. */
bool rt_choice_function(const struct rt_module *module, const struct rt_function *function)
{
	static uint64_t seed;
	unsigned percent = sampled();
	if (percent >= 100)
		return true;
	if (!seed)
		seed = rt_hash64(rt_sys_clock_ns(0) ^ (uint64_t)rt_sys_getpid() << 48) | 1;
	return rt_hash64(seed ^ (module->text.start + function->start)) % 100 < percent;
}
