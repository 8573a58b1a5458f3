#include "request.h"

#include "shadow/sys.h"

static struct rt_request **list_of(struct rt_requests *all, const void *block)
{
	return &all->lists[(uintptr_t)block * 0x9e3779b97f4a7c15ull >> 58];
}
_Static_assert(RT_REQUEST_LISTS == 1 << (64 - 58), "the highest bits of the product");

/* Holds the lock. What a parent had is left where it lies. */
static void begin(struct rt_requests *all)
{
	if (all->pid == rt_sys_getpid())
		return;
	for (unsigned i = 0; i < RT_REQUEST_LISTS; i++)
		all->lists[i] = NULL;
	all->count = 0;
	all->pid = rt_sys_getpid();
}

void rt_request_add(struct rt_requests *all, struct rt_request given)
{
	struct rt_request *request = rt_alloc(sizeof(*request)), **list = list_of(all, given.block);
	if (!request)
		return;
	*request = given;
	rt_spin_lock(&all->spin);
	begin(all);
	request->next = *list;
	*list = request;
	all->count++;
	rt_spin_unlock(&all->spin);
}

struct rt_request rt_request_take(struct rt_requests *all, const void *block)
{
	struct rt_request taken = {.thread = 0, .input = -1}, *request;
	rt_spin_lock(&all->spin);
	begin(all);
	struct rt_request **at = list_of(all, block);
	while (*at && (*at)->block != block)
		at = &(*at)->next;
	request = *at;
	if (request) {
		taken = *request;
		*at = request->next;
		all->count--;
	}
	rt_spin_unlock(&all->spin);
	if (request)
		rt_free(request, sizeof(*request));
	return taken;
}

const void *rt_request_find(struct rt_requests *all,
	bool (*is_it)(const struct rt_request *request, const void *argument), const void *argument)
{
	const void *found = NULL;
	rt_spin_lock(&all->spin);
	begin(all);
	for (unsigned i = 0; i < RT_REQUEST_LISTS && !found; i++)
		for (struct rt_request *at = all->lists[i]; at && !found; at = at->next)
			if (is_it(at, argument))
				found = at->block;
	rt_spin_unlock(&all->spin);
	return found;
}
