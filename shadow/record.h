/* The writer of record files: see record_format.h for what a file holds.
 *
 * Who may include it: shadow/. Records are written between rt_record_begin and rt_record_commit, one at a time, by a
 * thread inside the engine that holds the findings' lock (or is the only one). The file is memory that all can map:
 * nothing is lost when the process is killed, closes its descriptors, changes its root or its user. */
#ifndef RACETRACK_SHADOW_RECORD_H
#define RACETRACK_SHADOW_RECORD_H

#include "engine.h"

/* Opens this process's file: in `folder` under a name of its own, or nameless where folder is "". False: nowhere. */
RT_HIDDEN bool rt_record_open(const char *folder);
/* In a forked child: leaves the parent's file and opens another. */
RT_HIDDEN bool rt_record_reopen(const char *folder);
/* Stops writing; an empty file in a folder of the user's stays, it tells that nothing was found. */
RT_HIDDEN void rt_record_close(void);

RT_HIDDEN void rt_record_begin(enum rt_record_kind kind);
RT_HIDDEN void rt_record_u8(uint8_t value);
RT_HIDDEN void rt_record_u32(uint32_t value);
RT_HIDDEN void rt_record_u64(uint64_t value);
RT_HIDDEN void rt_record_bytes(const void *bytes, size_t count); /* a str */
RT_HIDDEN void rt_record_str(const char *text);
/* An u32 to be set later, and its setting. */
RT_HIDDEN size_t rt_record_hole(void);
RT_HIDDEN void rt_record_fill(size_t hole, uint32_t value);
RT_HIDDEN void rt_record_commit(void);

/* The file's header, NULL when there is no file. */
RT_HIDDEN struct rt_record_file *rt_record_header(void);
/* Path of the file, "" for a nameless one. */
RT_HIDDEN const char *rt_record_path(void);

#endif
