/* Reading a record file, which may still grow, and which may be anything at all.
 *
 * The file is read with pread, never mapped: a file that shrinks meanwhile is an error and not a signal. Memory stays in
 * proportion to the bytes that are really there. */
#ifndef RACETRACK_REPORT_READER_H
#define RACETRACK_REPORT_READER_H

#include "model.h"

struct report_reader {
	int fd;
	uint64_t offset;       /* of the next record */
	unsigned char *buffer; /* from malloc */
	size_t buffer_bytes;
	bool broken;       /* nothing more can be read from it */
	const char *wrong; /* the first thing that was wrong, in words that follow "FILE: ", or NULL */
	struct report_process *process;
};

/* Opens and checks the file and its header. False: `wrong` says why, and `process` holds nothing. */
bool report_reader_open(struct report_reader *reader, const char *file);

/* Reads every record that is complete by now into reader->process, also `state` and `dropped_records`. A record with bad
 * contents sets `wrong` and is skipped; one with a bad length sets `wrong` and `broken`. */
void report_reader_advance(struct report_reader *reader);

void report_reader_close(struct report_reader *reader);

#endif
