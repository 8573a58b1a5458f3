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

int rt_wrap_glob(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *to)
{
	RT_RESULT_BODY(glob, rt_real.glob(pattern, flags, on_error, to), !result || result == GLOB_NOMATCH, {
		RT_READS_TEXT(pattern);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_glob64(const char *pattern, int flags, int (*on_error)(const char *, int), glob64_t *to)
{
	RT_RESULT_BODY(
		glob64, rt_real.glob64(pattern, flags, on_error, to), !result || result == GLOB_NOMATCH, {
			RT_READS_TEXT(pattern);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_wordexp(const char *text, wordexp_t *to, int flags)
{
	RT_RESULT_BODY(wordexp, rt_real.wordexp(text, to, flags), !result, {
		RT_READS_TEXT(text);
		RT_WRITES_VALUE(to);
	});
}

void rt_wrap_regfree(regex_t *pattern)
{
	RT_TELL(regfree, RT_WRITES_VALUE(pattern));
	rt_real.regfree(pattern);
}

void rt_wrap_globfree(glob_t *list)
{
	RT_TELL(globfree, RT_WRITES_VALUE(list));
	rt_real.globfree(list);
}

void rt_wrap_globfree64(glob64_t *list)
{
	RT_TELL(globfree64, RT_WRITES_VALUE(list));
	rt_real.globfree64(list);
}

void rt_wrap_wordfree(wordexp_t *words)
{
	RT_TELL(wordfree, RT_WRITES_VALUE(words));
	rt_real.wordfree(words);
}
