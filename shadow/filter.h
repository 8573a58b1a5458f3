/* System calls that the program has forbidden itself by seccomp's filters.
 *
 * A filter lists what the program calls. What the engine calls besides would end the program, or be sent to its handler
 * of SIGSYS. So the filters that were installed are kept, and asked before each call of the engine's own (sys.h): a call
 * that they do not let through, or refuse with an error, fails with EPERM and is not made.
 *
 * Filters are of a thread and those that it makes; here they count for the whole process. One that a process was executed
 * with, or that was installed by a bare system call, is not known.
 *
 * Who may include it: shadow/, interpose/. Source: seccomp(2); kernel/seccomp.c for which instructions there are. */
#ifndef RACETRACK_SHADOW_FILTER_H
#define RACETRACK_SHADOW_FILTER_H

#include "base.h"

struct sock_fprog;
struct rt_filter;

/* Room for a filter, before it is installed: afterwards none may be had. NULL: no memory, and the filter will not be known. In
 * the engine. */
RT_HIDDEN struct rt_filter *rt_filter_prepare(void);

/* The system took the program's filter, so it can be read. Calls nothing. Any thread. */
RT_HIDDEN void rt_filter_installed(struct rt_filter *filter, const struct sock_fprog *program);

/* The system refused it. In the engine. */
RT_HIDDEN void rt_filter_drop(struct rt_filter *filter);

/* The C library's loader, too, makes calls that the program may not. Any thread. */
RT_HIDDEN bool rt_filter_lets_load(void);

#endif
