/* The modules (program and libraries) that are mapped now, as MODULE records.
 *
 * Who may include it: shadow/. Under the findings' lock. Takes no lock of the loader's. */
#ifndef RACETRACK_SHADOW_MODULE_H
#define RACETRACK_SHADOW_MODULE_H

#include "base.h"

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
/* The address lies in one that was there when they were last recorded. */
RT_HIDDEN bool rt_module_is_at(uintptr_t address);
/* The record's id of the module with this distance from its ELF addresses, and how much thread-local storage it has; 0: there was none
 * when they were last recorded. */
RT_HIDDEN uint32_t rt_module_tls(uint64_t bias, uint64_t *bytes);
/* A new record file: all of them are to be written again. */
RT_HIDDEN void rt_modules_forget(void);

#endif
