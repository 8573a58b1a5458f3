#include "memory_stream.h"

uint32_t rt_memory_streams;

struct opened {
	struct opened *next;
	const FILE *file;
	struct rt_memory_stream stream;
};

static struct {
	struct rt_spin spin;
	struct opened *first;
} all RT_AT_FORK;

static void note(const FILE *file, struct rt_memory_stream stream)
{
	struct opened *opened = rt_alloc(sizeof(*opened));
	if (!opened)
		return;
	rt_spin_lock(&all.spin);
	*opened = (struct opened){all.first, file, stream};
	all.first = opened;
	rt_memory_streams++;
	rt_spin_unlock(&all.spin);
}

struct rt_memory_stream rt_memory_stream_find(const FILE *file, bool closes)
{
	struct rt_memory_stream stream = {.memory = NULL};
	struct opened *gone = NULL;
	rt_spin_lock(&all.spin);
	struct opened **at = &all.first;
	while (*at && (*at)->file != file)
		at = &(*at)->next;
	if (*at)
		stream = (*at)->stream;
	if (*at && closes) {
		gone = *at;
		*at = gone->next;
		rt_memory_streams--;
	}
	rt_spin_unlock(&all.spin);
	if (gone)
		rt_free(gone, sizeof(*gone));
	return stream;
}

/* The memory ends with a null character, which is not counted. */
void rt_memory_stream_wrote(
	struct rt_thread *self, struct rt_site *site, const struct rt_memory_stream *stream)
{
	rt_call_access(self, site, stream->memory, sizeof(*stream->memory), RT_WRITE);
	rt_call_access(self, site, stream->count, sizeof(*stream->count), RT_WRITE);
	rt_call_access(self, site, *stream->memory, (*stream->count + 1) * stream->character, RT_WRITE);
}

#define OPEN_BODY(name, to, count, character)                                                                \
	FILE *file = rt_real.name(to, count);                                                                \
	if (file)                                                                                            \
		RT_TELL_ALWAYS(                                                                              \
			name, note(file, (struct rt_memory_stream){(void **)(to), count, character}));       \
	return file

FILE *rt_wrap_open_memstream(char **to, size_t *count)
{
	OPEN_BODY(open_memstream, to, count, sizeof(char));
}

FILE *rt_wrap_open_wmemstream(wchar_t **to, size_t *count)
{
	OPEN_BODY(open_wmemstream, to, count, sizeof(wchar_t));
}
