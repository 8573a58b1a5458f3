/* Another process's memory by process_vm_readv and process_vm_writev. Its side is told where the other process is this one. */
#include "parts.h"
#include "shadow/sys.h"

/* So many bytes went from the one to the other: told after success, when the arrays have proved good. */
#define COPY_BODY(name, from, from_count, to, to_count, call)                                                \
	ssize_t result = call;                                                                               \
	if (result > 0)                                                                                      \
		RT_TELL(name, {                                                                              \
			RT_READS(local, local_count * sizeof(*local));                                       \
			RT_READS(remote, remote_count * sizeof(*remote));                                    \
			if (from == local || process == rt_sys_getpid())                                     \
				rt_parts_access(self, &site, from, from_count, (size_t)result, RT_READ);     \
			if (to == local || process == rt_sys_getpid())                                       \
				rt_parts_access(self, &site, to, to_count, (size_t)result, RT_WRITE);        \
		});                                                                                          \
	return result

ssize_t rt_wrap_process_vm_readv(pid_t process, const struct iovec *local, unsigned long local_count,
	const struct iovec *remote, unsigned long remote_count, unsigned long flags)
{
	COPY_BODY(process_vm_readv, remote, remote_count, local, local_count,
		rt_real.process_vm_readv(process, local, local_count, remote, remote_count, flags));
}

ssize_t rt_wrap_process_vm_writev(pid_t process, const struct iovec *local, unsigned long local_count,
	const struct iovec *remote, unsigned long remote_count, unsigned long flags)
{
	COPY_BODY(process_vm_writev, local, local_count, remote, remote_count,
		rt_real.process_vm_writev(process, local, local_count, remote, remote_count, flags));
}
