/* The modules (program and libraries) that are mapped now, as MODULE records.
 *
 * Who may include it: shadow/. Under the findings' lock. Reads /proc/self/maps, takes no lock of the loader's. */
#ifndef RACETRACK_SHADOW_MODULE_H
#define RACETRACK_SHADOW_MODULE_H

#include "base.h"

/* Before the process may lose the right to open the maps, and then in a forked child: else they are opened when needed. */
RT_HIDDEN void rt_modules_open(void);
struct rt_module_image {
	uint64_t low, high, bias;
	const char *path;
	const unsigned char *build_id;
	uint32_t build_id_bytes; /* at most 64 */
};
/* Calls put() for each module that is mapped now. */
RT_HIDDEN void rt_modules_each(void (*put)(const struct rt_module_image *image));
/* Writes records for modules that appeared or went since the last call. */
RT_HIDDEN void rt_modules_record(void);
/* A new record file: all of them are to be written again. */
RT_HIDDEN void rt_modules_forget(void);

#endif
