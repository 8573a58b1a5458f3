/* Synchronisation that only the instructions show: in code that was not compiled for this library plain loads and stores may be
 * what an atomic load or store was compiled to.
 *
 * An address is a sync variable from the moment on that it is changed by an atomic instruction, that code waits in a loop for
 * its value, or that the load of a flag (kind TESTED_READ) and the store of a constant (SET_WRITE) meet there without an order: then a load of it
 * acquires, a store releases, both are atomic accesses. What its value publishes only grows, as a lock's does: which store a
 * load has seen is not known. So an order may be assumed where there was none, and a race be missed, but none be invented.
 * Where a load and a store meet that were both written by hand in a module with hooks (BARE_READ, BARE_WRITE), likewise.
 * Where loads and stores of code that makes locks (trait.h) meet without an order, likewise, and what was stored before counts.
 * What a thread looks at without a lock, looks at again with it, and stores to is one from that store on (once.h): others look at it
 * without the lock. Not where debug information says that it is no atomic variable.
 * Where the load of an index that is compared with the own one (COMPARED_READ) and the store of an own one that was compared
 * (ADVANCED_WRITE) meet without an order, it is a ring's for one producer and one consumer. Such an index is loaded by its owner
 * without an order: who stores one that another thread stored races, as it would if it were plain. Likewise where one is loaded to be
 * compared with another word of the same object (GLANCED_READ), if who stores holds no lock.
 * An address that debug information calls atomic, or that is static and waited for by a loop, is one from the start: see
 * declared.h.
 * A count that atomic instructions add to, of which nobody looks at what they found (RT_ATOMIC_TALLY), and another thread adds to without an
 * order by one that is not atomic as a whole (ADDED), loses what is added, whatever the source says of it.
 * What was stored before it became one counts as a release where the instruction itself is proof: not for a flag, whose first test
 * may just as well be one that forgot the lock.
 *
 * A check comes before its instruction, and what the load is going to see may be newer than what the check finds published. So
 * the load acquires at the thread's next check, or its next release, whichever comes first: self->late is what it loads.
 * Who looked before the place became a variable may load after it, too: see lookers.h.
 *
 * Who may include it: shadow/, rewrite/, interpose/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_INFER_H
#define RACETRACK_SHADOW_INFER_H

#include "engine.h"

/* A page's granules have their marks side by side, in the cache where the page is in use; pages are spread. There are so many that
 * a virtual machine's heap, where most objects are changed once by an atomic instruction, leaves most of them free: a filter that is
 * full would send every access the long way. */
enum {
	RT_INFER_PAGE = 512 /* granules */,
	RT_INFER_PAGES_LOG = 14,
	RT_INFER_MARKS = RT_INFER_PAGE << RT_INFER_PAGES_LOG
};
extern RT_HIDDEN uint8_t rt_infer_marks[RT_INFER_MARKS / 8];

static inline unsigned rt_infer_mark(uintptr_t address)
{
	uintptr_t granule = address / 8;
	uint64_t page = granule / RT_INFER_PAGE * 0x9e3779b97f4a7c15ull >> (64 - RT_INFER_PAGES_LOG);
	return (unsigned)(page * RT_INFER_PAGE + granule % RT_INFER_PAGE);
}

static inline bool rt_infer_has(unsigned mark)
{
	return __atomic_load_n(&rt_infer_marks[mark / 8], __ATOMIC_RELAXED) >> mark % 8 & 1;
}

/* Where every address is taken for marked. */
struct rt_infer_range {
	uintptr_t low;
	size_t bytes;
};
extern RT_HIDDEN struct rt_infer_range rt_infer_range;

/* False: no sync variable is in the granule of the address. */
static inline bool rt_infer_is_marked(uintptr_t address)
{
	return rt_infer_has(rt_infer_mark(address)) || address - rt_infer_range.low < rt_infer_range.bytes;
}

