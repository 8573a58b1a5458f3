/* Functions that are registered to run as the process ends, or as a module is unloaded: destructors of static objects, too.
 *
 * The C library runs them under the lock that they were registered under: what the thread that registered one did before
 * happens before it runs, though nobody joined that thread. What it did afterwards does not. */
#include "exit_handlers.h"
#include "wrap.h"

#define KEY(object) ((uint64_t)(uintptr_t)(object))

struct handler {
	union {
		/* as the C library calls what takes the argument alone */
		void (*plain)(void *argument, int status);
		void (*with_status)(int status, void *argument);
	} function;
	void *argument;
	struct rt_site site;
};

/* NULL: it need not be known. */
static struct handler *make(struct rt_thread *self, struct rt_site *site, struct handler wanted)
{
	struct handler *handler = rt_sync_ignored(self) ? NULL : rt_alloc(sizeof(*handler));
	if (!handler)
		return NULL;
	*handler = wanted;
	handler->site = *site;
	rt_sync_release(self, site, KEY(handler), "exit handler");
	return handler;
}

static void end(struct rt_thread *self, struct handler *handler)
{
	rt_sync_destroy(self, KEY(handler));
	rt_free(handler, sizeof(*handler));
}

static struct handler begin(struct handler *registered)
{
	struct handler handler = *registered;
	struct rt_thread *self = rt_enter();
	if (self) {
		rt_sync_acquire(self, &handler.site, KEY(registered), "exit handler");
		end(self, registered);
		rt_leave(self);
	}
	return handler;
}

static void run_plain(void *registered, int status)
{
	struct handler handler = begin(registered);
	handler.function.plain(handler.argument, status);
}

static void run_with_status(int status, void *registered)
{
	struct handler handler = begin(registered);
	handler.function.with_status(status, handler.argument);
}

#define REGISTER_BODY(name, form, call_made, call_as_is)                                                     \
	struct handler *handler = NULL;                                                                      \
	RT_TELL(name, handler = make(self, &site, (struct handler){{.form = function}, argument, site}));    \
	if (!handler)                                                                                        \
		return call_as_is;                                                                           \
	int error = call_made;                                                                               \
	if (error)                                                                                           \
		RT_TELL_ALWAYS(name, end(self, handler));                                                    \
	return error

/* atexit ends here, too. */
int rt_wrap___cxa_atexit(void (*function)(void *argument, int status), void *argument, void *module)
{
	REGISTER_BODY(__cxa_atexit, plain, rt_real.__cxa_atexit(run_plain, handler, module),
		rt_real.__cxa_atexit(function, argument, module));
}

int rt_wrap_on_exit(void (*function)(int status, void *argument), void *argument)
{
	REGISTER_BODY(on_exit, with_status, rt_real.on_exit(run_with_status, handler),
		rt_real.on_exit(function, argument));
}

/* at_quick_exit. They have no argument to tell them apart: each comes after all registrations. */
static char quick_handlers;

int rt_wrap___cxa_at_quick_exit(void (*function)(void *argument), void *module)
{
	RT_TELL(__cxa_at_quick_exit, {
		if (!rt_sync_ignored(self))
			rt_sync_release(self, &site, KEY(&quick_handlers), "exit handler");
	});
	return rt_real.__cxa_at_quick_exit(function, module);
}

void rt_exit_quickly(struct rt_thread *self, struct rt_site *site)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, KEY(&quick_handlers), "exit handler");
}
