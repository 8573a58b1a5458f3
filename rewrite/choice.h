/* What the options say about what to rewrite: rewrite, rewrite_only, rewrite_skip.
 *
 * An item of the last two is MODULE, all of it, or MODULE:FUNCTION, or MODULE:0xFROM-0xEND, the functions that have bytes
 * there, as the module's file counts addresses. In MODULE and FUNCTION `*` stands for any text and `?` for any
 * character. FUNCTION is a name of the symbol table; names that the compiler made of it by adding `.something` belong
 * to it.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_CHOICE_H
#define RACETRACK_REWRITE_CHOICE_H

#include "bits.h"
#include "file.h"

/* Anything is to be rewritten. */
RT_HIDDEN bool rt_choice_any(void);
/* NULL: the module is to be; else why not, in words that stay. Never: the C library, the loader, this library and what it
 * loads. */
RT_HIDDEN const char *rt_choice_refuse(const struct rt_module *module, const struct rt_file *file);
/* Of what is to be, no more than what makes an order: see locking.h. */
RT_HIDDEN bool rt_choice_is_partial(const struct rt_module *module);
/* For the certainty of findings: shadow/trait.h. */
RT_HIDDEN void rt_choice_tell_unseen(const struct rt_module *module, bool is_partial);
/* A bit for each of the module's functions: those that are to be. rt_alloc'd, rt_choice_bytes; NULL: no memory. */
RT_HIDDEN uint64_t *rt_choice_functions(const struct rt_module *module, const struct rt_file *file);
/* That is all of them, in every run: no item names functions of the module. */
RT_HIDDEN bool rt_choice_is_whole(const struct rt_module *module, const struct rt_file *file);
static inline size_t rt_choice_bytes(const struct rt_module *module)
{
	return (module->function_count / 64 + 2) * sizeof(uint64_t);
}

/* Says which items named nothing that rt_choice_refuse and rt_choice_functions have seen. */
RT_HIDDEN void rt_choice_say_unused(void);

#endif
