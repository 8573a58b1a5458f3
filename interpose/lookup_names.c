/* Names of the network that are looked up meanwhile (getaddrinfo_a), as aio.c has requests of input and output: each is a thread that
 * reads what is asked for, leaves the result in its block, and releases that to the block's address. */
#include "request.h"
#include "result.h"
#include "signal_order.h"
#include "start.h"
#include "shadow/sys.h"

#define KEY(block) ((uintptr_t)(block))

static const char kind[] = "name lookup";

static struct rt_requests requests RT_AT_FORK;

static bool is_done(const struct gaicb *block)
{
	return __atomic_load_n(&block->__return, __ATOMIC_ACQUIRE) != EAI_INPROGRESS;
}

static void find_done(struct rt_thread *self, struct rt_site *site, const struct gaicb *block)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, KEY(block), kind);
	uint32_t thread = rt_request_take(&requests, block).thread;
	if (thread)
		rt_async_end(self, thread);
}

static void find_all_done(
	struct rt_thread *self, struct rt_site *site, const struct gaicb *const list[], int count)
{
	for (int i = 0; i < count; i++)
		if (list[i] && is_done(list[i]))
			find_done(self, site, list[i]);
}

/* ---- submission: told before ---- */

static void tell_work(struct rt_thread *async, struct rt_site *site, const struct gaicb *block,
	const struct sigevent *event)
{
	const struct addrinfo *hints = block->ar_request;
	if (block->ar_name)
		rt_call_access(async, site, block->ar_name, rt_real.strlen(block->ar_name) + 1, RT_READ);
	if (block->ar_service)
		rt_call_access(
			async, site, block->ar_service, rt_real.strlen(block->ar_service) + 1, RT_READ);
	if (hints)
		rt_call_access(async, site, hints, sizeof(*hints), RT_READ);
	rt_call_access(async, site, &block->ar_result, sizeof(block->ar_result), RT_WRITE);
	rt_sync_release(async, site, KEY(block), kind);
	if (event && event->sigev_notify == SIGEV_SIGNAL)
		rt_signal_sent(async, site, rt_sys_getpid(), event->sigev_signo);
}

static void submit(
	struct rt_thread *self, struct rt_site *site, const struct gaicb *block, const struct sigevent *event)
{
	uint32_t thread;
	rt_call_access(self, site, block, sizeof(*block), RT_READ);
	struct rt_thread *async = rt_async_begin(self, site, kind, &thread);
	if (!async)
		return;
	rt_async_enter(self, async);
	tell_work(async, site, block, event);
	rt_async_leave(self, async);
	rt_request_add(&requests, (struct rt_request){.block = block, .input = -1, .thread = thread});
}

static void submit_all(struct rt_thread *self, struct rt_site *site, struct gaicb *const list[], int count,
	const struct sigevent *event)
{
	rt_call_access(self, site, list, (size_t)count * sizeof(*list), RT_READ);
	for (int i = 0; i < count; i++)
		if (list[i])
			submit(self, site, list[i], event);
}

/* ---- the calls ---- */

int rt_wrap_getaddrinfo_a(int mode, struct gaicb *list[], int count, struct sigevent *event)
{
	rt_threads_coming();
	if (count > 0)
		RT_TELL_ALWAYS(getaddrinfo_a,
			submit_all(self, &site, list, count, mode == GAI_NOWAIT ? event : NULL));
	int error = rt_real.getaddrinfo_a(mode, list, count, event);
	if (mode == GAI_WAIT || error)
		RT_TELL_CAME(
			getaddrinfo_a, find_all_done(self, &site, (const struct gaicb *const *)list, count));
	return error;
}

int rt_wrap_gai_error(struct gaicb *block)
{
	int error = rt_real.gai_error(block);
	if (error != EAI_INPROGRESS)
		RT_TELL_CAME(gai_error, find_done(self, &site, block));
	return error;
}

int rt_wrap_gai_suspend(const struct gaicb *const list[], int count, const struct timespec *most)
{
	RT_TELL_GIVEN(gai_suspend, most);
	if (count > 0)
		RT_TELL(gai_suspend, RT_READS(list, (size_t)count * sizeof(*list)));
	int error = rt_real.gai_suspend(list, count, most);
	if (!error || error == EAI_ALLDONE)
		RT_TELL_CAME(gai_suspend, find_all_done(self, &site, list, count));
	return error;
}

int rt_wrap_gai_cancel(struct gaicb *block)
{
	int error = rt_real.gai_cancel(block);
	if (error == EAI_CANCELED || error == EAI_ALLDONE)
		RT_TELL_CAME(gai_cancel, find_done(self, &site, block));
	return error;
}
