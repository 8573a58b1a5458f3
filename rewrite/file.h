/* The file that a module was mapped from: its name, and the names of functions in it.
 *
 * Who may include it: rewrite/. One thread at a time. The file is not trusted: it is mapped, and nothing outside of it is
 * read. Source: System V ABI, chapter 4 (sections, symbol tables). */
#ifndef RACETRACK_REWRITE_FILE_H
#define RACETRACK_REWRITE_FILE_H

#include "maps.h"

#include <sys/stat.h>

struct rt_file {
	char path
		[RT_MAPS_PATH]; /* absolute, symbolic links followed; as the loader has it, where it can't be told */
	uint64_t inode;         /* 0: not known */
};

/* As /proc/self/maps says, which is read at the first time, and kept until it is to be forgotten: modules that are loaded
 * meanwhile are not known. */
RT_HIDDEN void rt_file_find(struct rt_file *file, const struct rt_module *module);
RT_HIDDEN void rt_files_forget(void);

/* False: it is not the file any more that was mapped. */
RT_HIDDEN bool rt_file_status(const struct rt_file *file, struct stat *status);

/* Calls `visit` for each symbol of the file that may be a function in the module's text, with its offset there: those of
 * .symtab, or in a stripped file of .dynsym. False: the file can't be had, has changed, or has no symbols. */
RT_HIDDEN bool rt_file_symbols(const struct rt_file *file, const struct rt_module *module,
	void (*visit)(const char *name, uint32_t offset, void *data), void *data);

/* A section of the file has the text somewhere. False: or it can't be had. */
RT_HIDDEN bool rt_file_says(const struct rt_file *file, const char *section, const char *text);
/* Where a section of the file is in memory; empty: there is none of that name. */
RT_HIDDEN struct rt_range rt_file_section(
	const struct rt_file *file, const struct rt_module *module, const char *name);

/* The file has debug information, or names another that has and is there. */
RT_HIDDEN bool rt_file_has_debug(const struct rt_file *file, const struct rt_module *module);

/* From the first to the last byte of what the file's sections say is code, in the module's text; all of the text where they
 * say nothing. Some linkers put tables and constants into the segment of the code, too. */
RT_HIDDEN struct rt_range rt_file_code(const struct rt_file *file, const struct rt_module *module);

/* What follows the last '/'. */
static inline const char *rt_file_base(const char *path)
{
	const char *base = path;
	for (; *path; path++)
		base = *path == '/' ? path + 1 : base;
	return base;
}

#endif
