/* Lines of source files. */
#ifndef RACETRACK_REPORT_SOURCE_H
#define RACETRACK_REPORT_SOURCE_H

#include <stddef.h>

struct report_excerpt {
	unsigned first; /* number of the first line */
	size_t count;
	const char **lines; /* without their ends */
};

/* Up to `around` lines before and after `line`. No lines if the file can't be read or is not that long. A relative path is
 * looked up in `folder`. Files are read once and kept. */
struct report_excerpt report_source_excerpt(
	const char *path, const char *folder, unsigned line, unsigned around);

#endif
