/* A folder of the user's in which files are kept from run to run: found, trusted, bounded.
 *
 * Trusted is what belongs to the effective user and nobody else may write; neither the folder nor a file of it is reached by a
 * symbolic link. Files come by rename, whole or not at all. Whoever reads one must hold what it says for possible nonsense.
 *
 * Who may include it: rewrite/. One thread at a time; any number of processes. Nothing here fails loudly: without a folder
 * there are no files. */
#ifndef RACETRACK_REWRITE_STORE_H
#define RACETRACK_REWRITE_STORE_H

#include "shadow/base.h"

enum { RT_STORE_NAME = 96, RT_STORE_NONE = -1 };

/* Between these calls the others work, if it is open: else there is none that can be trusted, or the options want none. */
RT_HIDDEN void rt_store_open(void);
RT_HIDDEN bool rt_store_is_open(void);
RT_HIDDEN void rt_store_close(void);

/* A file to read, or RT_STORE_NONE; its size. To be closed. */
RT_HIDDEN int rt_store_find(const char *name, uint64_t *bytes);
/* A fresh file to write, of `bytes` in all, or RT_STORE_NONE. */
RT_HIDDEN int rt_store_begin(uint64_t bytes);
/* Closes it; `is_whole`: it gets its name, and what is too much in the folder goes, the oldest first. Else it is removed. */
RT_HIDDEN void rt_store_end(int file, const char *name, bool is_whole);
/* A file that is no good. */
RT_HIDDEN void rt_store_remove(const char *name);

/* Of the whole of a file, however often the kernel stops. */
RT_HIDDEN bool rt_store_read(int file, void *to, size_t bytes);
RT_HIDDEN bool rt_store_write(int file, const void *from, size_t bytes);

#endif
