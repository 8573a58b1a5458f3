/* Streams that write into memory: where they leave it is written when they are flushed and closed.
 *
 * Who may include it: interpose/. Any thread. */
#ifndef RACETRACK_INTERPOSE_MEMORY_STREAM_H
#define RACETRACK_INTERPOSE_MEMORY_STREAM_H

#include "wrap.h"

/* Where a stream leaves its memory and how many characters it is, and a character's size. */
struct rt_memory_stream {
	void **memory; /* NULL: it is no such stream */
	size_t *count;
	size_t character;
};

/* How many there are. */
extern RT_HIDDEN uint32_t rt_memory_streams;

/* Inside the engine, in front of the call that flushes or closes it. A closed one is forgotten. */
RT_HIDDEN struct rt_memory_stream rt_memory_stream_find(const FILE *file, bool closes);
/* Inside the engine, after the call. */
RT_HIDDEN void rt_memory_stream_wrote(
	struct rt_thread *self, struct rt_site *site, const struct rt_memory_stream *stream);

/* A call with `result` 0 where it succeeds. */
#define RT_FLUSH_BODY(name, file, closes, call)                                                              \
	if (RT_LIKELY(!__atomic_load_n(&rt_memory_streams, __ATOMIC_RELAXED)))                               \
		return call;                                                                                 \
	struct rt_memory_stream stream = {.memory = NULL};                                                   \
	RT_TELL_ALWAYS(name, stream = rt_memory_stream_find(file, closes));                                  \
	int result = call;                                                                                   \
	if (!result && stream.memory)                                                                        \
		RT_TELL(name, rt_memory_stream_wrote(self, &site, &stream));                                 \
	return result

#endif
