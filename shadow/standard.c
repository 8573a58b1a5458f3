#include "standard.h"

#include "sys.h"

enum { STDOUT = 1, STDERR = 2 };

static struct rt_sys_identity first[STDERR + 1];

void rt_standard_init(void)
{
	for (int descriptor = STDOUT; descriptor <= STDERR; descriptor++)
		rt_sys_identify(descriptor, &first[descriptor]);
}

bool rt_standard_is_same(int descriptor)
{
	struct rt_sys_identity now;
	return rt_sys_identify(descriptor, &now) && first[descriptor].inode == now.inode &&
	       first[descriptor].device == now.device;
}
