// hostile: maps huge pages of a memfd twice
// expect: race-alias
// with: forward backward
// needs: test $(($(cat /proc/sys/vm/nr_hugepages) + $(cat /proc/sys/vm/nr_overcommit_hugepages))) -ge 2
#include "sides.h"

#define HUGE (2 << 20)

static char *one, *other;

static void first(void)
{
	first_write(one + PAGE);
}
static void second(void)
{
	second_write(other + PAGE);
}
int main(int count, char **arguments)
{
	int fd = memfd_create("huge", MFD_HUGETLB);
	MUST(fd >= 0 && ftruncate(fd, 2 * HUGE) == 0);
	one = map_shared(fd, 0, 2 * HUGE);
	other = map_shared(fd, 0, HUGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
