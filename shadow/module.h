/* The modules (program and libraries) that are mapped now, as MODULE records.
 *
 * Who may include it: shadow/. Under the findings' lock. Reads /proc/self/maps, takes no lock of the loader's. */
#ifndef RACETRACK_SHADOW_MODULE_H
#define RACETRACK_SHADOW_MODULE_H

#include "base.h"

/* Before the process may lose the right to open the maps, and then in a forked child: else they are opened when needed. */
RT_HIDDEN void rt_modules_open(void);
/* Writes records for modules that appeared or went since the last call. */
RT_HIDDEN void rt_modules_record(void);
/* A new record file: all of them are to be written again. */
RT_HIDDEN void rt_modules_forget(void);

#endif
