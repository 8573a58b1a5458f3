/* One record's payload to the model. */
#ifndef RACETRACK_REPORT_DECODE_H
#define RACETRACK_REPORT_DECODE_H

#include "model.h"

/* Adds the record to `process`. Returns NULL, or what is wrong with it, in words that follow "the record at ...: ".
 * A kind that is not known is skipped. */
const char *report_record_decode(
	struct report_process *process, uint32_t kind, const unsigned char *payload, size_t bytes);

#endif