/* For declared.c: while all other threads are outside. */
static inline void rt_infer_set_mark(unsigned mark)
{
	__atomic_fetch_or(&rt_infer_marks[mark / 8], (uint8_t)(1u << mark % 8), __ATOMIC_RELAXED);
}
/* The bytes are a sync variable, or a part of one. */
RT_HIDDEN bool rt_infer_is_variable(uintptr_t address, size_t bytes);
/* Widens the range. */
RT_HIDDEN void rt_infer_mark_range(uintptr_t low, uintptr_t high);

/* Before an atomic instruction changes the address: a sync variable from now on. What plain stores of it came before published
 * what their threads knew. */
RT_HIDDEN void rt_infer_changed(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes);

/* The program says that the address stands for an order, and a sync object is made for it: code that keeps it as a plain
 * variable keeps it as a sync variable. */
RT_HIDDEN void rt_infer_named(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, const char *kind_of_object);

/* After a plain access was recorded: its address became a sync variable meanwhile, and it is to be told again. */
RT_HIDDEN bool rt_infer_came(uintptr_t address, size_t bytes);

/* Plain accesses that hooks tell of may be of sync variables: there are modules with hooks whose atomic instructions are seen. Set
 * while they are rewritten. */
extern RT_HIDDEN bool rt_infer_by_hooks;
/* Outside the engine: such an access, at the place that a hook was called from. True: it was one, and all has been done for it. */
RT_HIDDEN bool rt_infer_announced(uintptr_t address, size_t bytes, bool writes, uintptr_t pc);

/* What a plain instruction does. */
struct rt_plain {
	bool reads, writes;
	bool waits;  /* in a loop that goes on while the value stays */
	bool flag;   /* kind TESTED_READ, or SET_WRITE */
	bool once;   /* a store by code that looks there before */
	bool ring;   /* kind COMPARED_READ, or ADVANCED_WRITE */
	bool glance; /* kind GLANCED_READ, and it has met such a write */
	bool bare;   /* kind BARE_READ, BARE_WRITE, or hushed */
	bool own;    /* the load of an index that is stored, changed, afterwards */
};

/* A store of more bytes than any atomic operation stores, or a call that fills them: memory that is used for something else from here
 * on, by who has it alone. What synchronised there does so no more. */
RT_HIDDEN void rt_infer_overwritten(uintptr_t address, size_t bytes);

/* True: it is an access of a sync variable, and all has been done for it. */
RT_HIDDEN bool rt_infer_access(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain);

static inline bool rt_infer_is_bare(enum rt_access_kind kind)
{
	return kind == RT_BARE_READ || kind == RT_BARE_WRITE || kind == RT_HUSHED_READ ||
	       kind == RT_HUSHED_WRITE;
}

/* A look at an index of a ring, and its store with such locks held: a ring that is stored to under a lock is not to be glanced at
 * without. */
static inline bool rt_infer_is_ring(enum rt_access_kind look, enum rt_access_kind store, uint32_t locks)
{
	return store == RT_ADVANCED_WRITE &&
	       (look == RT_COMPARED_READ || (look == RT_GLANCED_READ && !locks));
}

/* The two are those of a ring's two sides, which meet at one of its indices, or moves by hand. `locks`: that were held, as a
 * lock set. */
static inline bool rt_infer_is_met(
	enum rt_access_kind a, uint32_t locks, enum rt_access_kind b, uint32_t locks_of_b)
{
	return rt_infer_is_ring(a, b, locks_of_b) || rt_infer_is_ring(b, a, locks) ||
	       (rt_infer_is_bare(a) && rt_infer_is_bare(b));
}

/* A flag's test and its setting. */
static inline bool rt_infer_is_flag(enum rt_access_kind a, enum rt_access_kind b)
{
	return (a == RT_TESTED_READ && b == RT_SET_WRITE) || (a == RT_SET_WRITE && b == RT_TESTED_READ);
}

/* What the thread's last load of a sync variable is to acquire: once it is inside the engine the next time. `self`: a struct
 * rt_thread, whose `late` is not 0. */
RT_HIDDEN void rt_infer_settle(void *self);

#endif
