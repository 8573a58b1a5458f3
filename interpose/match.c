/* Patterns of texts and of names of files. */
#include "result.h"

int rt_wrap_fnmatch(const char *pattern, const char *text, int flags)
{
	RT_RESULT_BODY(fnmatch, rt_real.fnmatch(pattern, text, flags), true, {
		RT_READS_TEXT(pattern);
		RT_READS_TEXT(text);
	});
}

int rt_wrap_regcomp(regex_t *to, const char *pattern, int flags)
{
	RT_RESULT_BODY(regcomp, rt_real.regcomp(to, pattern, flags), !result, {
		RT_READS_TEXT(pattern);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_regexec(const regex_t *pattern, const char *text, size_t room, regmatch_t to[], int flags)
{
	RT_RESULT_BODY(
		regexec, rt_real.regexec(pattern, text, room, to, flags), !result || result == REG_NOMATCH, {
			RT_READS_VALUE(pattern);
			if (!(flags & REG_STARTEND))
				RT_READS_TEXT(text);
			if (!result && !pattern->no_sub)
				RT_WRITES(to, room * sizeof(*to));
		});
}

size_t rt_wrap_regerror(int error, const regex_t *pattern, char *to, size_t room)
{
	RT_RESULT_BODY(regerror, rt_real.regerror(error, pattern, to, room), to && room,
		RT_WRITES(to, result < room ? result : room));
}

#define GLOBS(name, list)                                                                                    \
	int rt_wrap_##name(const char *pattern, int flags, int (*on_error)(const char *, int), list *to)     \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(pattern, flags, on_error, to),                             \
			!result || result == GLOB_NOMATCH, {                                                 \
				RT_READS_TEXT(pattern);                                                      \
				RT_WRITES_VALUE(to);                                                         \
			});                                                                                  \
	}

GLOBS(glob, glob_t)
GLOBS(glob64, glob64_t)

int rt_wrap_wordexp(const char *text, wordexp_t *to, int flags)
{
	RT_RESULT_BODY(wordexp, rt_real.wordexp(text, to, flags), !result, {
		RT_READS_TEXT(text);
		RT_WRITES_VALUE(to);
	});
}

#define FREES(name, kind)                                                                                    \
	void rt_wrap_##name(kind *what)                                                                      \
	{                                                                                                    \
		RT_TELL(name, RT_WRITES_VALUE(what));                                                        \
		rt_real.name(what);                                                                          \
	}

FREES(regfree, regex_t)
FREES(globfree, glob_t)
FREES(globfree64, glob64_t)
FREES(wordfree, wordexp_t)
