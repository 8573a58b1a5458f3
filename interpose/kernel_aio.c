/* A request is a thread, as in aio.c: from its submission until its event was collected it reads or writes its buffer. What it did
 * it releases to its control block's address, where whoever gets the event acquires it, and to the tail of the context's ring of
 * events, which some programs look at without a call. */
#include "kernel_aio.h"

#include "parts.h"
#include "request.h"
#include "stream.h"
#include "shadow/infer.h"

#include <linux/aio_abi.h>
#include <sys/syscall.h>

#define KEY(address) ((uintptr_t)(address))

static const char kind[] = "asynchronous I/O";

/* More are not in flight, unless ends are taken from the ring. */
enum { REQUESTS_MOST = 4096 };

static struct rt_requests requests RT_AT_FORK;

/* What a context points to. */
struct ring {
	uint32_t id, count, head, tail, magic;
};

/* ---- ends ---- */

static void learn_end(struct rt_thread *self, struct rt_site *site, const void *block)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, KEY(block), kind);
	struct rt_request request = rt_request_take(&requests, block);
	if (request.input >= 0)
		rt_descriptor_acquire(self, site, request.input);
	if (request.thread)
		rt_async_end(self, request.thread);
}

static void tell_ended(
	struct rt_thread *self, struct rt_site *site, const struct io_event *events, long count)
{
	if (count <= 0 || !events)
		return;
	rt_call_access(self, site, events, (size_t)count * sizeof(*events), RT_WRITE);
	for (long i = 0; i < count; i++)
		learn_end(self, site, (const void *)(uintptr_t)events[i].obj);
}

static bool is_given_to(const struct rt_request *request, const void *context)
{
	return !context || request->owner == context;
}

static void tell_destroyed(struct rt_thread *self, struct rt_site *site, const void *context)
{
	const void *block;
	while (context && (block = rt_request_find(&requests, is_given_to, context)))
		learn_end(self, site, block);
}

/* ---- submission: told before ---- */

static bool is_input(const struct iocb *block)
{
	return block->aio_lio_opcode == IOCB_CMD_PREAD || block->aio_lio_opcode == IOCB_CMD_PREADV ||
	       block->aio_lio_opcode == IOCB_CMD_POLL;
}

static bool is_output(const struct iocb *block)
{
	return block->aio_lio_opcode == IOCB_CMD_PWRITE || block->aio_lio_opcode == IOCB_CMD_PWRITEV;
}

static bool has_parts(const struct iocb *block)
{
	return block->aio_lio_opcode == IOCB_CMD_PREADV || block->aio_lio_opcode == IOCB_CMD_PWRITEV;
}

/* The kernel copies what describes the request, and marks the block as taken. */
static void tell_given(struct rt_thread *self, struct rt_site *site, const struct iocb *block)
{
	rt_call_access(self, site, block, sizeof(*block), RT_READ);
	rt_call_access(self, site, &block->aio_key, sizeof(block->aio_key), RT_WRITE);
	if (has_parts(block))
		rt_call_access(self, site, (const void *)(uintptr_t)block->aio_buf,
			block->aio_nbytes * sizeof(struct iovec), RT_READ);
	if (is_output(block))
		rt_descriptor_output(self, site, (int)block->aio_fildes);
	else
		rt_number_use(self, site, (int)block->aio_fildes);
}

static void tell_work(
	struct rt_thread *async, struct rt_site *site, const void *context, const struct iocb *block)
{
	const void *buffer = (const void *)(uintptr_t)block->aio_buf;
	enum rt_access_kind access = is_output(block) ? RT_READ : RT_WRITE;
	if (has_parts(block))
		rt_parts_access(async, site, buffer, block->aio_nbytes, SIZE_MAX, access);
	else if (block->aio_lio_opcode == IOCB_CMD_PREAD || block->aio_lio_opcode == IOCB_CMD_PWRITE)
		rt_call_access(async, site, buffer, block->aio_nbytes, access);
	rt_sync_release(async, site, KEY(block), kind);
	rt_sync_release(async, site, KEY(&((const struct ring *)context)->tail), kind);
	if (block->aio_flags & IOCB_FLAG_RESFD)
		rt_descriptor_release(async, site, (int)block->aio_resfd);
}

static void submit(
	struct rt_thread *self, struct rt_site *site, const void *context, const struct iocb *block)
{
	uint32_t thread;
	if (requests.count >= REQUESTS_MOST)
		learn_end(self, site, rt_request_find(&requests, is_given_to, NULL));
	tell_given(self, site, block);
	struct rt_thread *async = rt_async_begin(self, site, kind, &thread);
	if (!async)
		return;
	rt_async_enter(self, async);
	tell_work(async, site, context, block);
	rt_async_leave(self, async);
	rt_request_add(&requests, (struct rt_request){.block = block,
					  .owner = context,
					  .fd = (int)block->aio_fildes,
					  .input = is_input(block) ? (int)block->aio_fildes : -1,
					  .thread = thread});
}

static void tell_submits(
	struct rt_thread *self, struct rt_site *site, const void *context, struct iocb **list, long count)
{
	struct ring ring;
	struct iocb *block, unused;
	if (count <= 0 || !rt_safe_read((uintptr_t)context, &ring, sizeof(ring)))
		return; /* the kernel is about to refuse it */
	rt_infer_named(self, site, KEY(&((const struct ring *)context)->tail), kind);
	for (long i = 0; i < count; i++) {
		if (!rt_safe_read((uintptr_t)&list[i], &block, sizeof(block)) ||
			!rt_safe_read((uintptr_t)block, &unused, sizeof(unused)))
			return;
		rt_call_access(self, site, &list[i], sizeof(list[i]), RT_READ);
		submit(self, site, context, block);
	}
}

/* Nobody finds an end of what was not taken. */
static void tell_submitted(
	struct rt_thread *self, struct rt_site *site, struct iocb **list, long count, long taken)
{
	struct iocb *block;
	for (long i = taken < 0 ? 0 : taken; i < count; i++)
		if (rt_safe_read((uintptr_t)&list[i], &block, sizeof(block)))
			learn_end(self, site, block);
}

/* ---- the bare system calls ---- */

void rt_kernel_aio_before(struct rt_thread *self, struct rt_site *site, long number, const long arguments[6])
{
	if (number == __NR_io_submit)
		tell_submits(
			self, site, (const void *)arguments[0], (struct iocb **)arguments[2], arguments[1]);
	if ((number == __NR_io_getevents || number == __NR_io_pgetevents) && arguments[4])
		rt_call_access(self, site, (const void *)arguments[4], sizeof(struct timespec), RT_READ);
}

void rt_kernel_aio_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result)
{
	switch (number) {
	case __NR_io_submit:
		tell_submitted(self, site, (struct iocb **)arguments[2], arguments[1], result);
		break;
	case __NR_io_getevents:
	case __NR_io_pgetevents:
		tell_ended(self, site, (const struct io_event *)arguments[3], result);
		break;
	case __NR_io_cancel:
		if (!result)
			tell_ended(self, site, (const struct io_event *)arguments[2], 1);
		break;
	case __NR_io_destroy:
		if (!result)
			tell_destroyed(self, site, (const void *)arguments[0]);
		break;
	case __NR_io_setup:
		if (!result)
			rt_call_access(self, site, (const void *)arguments[1], sizeof(void *), RT_WRITE);
		break;
	default:;
	}
}
