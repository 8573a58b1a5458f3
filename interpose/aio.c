/* POSIX asynchronous input and output. The C library does it by threads of its own, unseen: each request is a thread here, which
 * touches its buffer and its control block, and releases what it did to the control block's address. Who finds the request done
 * acquires it there; the first to find it so ends the thread.
 *
 * A request that is refused was told all the same: somebody may find it done before its submission has returned. */
#include "request.h"
#include "signal_order.h"
#include "start.h"
#include "stream.h"
#include "wrap.h"
#include "shadow/sys.h"

#define KEY(block) ((uintptr_t)(block))

_Static_assert(sizeof(struct aiocb) == sizeof(struct aiocb64), "one struct by two names");

enum { REQUESTS_MOST = 256, ANY_DESCRIPTOR = -1 };

static struct rt_requests requests RT_AT_FORK;

/* ---- its end ---- */

static bool is_done(const struct aiocb *block)
{
	return __atomic_load_n(&block->__error_code, __ATOMIC_ACQUIRE) != EINPROGRESS;
}

static void learn_end(struct rt_thread *self, struct rt_site *site, const struct aiocb *block)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, KEY(block), "asynchronous I/O");
	uint32_t thread = rt_request_take(&requests, block).thread;
	if (thread)
		rt_async_end(self, thread);
}

static void find_done(struct rt_thread *self, struct rt_site *site, const struct aiocb *block)
{
	learn_end(self, site, block);
	if (block->aio_lio_opcode == LIO_READ && block->__return_value >= 0)
		rt_descriptor_acquire(self, site, block->aio_fildes);
}

static void find_all_done(
	struct rt_thread *self, struct rt_site *site, const struct aiocb *const *blocks, int count)
{
	for (int i = 0; i < count; i++)
		if (blocks[i] && is_done(blocks[i]))
			find_done(self, site, blocks[i]);
}

static bool is_over(const struct rt_request *request, const void *fd)
{
	struct aiocb copy;
	return (*(const int *)fd == ANY_DESCRIPTOR || request->fd == *(const int *)fd) &&
	       rt_safe_read((uintptr_t)request->block, &copy, sizeof(copy)) &&
	       copy.__error_code != EINPROGRESS;
}

/* Of a descriptor's. Their control blocks may be gone, where nobody waited for them. */
static void find_over(struct rt_thread *self, struct rt_site *site, int fd)
{
	const struct aiocb *done;
	while ((done = rt_request_find(&requests, is_over, &fd)))
		learn_end(self, site, done);
}

/* ---- submission: told before ---- */

static void tell_buffer(
	struct rt_thread *async, struct rt_site *site, const struct aiocb *block, int operation)
{
	if (operation == LIO_READ)
		rt_call_access(async, site, block->aio_buf, block->aio_nbytes, RT_WRITE);
	else if (operation == LIO_WRITE)
		rt_call_access(async, site, block->aio_buf, block->aio_nbytes, RT_READ);
	rt_call_access(async, site, block, sizeof(*block), RT_READ);
}

static void tell_notified(struct rt_thread *async, struct rt_site *site, const struct sigevent *event)
{
	if (event && (event->sigev_notify == SIGEV_SIGNAL || event->sigev_notify == SIGEV_THREAD_ID))
		rt_signal_sent(async, site, rt_sys_getpid(), event->sigev_signo);
}

static void submit(struct rt_thread *self, struct rt_site *site, const struct aiocb *block, int operation,
	const struct sigevent *all)
{
	uint32_t thread;
	if (requests.count >=
		REQUESTS_MOST) /* nobody asks for their ends: this thread comes after those that are over */
		find_over(self, site, ANY_DESCRIPTOR);
	rt_call_access(self, site, block, sizeof(*block), RT_WRITE);
	if (operation == LIO_WRITE)
		rt_descriptor_output(self, site, block->aio_fildes);
	else
		rt_number_use(self, site, block->aio_fildes);
	struct rt_thread *async = rt_async_begin(self, site, "asynchronous I/O", &thread);
	if (!async)
		return;
	rt_async_enter(self, async);
	tell_buffer(async, site, block, operation);
	rt_sync_release(async, site, KEY(block), "asynchronous I/O");
	tell_notified(async, site, &block->aio_sigevent);
	tell_notified(async, site, all);
	rt_async_leave(self, async);
	rt_request_add(
		&requests, (struct rt_request){.block = block, .fd = block->aio_fildes, .thread = thread});
}

/* ---- the calls ---- */

#define SUBMIT_BODY(name, block, operation)                                                                  \
	rt_threads_coming();                                                                                 \
	RT_TELL_ALWAYS(name, submit(self, &site, (const struct aiocb *)(block), operation, NULL));           \
	return rt_real.name

int rt_wrap_aio_read(struct aiocb *block)
{
	SUBMIT_BODY(aio_read, block, LIO_READ)(block);
}

int rt_wrap_aio_read64(struct aiocb64 *block)
{
	SUBMIT_BODY(aio_read64, block, LIO_READ)(block);
}

int rt_wrap_aio_write(struct aiocb *block)
{
	SUBMIT_BODY(aio_write, block, LIO_WRITE)(block);
}

