/* The decoders that have files of their own. Only decode*.c include it.
 *
 * Each returns NULL, or what is wrong with the record, and leaves in->failed where it is cut short. */
#ifndef RACETRACK_REPORT_DECODE_PARTS_H
#define RACETRACK_REPORT_DECODE_PARTS_H

#include "cursor.h"
#include "model.h"

enum { REPORT_MOST_MODULES = 16384 };

const char *report_rewritten_decode(struct report_process *process, struct report_cursor *in);

const char *report_peer_decode(struct report_process *process, struct report_cursor *in);
const char *report_object_decode(struct report_process *process, struct report_cursor *in);
const char *report_mapping_decode(struct report_process *process, struct report_cursor *in);

/* From now on report_program_find knows it. */
void report_program_add(struct report_process *process, const char *path);

#endif
