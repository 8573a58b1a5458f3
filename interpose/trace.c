/* Stacks that a program asks for. */
#include "result.h"

int rt_wrap_backtrace(void **to, int most)
{
	RT_RESULT_BODY(backtrace, rt_real.backtrace(to, most), result > 0,
		RT_WRITES(to, (size_t)result * sizeof(*to)));
}

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
