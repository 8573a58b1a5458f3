/* Stacks that a program asked for. backtrace itself has no row: it would find the wrapper's frame, too. */
#include "result.h"

char **rt_wrap_backtrace_symbols(void *const *from, int count)
{
	RT_RESULT_BODY(backtrace_symbols, rt_real.backtrace_symbols(from, count), result && count > 0,
		RT_READS(from, (size_t)count * sizeof(*from)));
}

void rt_wrap_backtrace_symbols_fd(void *const *from, int count, int fd)
{
	RT_TELL(backtrace_symbols_fd, {
		if (count > 0)
			RT_READS(from, (size_t)count * sizeof(*from));
		rt_number_use(self, &site, fd);
	});
	rt_real.backtrace_symbols_fd(from, count, fd);
}
