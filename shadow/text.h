/* Building short lines of text in a fixed buffer, without the C library; what does not fit is cut.
 *
 * Who may include it: anything in the library. */
#ifndef RACETRACK_SHADOW_TEXT_H
#define RACETRACK_SHADOW_TEXT_H

#include "sys.h"

struct rt_text {
	char *buffer;
	size_t room, used;
};

static inline struct rt_text rt_text_init(char *buffer, size_t room)
{
	buffer[0] = 0;
	return (struct rt_text){buffer, room, 0};
}

static inline void rt_text_add(struct rt_text *text, const char *more)
{
	text->used += rt_string_copy(text->buffer + text->used, text->room - text->used, more);
}

static inline void rt_text_number(struct rt_text *text, uint64_t number)
{
	char digits[24];
	unsigned at = sizeof(digits) - 1;
	digits[at] = 0;
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	rt_text_add(text, digits + at);
}

/* A reader that is gone, or a file that must not grow, must not cost the program its life: the signal of this write never
 * reaches it. */
static inline void rt_text_write(const struct rt_text *text, int descriptor)
{
	enum { SIGPIPE_VALUE = 13, SIGXFSZ_VALUE = 25, EFBIG_VALUE = 27, EPIPE_VALUE = 32 };
	uint64_t pipe = 1ull << (SIGPIPE_VALUE - 1), size = 1ull << (SIGXFSZ_VALUE - 1), before;
	const int64_t at_once[2] = {0, 0};
	rt_sys_signal_mask(RT_SIG_BLOCK, pipe | size, &before);
	long done = rt_sys_write(descriptor, text->buffer, text->used);
	uint64_t sent = (done == -EPIPE_VALUE ? pipe : done == -EFBIG_VALUE ? size : 0) & ~before;
	if (sent)
		rt_syscall(__NR_rt_sigtimedwait, (long)&sent, 0, (long)at_once, sizeof(sent), 0, 0);
	rt_sys_signal_mask(RT_SIG_SETMASK, before, NULL);
}

#endif
