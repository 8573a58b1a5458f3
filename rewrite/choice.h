/* What the options say about what to rewrite: rewrite, rewrite_only, rewrite_skip.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_CHOICE_H
#define RACETRACK_REWRITE_CHOICE_H

#include "module.h"

/* Anything is to be rewritten. */
RT_HIDDEN bool rt_choice_any(void);
/* The module is. Never: the C library, the loader, this library and what it loads. */
RT_HIDDEN bool rt_choice_module(const struct rt_module *module);
/* The function of a module that is to be. */
RT_HIDDEN bool rt_choice_function(const struct rt_module *module, const struct rt_function *function);

#endif
