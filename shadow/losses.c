#include "losses.h"

#include "context.h"
#include "counters.h"
#include "follower.h"
#include "process.h"
#include "record.h"
#include "text.h"
#include "thread.h"

static const struct {
	const char *name, *text;
	int loss;
} rows[] = {
#define RT_COUNTER(symbol, name, loss, text) {name, text, loss},
#include "counters.def"
#undef RT_COUNTER
};

enum { LOSS = 1, LOSS_SAID = 2 };

/* "N TEXT", in `line`. */
static void describe(unsigned counter, char *line, size_t room)
{
	struct rt_text text = rt_text_init(line, room);
	rt_text_number(&text, rt_counters[counter]);
	rt_text_add(&text, " ");
	rt_text_add(&text, rows[counter].text);
}

/* ---- those that are told ---- */

struct line {
	struct line *next;
	char text[];
};
static RT_AT_FORK struct line *lines;

void rt_losses_tell(const char *text)
{
	size_t room = rt_string_bytes(text, SIZE_MAX) + 1;
	struct line *line = rt_alloc(sizeof(*line) + room), **last = &lines;
	if (!rt_follower_is_on_stderr())
		rt_process_say(text, "");
	if (!line)
		return;
	line->next = NULL;
	rt_string_copy(line->text, room, text);
	while (*last)
		last = &(*last)->next;
	*last = line;
}

void rt_losses_forked(void)
{
	lines = NULL;
}

static void record_loss(const char *text)
{
	rt_record_begin(RT_RECORD_LOSS);
	rt_record_str(text);
	rt_record_commit();
}

/* Once: after an exec that failed there will be another end. */
static void record_lines(void)
{
	while (lines) {
		struct line *line = lines;
		record_loss(line->text);
		lines = line->next;
		rt_free(line, sizeof(*line) + rt_string_bytes(line->text, SIZE_MAX) + 1);
	}
}

/* ---- all ---- */

void rt_losses_record(void)
{
	rt_threads_count();
	rt_counters[RT_COUNTER_CONTEXTS] = rt_contexts.used - 1 + rt_contexts.room - rt_contexts.top;
	rt_record_begin(RT_RECORD_COUNTERS);
	rt_record_u32(RT_COUNTER_COUNT);
	for (unsigned i = 0; i < RT_COUNTER_COUNT; i++) {
		rt_record_str(rows[i].name);
		rt_record_u64(rt_counters[i]);
	}
	rt_record_commit();
	for (unsigned i = 0; i < RT_COUNTER_COUNT; i++) {
		char line[256];
		if (rows[i].loss < LOSS || !rt_counters[i])
			continue;
		describe(i, line, sizeof(line));
		record_loss(line);
	}
	record_lines();
}

void rt_losses_say(void)
{
	for (unsigned i = 0; i < RT_COUNTER_COUNT; i++) {
		char line[256];
		if (rows[i].loss < LOSS_SAID || !rt_counters[i])
			continue;
		describe(i, line, sizeof(line));
		rt_process_say("not everything was checked: ", line);
	}
}
