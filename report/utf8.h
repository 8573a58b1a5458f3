/* Text that may be anything, made safe to print. */
#ifndef RACETRACK_REPORT_UTF8_H
#define RACETRACK_REPORT_UTF8_H

#include <stdint.h>

enum { REPORT_UTF8_BAD = 0xfffd };

/* The next code point, moving *at past it; 0 at the end. Bytes that are not UTF-8 yield REPORT_UTF8_BAD, one at a time. */
uint32_t report_utf8_next(const char **at);

/* `text` itself if it is valid UTF-8 on one line without control characters, or else a copy in the arena that is: what a
 * terminal would act upon becomes '?'. A tab may stay. */
const char *report_text_clean(const char *text);

#endif