int rt_wrap_aio_write64(struct aiocb64 *block)
{
	SUBMIT_BODY(aio_write64, block, LIO_WRITE)(block);
}

int rt_wrap_aio_fsync(int how, struct aiocb *block)
{
	SUBMIT_BODY(aio_fsync, block, LIO_NOP)(how, block);
}

int rt_wrap_aio_fsync64(int how, struct aiocb64 *block)
{
	SUBMIT_BODY(aio_fsync64, block, LIO_NOP)(how, block);
}

static void submit_all(struct rt_thread *self, struct rt_site *site, struct aiocb *const *blocks, int count,
	const struct sigevent *event)
{
	rt_call_access(self, site, blocks, (size_t)count * sizeof(*blocks), RT_READ);
	for (int i = 0; i < count; i++)
		if (blocks[i] && blocks[i]->aio_lio_opcode != LIO_NOP)
			submit(self, site, blocks[i], blocks[i]->aio_lio_opcode, event);
}

/* With LIO_WAIT all are done when it returns, also with an error; with LIO_NOWAIT some may be. */
#define LIST_BODY(name, mode, blocks, count, event, call)                                                    \
	rt_threads_coming();                                                                                 \
	if ((count) > 0)                                                                                     \
		RT_TELL_ALWAYS(name, submit_all(self, &site, (struct aiocb *const *)(blocks), count,         \
					     (mode) == LIO_NOWAIT ? event : NULL));                          \
	int result = call;                                                                                   \
	if ((mode) == LIO_WAIT && (!result || errno == EIO))                                                 \
		RT_TELL_CAME(                                                                                \
			name, find_all_done(self, &site, (const struct aiocb *const *)(blocks), count));     \
	return result

int rt_wrap_lio_listio(int mode, struct aiocb *const blocks[], int count, struct sigevent *event)
{
	LIST_BODY(lio_listio, mode, blocks, count, event, rt_real.lio_listio(mode, blocks, count, event));
}

int rt_wrap_lio_listio64(int mode, struct aiocb64 *const blocks[], int count, struct sigevent *event)
{
	LIST_BODY(lio_listio64, mode, blocks, count, event, rt_real.lio_listio64(mode, blocks, count, event));
}

#define ERROR_BODY(name, block)                                                                              \
	int error = rt_real.name(block);                                                                     \
	if (error != EINPROGRESS)                                                                            \
		RT_TELL_CAME(name, find_done(self, &site, (const struct aiocb *)(block)));                   \
	return error

int rt_wrap_aio_error(const struct aiocb *block)
{
	ERROR_BODY(aio_error, block);
}

int rt_wrap_aio_error64(const struct aiocb64 *block)
{
	ERROR_BODY(aio_error64, block);
}

/* The result of what is not done yet is none. */
#define RETURN_BODY(name, block)                                                                             \
	bool done = is_done((const struct aiocb *)(block));                                                  \
	ssize_t result = rt_real.name(block);                                                                \
	if (done)                                                                                            \
		RT_TELL_CAME(name, find_done(self, &site, (const struct aiocb *)(block)));                   \
	return result

ssize_t rt_wrap_aio_return(struct aiocb *block)
{
	RETURN_BODY(aio_return, block);
}

ssize_t rt_wrap_aio_return64(struct aiocb64 *block)
{
	RETURN_BODY(aio_return64, block);
}

#define SUSPEND_BODY(name, blocks, count, most, call)                                                        \
	RT_TELL_GIVEN(name, most);                                                                           \
	if ((count) > 0)                                                                                     \
		RT_TELL(name, RT_READS(blocks, (size_t)(count) * sizeof(*(blocks))));                        \
	int result = call;                                                                                   \
	if (!result)                                                                                         \
		RT_TELL_CAME(                                                                                \
			name, find_all_done(self, &site, (const struct aiocb *const *)(blocks), count));     \
	return result

int rt_wrap_aio_suspend(const struct aiocb *const blocks[], int count, const struct timespec *most)
{
	SUSPEND_BODY(aio_suspend, blocks, count, most, rt_real.aio_suspend(blocks, count, most));
}

int rt_wrap_aio_suspend64(const struct aiocb64 *const blocks[], int count, const struct timespec *most)
{
	SUSPEND_BODY(aio_suspend64, blocks, count, most, rt_real.aio_suspend64(blocks, count, most));
}

#define CANCEL_BODY(name, fd, block)                                                                         \
	int result = rt_real.name(fd, block);                                                                \
	if (result == AIO_CANCELED || result == AIO_ALLDONE)                                                 \
		RT_TELL_CAME(name, {                                                                         \
			if (!(block))                                                                        \
				find_over(self, &site, fd);                                                  \
			else if (is_done((const struct aiocb *)(block)))                                     \
				find_done(self, &site, (const struct aiocb *)(block));                       \
		});                                                                                          \
	return result

int rt_wrap_aio_cancel(int fd, struct aiocb *block)
{
	CANCEL_BODY(aio_cancel, fd, block);
}

int rt_wrap_aio_cancel64(int fd, struct aiocb64 *block)
{
	CANCEL_BODY(aio_cancel64, fd, block);
}
