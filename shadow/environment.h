/* What the process was started with: options, folders, limits. The program may change its environment later on.
 *
 * Who may include it: shadow/, rewrite/. */
#ifndef RACETRACK_SHADOW_ENVIRONMENT_H
#define RACETRACK_SHADOW_ENVIRONMENT_H

#include "base.h"

/* Sets rt_options: by rt_default_options and RACETRACK_OPTIONS; and keeps the below. */
RT_HIDDEN void rt_environment_read(char **environment, const char *library_path);
/* The options as they were written. */
RT_HIDDEN const char *rt_environment_options(void);
/* HOME and XDG_CACHE_HOME; "" where they were not, or too long. */
RT_HIDDEN const char *rt_environment_home(void);
RT_HIDDEN const char *rt_environment_caches(void);
/* The value of a variable, whose name is given with its '='; NULL: it is not there. */
RT_HIDDEN const char *rt_environment_variable(char **environment, const char *name);
/* Bytes that the process may map, or write to; 0: any number. */
RT_HIDDEN size_t rt_environment_address_space(void);

#endif
