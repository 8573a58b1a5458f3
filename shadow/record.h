/* The writer of record files: see record_format.h for what a file holds.
 *
 * Most processes have nothing to tell, and must not see a descriptor or pay for a file. So records are written to a draft
 * in memory, which is made at the first of them and becomes a file when somebody is to read it:
 *   publish  the file itself takes the draft's place in memory. Nothing of it is lost when the process is killed, closes its
 *            descriptors, changes its root or its user.
 *   save     a copy of what there is now, in a file with a name.
 *
 * Who may include it: shadow/. Records are written between rt_record_begin and rt_record_commit, one at a time, by a
 * thread inside the engine that holds the findings' lock (or is the only one); publish and save likewise. */
#ifndef RACETRACK_SHADOW_RECORD_H
#define RACETRACK_SHADOW_RECORD_H

#include "engine.h"

/* At start. Files lie in `folder` under a name of their own, or are nameless where that is "". It must stay there. */
RT_HIDDEN void rt_record_init(const char *folder);
/* In a forked child: leaves the parent's records alone; there are none. */
RT_HIDDEN void rt_record_forked(void);
/* Once; later calls do nothing. False: it stays a draft. */
RT_HIDDEN bool rt_record_publish(void);
/* Closes the descriptor of what was published, which is mapped: the program may count those that it has. */
RT_HIDDEN void rt_record_close(void);
/* At `path`, NULL: in the folder. A file that has a name needs no saving. */
RT_HIDDEN bool rt_record_save(const char *path);
/* Why the last one failed, an errno. */
RT_HIDDEN int rt_record_error(void);

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

/* The header, NULL when nothing was recorded. */
RT_HIDDEN struct rt_record_file *rt_record_header(void);
/* Path of the file, "": it is nameless or there is none. */
RT_HIDDEN const char *rt_record_path(void);

#endif
