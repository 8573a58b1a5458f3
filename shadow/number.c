#include "number.h"

#include "access.h"
#include "context.h"
#include "process.h"
#include "sample.h"
#include "thread.h"

enum { NUMBERS = 1 << 16 };

/* Its address is what accesses name. `closed_by` is 0 while it is open, or when nothing is known of it. */
struct number {
	rt_ctx_t opened_at, closed_at;
	uint32_t opened_by, closed_by;
};

static RT_SPARSE struct number numbers[NUMBERS];

static struct number *number_of(int fd)
{
	return fd >= 0 && fd < NUMBERS ? &numbers[fd] : NULL;
}

/* The kernel gives a number out again only when it has been closed: who gets it comes after who closed it, and may use again
 * what belonged to it. */
static uint64_t key_of(const struct number *number)
{
	return (uintptr_t)&number->closed_by;
}

static const char closing[] = "descriptor number";

static void access_number(
	struct rt_thread *self, struct rt_site *site, struct number *number, enum rt_access_kind kind)
{
	if (rt_sample_takes(site->pc))
		rt_access(self, site, number, RT_GRANULE_BYTES, kind, RT_CLASS_DESCRIPTOR);
}

/* What was closed where it was seen, and is used: it was opened where it was not seen. Nothing is known of its users. */
void rt_number_use(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct number *number = number_of(fd);
	if (number && !number->closed_by)
		access_number(self, site, number, RT_READ);
}

bool rt_number_is_open(int fd)
{
	const struct number *number = number_of(fd);
	return number && number->opened_by && !number->closed_by;
}

/* A child of vfork has descriptors of its own in the parent's memory. */
void rt_number_close(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct number *number = number_of(fd);
	if (!number || number->closed_by || !rt_process_is_own())
		return;
	if (!rt_watching) {
		number->opened_by = 0;
		return;
	}
	access_number(self, site, number, RT_WRITE);
	number->closed_at = rt_site_context(self, site, RT_WRITE);
	number->closed_by = self->id;
	rt_sync_release(self, site, key_of(number), closing);
}

void rt_number_refused(struct rt_thread *self, struct rt_site *site, int fd, enum rt_access_kind kind)
{
	struct number *number = number_of(fd);
	if (number && number->closed_by)
		access_number(self, site, number, kind);
}

static void begin(struct rt_thread *self, struct rt_site *site, struct number *number)
{
	number->opened_at = rt_site_context(self, site, RT_WRITE);
	number->opened_by = self->id;
	number->closed_at = 0;
	number->closed_by = 0;
}

void rt_number_open(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct number *number = number_of(fd);
	if (!number)
		return;
	if (rt_watching) {
		rt_cells_forget((uintptr_t)number, RT_GRANULE_BYTES);
		rt_sync_acquire(self, site, key_of(number), closing);
	}
	begin(self, site, number);
}

/* At no moment it stands for nothing: programs put /dev/null in the place of what others still use, on purpose. */
void rt_number_replace(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct number *number = number_of(fd);
	if (!number || !rt_process_is_own())
		return;
	if (number->closed_by)
		rt_number_open(self, site, fd);
	else
		begin(self, site, number);
	if (rt_watching)
		access_number(self, site, number, RT_READ);
}

bool rt_number_locate(uintptr_t address, struct rt_memory_location *location)
{
	uintptr_t first = (uintptr_t)numbers;
	if (address < first || address >= first + sizeof(numbers))
		return false;
	const struct number *number = &numbers[(address - first) / sizeof(*number)];
	*location = (struct rt_memory_location){
		.kind = RT_LOCATION_DESCRIPTOR,
		.address = (uintptr_t)(number - numbers),
		.context = number->opened_at,
		.thread = number->opened_by,
		.freed_context = number->closed_at,
		.freed_thread = number->closed_by,
	};
	return true;
}
