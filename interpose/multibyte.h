/* How much of a multibyte or wide string a conversion takes, computed as the C library's locale says.
 *
 * Who may include it: interpose/. Only for texts that convert: errno stays as it is. */
#ifndef RACETRACK_INTERPOSE_MULTIBYTE_H
#define RACETRACK_INTERPOSE_MULTIBYTE_H

#include <limits.h>
#include "wrap.h"

/* Bytes of the first `most` characters; a NUL ends them and is not counted. */
static inline size_t rt_multibyte_bytes(const char *text, size_t most)
{
	mbstate_t state = {0};
	size_t bytes = 0;
	for (size_t i = 0; i < most; i++) {
		size_t step = rt_real.mbrlen(text + bytes, MB_LEN_MAX, &state);
		if (!step || step > MB_LEN_MAX)
			break;
		bytes += step;
	}
	return bytes;
}

/* Characters whose bytes fit into `most`; a NUL ends them and is not counted. */
static inline size_t rt_multibyte_fitting(const wchar_t *text, size_t most)
{
	mbstate_t state = {0};
	char encoded[MB_LEN_MAX];
	size_t count = 0;
	for (size_t bytes = 0; bytes < most && text[count]; count++) {
		bytes += rt_real.wcrtomb(encoded, text[count], &state);
		if (bytes > most)
			break;
	}
	return count;
}

#endif
