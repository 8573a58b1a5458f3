/* Texts one behind the other, each with its NUL (argz), and such texts of the form NAME=VALUE (envz): blocks of the C library's, whose
 * address and size the program keeps. A call that may change them writes all: what it moves it does not say. */
#include "result.h"

#define LIST_PARAMETERS char **list, size_t *bytes
#define CHANGES_LIST                                                                                         \
	{                                                                                                    \
		RT_WRITES_VALUE(list);                                                                       \
		RT_WRITES_VALUE(bytes);                                                                      \
		if (*list)                                                                                   \
			RT_WRITES(*list, *bytes);                                                            \
	}
#define CHANGE_BODY(name, call, ...)                                                                         \
	RT_RESULT_BODY(name, call, !result, {                                                                \
		__VA_ARGS__;                                                                                 \
		CHANGES_LIST;                                                                                \
	})
#define READ_BODY(name, call, ...)                                                                           \
	RT_RESULT_BODY(name, call, list, {                                                                   \
		__VA_ARGS__;                                                                                 \
		RT_READS(list, bytes);                                                                       \
	})

error_t rt_wrap_argz_create(char *const texts[], LIST_PARAMETERS)
{
	CHANGE_BODY(argz_create, rt_real.argz_create(texts, list, bytes), {
		for (; *texts; texts++) {
			RT_READS_VALUE(texts);
			RT_READS_STRING(*texts);
		}
	});
}

error_t rt_wrap_argz_create_sep(const char *text, int separator, LIST_PARAMETERS)
{
	CHANGE_BODY(
		argz_create_sep, rt_real.argz_create_sep(text, separator, list, bytes), RT_READS_TEXT(text));
}

error_t rt_wrap_argz_append(LIST_PARAMETERS, const char *from, size_t from_bytes)
{
	CHANGE_BODY(
		argz_append, rt_real.argz_append(list, bytes, from, from_bytes), RT_READS(from, from_bytes));
}

error_t rt_wrap_argz_add(LIST_PARAMETERS, const char *text)
{
	CHANGE_BODY(argz_add, rt_real.argz_add(list, bytes, text), RT_READS_TEXT(text));
}

error_t rt_wrap_argz_add_sep(LIST_PARAMETERS, const char *text, int separator)
{
	CHANGE_BODY(argz_add_sep, rt_real.argz_add_sep(list, bytes, text, separator), RT_READS_TEXT(text));
}

error_t rt_wrap_argz_insert(LIST_PARAMETERS, char *before, const char *text)
{
	CHANGE_BODY(argz_insert, rt_real.argz_insert(list, bytes, before, text), RT_READS_TEXT(text));
}

error_t rt_wrap_argz_replace(LIST_PARAMETERS, const char *text, const char *with, unsigned int *count)
{
	CHANGE_BODY(argz_replace, rt_real.argz_replace(list, bytes, text, with, count), {
		RT_READS_TEXT(text);
		RT_READS_TEXT(with);
	});
}

/* What is deleted may lie in the list itself, which is written, too. */
void rt_wrap_argz_delete(LIST_PARAMETERS, char *entry)
{
	rt_real.argz_delete(list, bytes, entry);
	RT_TELL(argz_delete, CHANGES_LIST);
}

size_t rt_wrap_argz_count(const char *list, size_t bytes)
{
	READ_BODY(argz_count, rt_real.argz_count(list, bytes), (void)0);
}

void rt_wrap_argz_extract(const char *list, size_t bytes, char **to)
{
	rt_real.argz_extract(list, bytes, to);
	RT_TELL(argz_extract, {
		size_t count = rt_real.argz_count(list, bytes);
		RT_READS(list, bytes);
		RT_WRITES(to, (count + 1) * sizeof(*to));
	});
}

void rt_wrap_argz_stringify(char *list, size_t bytes, int separator)
{
	rt_real.argz_stringify(list, bytes, separator);
	RT_TELL(argz_stringify, RT_WRITES(list, bytes));
}

/* ---- names and values ---- */

char *rt_wrap_envz_entry(const char *list, size_t bytes, const char *name)
{
	READ_BODY(envz_entry, rt_real.envz_entry(list, bytes, name), RT_READS_TEXT(name));
}

char *rt_wrap_envz_get(const char *list, size_t bytes, const char *name)
{
	READ_BODY(envz_get, rt_real.envz_get(list, bytes, name), RT_READS_TEXT(name));
}

error_t rt_wrap_envz_add(LIST_PARAMETERS, const char *name, const char *value)
{
	CHANGE_BODY(envz_add, rt_real.envz_add(list, bytes, name, value), {
		RT_READS_TEXT(name);
		RT_READS_TEXT(value);
	});
}

error_t rt_wrap_envz_merge(LIST_PARAMETERS, const char *other, size_t other_bytes, int replace)
{
	CHANGE_BODY(envz_merge, rt_real.envz_merge(list, bytes, other, other_bytes, replace),
		RT_READS(other, other_bytes));
}

void rt_wrap_envz_remove(LIST_PARAMETERS, const char *name)
{
	rt_real.envz_remove(list, bytes, name);
	RT_TELL(envz_remove, {
		RT_READS_TEXT(name);
		CHANGES_LIST;
	});
}

void rt_wrap_envz_strip(LIST_PARAMETERS)
{
	rt_real.envz_strip(list, bytes);
	RT_TELL(envz_strip, CHANGES_LIST);
}
