/* Linux's own asynchronous input and output (io_submit(2)), by the system calls, which libaio makes by syscall(2).
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_KERNEL_AIO_H
#define RACETRACK_INTERPOSE_KERNEL_AIO_H

#include "wrap.h"

/* A system call of it: told before, at all times, and after it came to `result`. */
RT_HIDDEN void rt_kernel_aio_before(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6]);
RT_HIDDEN void rt_kernel_aio_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result);

#endif
