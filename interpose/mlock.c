/* Memory that is locked as a whole. The engine's reservations are large and mostly untouched: locked with the rest they
 * would be more than any limit allows, and the kernel would fill the machine's memory with them. */
#include "wrap.h"
#include "shadow/sys.h"

#include <linux/capability.h>

/* The linker's: where the library begins and ends. */
extern RT_HIDDEN const char __ehdr_start[], _end[];

/* The first of our ranges that ends after an address: a reservation, or the library itself. */
static uintptr_t next_ours(uintptr_t from, uintptr_t *end)
{
	uintptr_t low = (uintptr_t)__ehdr_start, high = ((uintptr_t)_end + 4095) & ~(uintptr_t)4095;
	uintptr_t reserved = rt_reserved_next(from, end);
	if (high <= from || reserved < low)
		return reserved;
	*end = high;
	return low;
}

/* The program's part of every mapping, in turn: `visit` gets [low, high). False: the mappings can't be read. */
static bool each_mapping(void (*visit)(void *argument, uintptr_t low, uintptr_t high), void *argument)
{
	char text[4096];
	uintptr_t bounds[2] = {0, 0};
	unsigned part = 0; /* of a line: low, high, the rest */
	long bytes, maps = rt_sys_open("/proc/self/maps", RT_O_CLOEXEC, 0);
	if (maps < 0)
		return false;
	while ((bytes = rt_sys_read((int)maps, text, sizeof(text))) > 0)
		for (long i = 0; i < bytes; i++) {
			unsigned c = (unsigned char)text[i];
			if (part < 2 && c != '-' && c != ' ') {
				bounds[part] = bounds[part] * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
			} else if (part < 2) {
				part++;
			} else if (c == '\n') {
				uintptr_t low = bounds[0], end = bounds[1], ours_end;
				while (low < end) {
					uintptr_t ours = next_ours(low, &ours_end);
					if (low < ours)
						visit(argument, low, ours < end ? ours : end);
					low = ours_end;
				}
				bounds[0] = bounds[1] = part = 0;
			}
		}
	rt_sys_close((int)maps);
	return true;
}

static void add_bytes(void *sum, uintptr_t low, uintptr_t high)
{
	if (high < (uintptr_t)1 << 47) /* not the kernel's page for old system calls */
		*(uintptr_t *)sum += high - low;
}

static void lock_range(void *flags, uintptr_t low, uintptr_t high)
{
	rt_syscall(__NR_mlock2, (long)low, (long)(high - low), *(unsigned *)flags, 0, 0, 0);
}

/* 0, or the kernel's error. */
static int refuses_to_lock(uintptr_t bytes)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
	struct rlimit limit = {0, 0};
	rt_real.getrlimit(RLIMIT_MEMLOCK, &limit);
	if (!rt_sys_failed(rt_syscall(__NR_capget, (long)&header, (long)data, 0, 0, 0, 0)) &&
		data[0].effective & CAP_TO_MASK(CAP_IPC_LOCK))
		return 0;
	if (!limit.rlim_cur)
		return EPERM;
	return bytes <= limit.rlim_cur ? 0 : ENOMEM;
}

/* What is mapped now is locked mapping by mapping, with the errors that the kernel would have for the program's alone.
 * What will be mapped is locked too, but not touched ahead of its use: some of it will be ours. */
int rt_wrap_mlockall(int flags)
{
	uintptr_t bytes = 0;
	rt_confine(); /* our larger mappings now: later they would be locked, too */
	if (flags & MCL_FUTURE)
		rt_rewrite_refuse("what is mapped is locked (mlockall)");
	unsigned on_fault = flags & MCL_ONFAULT ? MLOCK_ONFAULT : 0;
	int future = flags & MCL_FUTURE ? MCL_FUTURE | MCL_ONFAULT : 0;
	if (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || !(flags & MCL_CURRENT))
		return rt_real.mlockall(flags & MCL_CURRENT ? flags : flags | future);
	int refused = each_mapping(add_bytes, &bytes) ? refuses_to_lock(bytes) : ENOMEM;
	if (refused) {
		errno = refused;
		return -1;
	}
	if (future && rt_real.mlockall(future))
		return -1;
	each_mapping(lock_range, &on_fault);
	return 0;
}
