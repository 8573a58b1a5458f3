#include "fault.h"

#include "counters.h"
#include "page.h"
#include "process.h"
#include "session.h"
#include "standard.h"

enum { STDERR = 2, RUN_PAGES = 256 };

static struct {
	void (*guard)(void);
	uintptr_t tables, shadow; /* 0: no session was ever joined */
	bool said;
} fault;
/* Pages of the tables that are there for this process alone, or for all it knows. */
static RT_SPARSE uint64_t own_pages[RT_SESSION_PAGES / 64];

void rt_fault_set_guard(void (*guard)(void))
{
	fault.guard = guard;
}

void rt_fault_begin(const struct rt_session_tables *tables, const char *shadow)
{
	fault.shadow = (uintptr_t)shadow;
	__atomic_store_n(&fault.tables, (uintptr_t)tables, __ATOMIC_RELEASE);
	if (fault.guard)
		fault.guard();
}

bool rt_fault_has_room(const void *memory, size_t bytes)
{
	enum { EFAULT_VALUE = 14, ENOMEM_VALUE = 12 };
	uintptr_t low = (uintptr_t)memory & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	if (rt_process_is_confined()) /* it may not ask: the signal will tell */
		return true;
	long error = rt_sys_madvise((void *)low, (uintptr_t)memory + bytes - low, RT_MADV_POPULATE_WRITE);
	return error != -EFAULT_VALUE && error != -ENOMEM_VALUE;
}

void rt_fault_have(const void *memory, size_t bytes)
{
	uintptr_t page = (uintptr_t)memory & ~(uintptr_t)(RT_PAGE_BYTES - 1), end = (uintptr_t)memory + bytes;
	if (rt_fault_has_room(memory, bytes))
		return;
	for (; page < end; page += RT_PAGE_BYTES)
		if (!rt_fault_has_room((void *)page, 1))
			rt_fault_mend(page);
}

void rt_fault_have_page(size_t page)
{
	const uint64_t bit = (uint64_t)1 << page % 64;
	if (__atomic_load_n(&own_pages[page / 64], __ATOMIC_RELAXED) & bit)
		return;
	rt_fault_have((const char *)rt_session.tables + page * RT_PAGE_BYTES, 1);
	bool all = !fault.said && !rt_process_is_confined();
	uint64_t *word = all ? &rt_session.tables->there[page / 64] : &own_pages[page / 64];
	__atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
}

/* ---- what the signal's handler does ---- */

/* In the linear shadow: a mapping of the session is all that can raise SIGBUS there. */
static bool is_linear(uintptr_t address)
{
	return rt_cells.linear &&
	       (address - (uintptr_t)rt_cells.linear) >> (RT_WINDOW_LOG + RT_CELL_SCALE_LOG) == 0;
}

static bool is_shown_page(uintptr_t cells)
{
	uintptr_t place = (cells - (uintptr_t)rt_cells.linear) >> RT_CELL_SCALE_LOG;
	return rt_page_words && __atomic_load_n(rt_page_state(place), __ATOMIC_RELAXED) & RT_PAGE_SHOWN;
}

/* How many pages from this one on, before `end`, are the session's and were touched by nobody yet: they would raise it, too,
 * and each piece that is put in takes a mapping of the few that a process may have. */
static size_t missing_pages(uintptr_t page, uintptr_t end)
{
	unsigned char there[RUN_PAGES];
	size_t most = (end - page) / RT_PAGE_BYTES, count = 1;
	most = most < RUN_PAGES ? most : RUN_PAGES;
	long error = rt_syscall(__NR_mincore, (long)page, (long)(most * RT_PAGE_BYTES), (long)there, 0, 0, 0);
	if (rt_sys_failed(error))
		return 1;
	while (count < most && !(there[count] & 1) &&
		(!is_linear(page) || is_shown_page(page + count * RT_PAGE_BYTES)))
		count++;
	return count;
}

static RT_COLD void say(void)
{
	static const char line[] = "racetrack: the session's file finds no room (is /dev/shm full?): "
				   "memory that processes share is followed in part only\n";
	if (!__atomic_exchange_n(&fault.said, true, __ATOMIC_RELAXED) && rt_standard_is_same(STDERR))
		rt_sys_write(STDERR, line, sizeof(line) - 1);
}

/* Where what the address lies in ends; 0: it is not the session's. */
static uintptr_t end_of(uintptr_t address, uintptr_t tables)
{
	if (address - tables < sizeof(struct rt_session_tables))
		return tables + sizeof(struct rt_session_tables);
	if (address - fault.shadow < RT_SESSION_SHADOW_BYTES)
		return fault.shadow + RT_SESSION_SHADOW_BYTES;
	return is_linear(address)
		       ? (uintptr_t)rt_cells.linear + ((uintptr_t)1 << (RT_WINDOW_LOG + RT_CELL_SCALE_LOG))
		       : 0;
}

bool rt_fault_mend(uintptr_t address)
{
	uintptr_t tables = __atomic_load_n(&fault.tables, __ATOMIC_ACQUIRE),
		  page = address & ~(uintptr_t)(RT_PAGE_BYTES - 1),
		  end = tables ? end_of(address, tables) : 0;
	size_t bytes = end ? missing_pages(page, end) * RT_PAGE_BYTES : 0;
	if (!bytes || !rt_sys_mmap((void *)page, bytes, RT_PROT_READ | RT_PROT_WRITE,
			      RT_MAP_SHARED | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE | RT_MAP_FIXED, -1, 0))
		return false;
	rt_sys_madvise((void *)page, bytes, RT_MADV_DONTDUMP);
	rt_count(RT_COUNTER_NO_SESSION);
	if (address - tables < sizeof(struct rt_session_tables))
		rt_session_spoil();
	say();
	return true;
}
