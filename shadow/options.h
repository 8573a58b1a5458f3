/* The options string: its parser, and one struct with a field for every row of options.def.
 *
 * Who may include it: the preloaded library, and report/ to check a string before a program is run. It calls no libc
 * function, so that it can run before libc is ready and inside a library that wraps libc. No locks, no globals.
 *
 * Grammar: name=value, separated by ':' or white space. A value that holds a separator is quoted: name="a b" or
 * name='a:b'; there are no escapes. The values of the rewrite options have colons of their own: there, one that no
 * name=value follows separates nothing. A name that comes twice: the last one counts.
 */
#ifndef RACETRACK_SHADOW_OPTIONS_H
#define RACETRACK_SHADOW_OPTIONS_H

#include "base.h"

enum { RT_OPTION_STRING_BYTES = 1024 }; /* with the NUL */

#define RT_OPTION_FIELD_BOOL(name)   bool name;
#define RT_OPTION_FIELD_INT(name)    int64_t name;
#define RT_OPTION_FIELD_STRING(name) char name[RT_OPTION_STRING_BYTES];

struct rt_options {
#define RT_OPTION(name, type, initial, text) RT_OPTION_FIELD_##type(name)
#include "options.def"
#undef RT_OPTION
};

/* Gets one complete line without a newline: the word that is wrong and what is accepted in its place. `message` lives
 * only during the call. */
typedef void rt_options_error_fn(void *context, const char *message);

/* Every field as options.def says. Signal-safe. */
RT_HIDDEN void rt_options_init(struct rt_options *options);

/* Sets the fields that `text` names; the others stay. pre: rt_options_init. An option that is unknown or has a bad value
 * calls `on_error` once, which may be NULL, leaves its field, and the rest of the text is still read. True if there was
 * no error. Signal-safe. */
RT_HIDDEN bool rt_options_parse(
	struct rt_options *options, const char *text, rt_options_error_fn *on_error, void *context);

/* Gives a line for each option to say(line, ""). */
RT_HIDDEN void rt_options_say(void (*say)(const char *text, const char *more));

#endif
