/* What the library half of containers/ shares: bytes, and turns under the detector.
 *
 * Who may include it: containers/slice*.c, map*.c, turn.c. It must not know the engine: these files are linked into
 * programs, not into libracetrack.so.
 *
 * The pattern of every operation: the public function does its work at once where racetrack_api_here is NULL. Under the
 * detector it calls its twin in slice_told.c or map_told.c, which takes a turn, does the same work, tells the detector and
 * ends the turn.
 *
 * Names: functions that can stand in a stack (they call the detector, malloc or free) are called rt_slice_ or rt_map_, static
 * ones too. By that a report knows the container's frames from the program's.
 */
#ifndef RACETRACK_CONTAINERS_INTERNAL_H
#define RACETRACK_CONTAINERS_INTERNAL_H

#include <stdint.h>
#include <string.h>

#include "../include/racetrack/events.h"
#include "../include/racetrack/racetrack.h"

/* The detector is in the process. Always so in the twins, which define it as 1. */
#ifndef TOLD
#define TOLD (__builtin_expect(racetrack_api_here != NULL, 0))
#endif

#define CONTAINER_HIDDEN __attribute__((visibility("hidden")))
#define CONTAINER_COLD   __attribute__((cold, noinline))

/* Bytes. Under the detector these must not be libc's functions: it sees those, takes them for the program's own accesses,
 * and an operation would be reported twice, once under the wrong name. */

static inline void bytes_copy(void *to, const void *from, size_t bytes)
{
	if (bytes == 0)
		return; /* pointers to nothing may be NULL */
	if (!TOLD)
		memmove(to, from, bytes);
	else if ((uintptr_t)to - (uintptr_t)from >= bytes)
		__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
	else
		for (volatile char *end = (char *)to; bytes--;)
			end[bytes] = ((const char *)from)[bytes];
}

static inline void bytes_zero(void *to, size_t bytes)
{
	if (bytes == 0)
		return;
	if (!TOLD)
		memset(to, 0, bytes);
	else
		__asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(0) : "memory");
}

static inline int bytes_equal(const void *a, const void *b, size_t bytes)
{
	if (!TOLD)
		return bytes == 0 || memcmp(a, b, bytes) == 0;
	const volatile unsigned char *left = (const volatile unsigned char *)a;
	for (size_t i = 0; i < bytes; i++)
		if (left[i] != ((const unsigned char *)b)[i])
			return 0;
	return 1;
}

static inline size_t string_bytes(const char *text)
{
	if (!TOLD)
		return strlen(text);
	const volatile char *end = text;
	while (*end)
		end++;
	return (size_t)(end - text);
}

/* Under the detector an operation and what it tells are one: a program that races is reported, and what is reported is
 * what happened, instead of a heap torn by the race. Best effort: after about a millisecond the thread takes the turn over
 * (its owner is the thread that this signal handler interrupted, or was not copied by a fork). The detector does not take a
 * turn for synchronisation. `object` is the header or map. Returns the turn to end. */
CONTAINER_HIDDEN uint32_t *container_turn_begin(const void *object);
CONTAINER_HIDDEN void container_turn_end(uint32_t *turn);

#endif
