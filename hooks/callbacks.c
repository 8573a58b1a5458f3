#include "callbacks.h"

#include "shadow/text.h"

#define PROGRAMS_OWN __attribute__((weak, visibility("default")))

PROGRAMS_OWN const char *__tsan_default_options(void);
PROGRAMS_OWN const char *__tsan_default_suppressions(void);
PROGRAMS_OWN void __tsan_on_initialize(void);
PROGRAMS_OWN void __tsan_on_report(void *report);
PROGRAMS_OWN int __tsan_on_finalize(int failed);

/* ThreadSanitizer's options that mean something here, by the names that they have here. Of the others none changes what is
 * found: they are left out without a word. */
static const struct {
	const char *theirs, *ours;
} options[] = {
	{"exitcode", "exitcode"},
	{"halt_on_error", "halt_on_error"},
	{"help", "help"},
	{"history_size", "history_size"},
	{"log_path", "log_path"},
	{"print_suppressions", "print_suppressions"},
	{"report_atomic_races", "report_atomic_races"},
	{"report_bugs", "report_bugs"},
	{"strip_path_prefix", "strip_path_prefix"},
	{"suppressions", "suppressions"},
	{"verbosity", "verbosity"},
};

static bool is_separator(char c)
{
	return c == ' ' || c == ',' || c == ':' || c == '\n' || c == '\t' || c == '\r';
}

static const char *our_name(const char *name, size_t bytes)
{
	for (size_t i = 0; i < RT_COUNT(options); i++)
		if (rt_string_bytes(options[i].theirs, SIZE_MAX) == bytes &&
			rt_bytes_equal(options[i].theirs, name, bytes))
			return options[i].ours;
	return NULL;
}

/* A value in quotes holds a ' or a ", whichever does not close it. */
static void add_option(struct rt_text *to, const char *name, const char *value, size_t bytes)
{
	char quote[2] = {'"', 0}, copy[1024];
	if (bytes >= sizeof(copy))
		return;
	rt_bytes_copy(copy, value, bytes);
	copy[bytes] = 0;
	for (size_t i = 0; i < bytes; i++)
		if (copy[i] == '"')
			quote[0] = '\'';
	/* their levels go on above ours */
	bool loud = rt_string_equal(name, "verbosity") && (bytes > 1 || copy[0] > '2');
	rt_text_add(to, name);
	rt_text_add(to, "=");
	rt_text_add(to, quote);
	rt_text_add(to, loud ? "2" : copy);
	rt_text_add(to, quote);
	rt_text_add(to, ":");
}

/* name=value, separated by what separates; a value may stand in quotes. */
static void translate(struct rt_text *to, const char *from)
{
	while (from && *from) {
		if (is_separator(*from)) {
			from++;
			continue;
		}
		const char *name = from;
		while (*from && *from != '=' && !is_separator(*from))
			from++;
		size_t name_bytes = (size_t)(from - name);
		if (*from != '=')
			continue;
		char quote = from[1] == '"' || from[1] == '\'' ? from[1] : 0;
		const char *value = from += quote ? 2 : 1;
		while (*from && (quote ? *from != quote : !is_separator(*from)))
			from++;
		const char *ours = our_name(name, name_bytes);
		if (ours)
			add_option(to, ours, value, (size_t)(from - value));
		from += quote && *from;
	}
}

void rt_callbacks_options(char *to, size_t room, const char *given)
{
	struct rt_text text = rt_text_init(to, room);
	to[0] = 0;
	if (__tsan_default_options)
		translate(&text, __tsan_default_options());
	translate(&text, given);
}

const char *rt_callbacks_suppressions(void)
{
	return __tsan_default_suppressions ? __tsan_default_suppressions() : NULL;
}

void rt_callbacks_started(void)
{
	if (__tsan_on_initialize)
		__tsan_on_initialize();
}

bool rt_callbacks_listens(void)
{
	return __tsan_on_report != NULL;
}

static __thread const struct rt_found *current;

const struct rt_found *rt_callbacks_current(void)
{
	return current;
}

/* What is found in the program's function itself is not told. */
void rt_callbacks_found(const struct rt_found *found)
{
	if (current)
		return;
	current = found;
	__tsan_on_report((void *)found);
	current = NULL;
}

bool rt_callbacks_ended(bool *failed)
{
	if (!__tsan_on_finalize)
		return false;
	*failed = __tsan_on_finalize(*failed) != 0;
	return true;
}
