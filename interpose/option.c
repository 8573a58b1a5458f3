/* Options of a command. getopt keeps the place in the arguments, leaves what it found in variables, and puts the arguments in
 * another order. */
#include "hidden_state.h"
#include "result.h"

#include <getopt.h>

static struct rt_hidden place = {.name = "the place of getopt in the arguments"};

/* The variables are the program's, too. */
static void tell_variables(struct rt_thread *self, struct rt_site *site)
{
	rt_call_access(self, site, &optind, sizeof(optind), RT_WRITE);
	rt_call_access(self, site, &optarg, sizeof(optarg), RT_WRITE);
}

#define OPTION_BODY(name, call)                                                                              \
	int result = call;                                                                                   \
	RT_TELL(name, {                                                                                      \
		RT_USES_HIDDEN(place, RT_WRITE);                                                             \
		RT_READS_TEXT(letters);                                                                      \
		RT_READS(arguments, (size_t)count * sizeof(*arguments));                                     \
		tell_variables(self, &site);                                                                 \
	});                                                                                                  \
	return result

int rt_wrap_getopt(int count, char *const arguments[], const char *letters)
{
	OPTION_BODY(getopt, rt_real.getopt(count, arguments, letters));
}

int rt_wrap_getopt_long(
	int count, char *const arguments[], const char *letters, const struct option *words, int *which)
{
	OPTION_BODY(getopt_long, rt_real.getopt_long(count, arguments, letters, words, which));
}

int rt_wrap_getopt_long_only(
	int count, char *const arguments[], const char *letters, const struct option *words, int *which)
{
	OPTION_BODY(getopt_long_only, rt_real.getopt_long_only(count, arguments, letters, words, which));
}

/* What ends a part of the text is replaced by a NUL. */
int rt_wrap_getsubopt(char **text, char *const words[], char **value)
{
	char *start = *text;
	RT_RESULT_BODY(getsubopt, rt_real.getsubopt(text, words, value), *start, {
		RT_WRITES_VALUE(text);
		RT_WRITES_VALUE(value);
		RT_READS(start, (size_t)(*text - start));
		if (*text > start && !(*text)[-1])
			RT_WRITES(*text - 1, 1);
	});
}
