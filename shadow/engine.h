/* The race detection engine: what interposition, containers and rewriting may call.
 *
 * Who may include it: interpose/, containers/ (the tracker half), rewrite/. It must not know a wrapper, a container or
 * an output format.
 *
 * Semantics. Every thread has a vector clock and an epoch of its own. A release joins the thread's clock into the sync
 * object's; an acquire joins the object's into the thread's. The epoch ticks at the first recorded access after a
 * release: accesses between two releases share one epoch, and nothing ticks in a thread that accesses nothing. Two
 * accesses race when they overlap in a byte, at least one writes, not both are atomic, and neither thread's clock had
 * reached the other's epoch.
 *
 * Thread rule. `self` is always the calling thread's state from rt_enter(); calls between rt_enter() and rt_leave() do
 * not block, call nothing that the library wraps, and keep errno. A signal that arrives in between is put off until
 * rt_leave(), but for a fault: the wrapper's, in memory of the program that it reads while it holds none of the engine's
 * locks. A handler that arrives all the same (a bare system call set it) gets NULL from rt_enter() and goes untracked,
 * counted in signal_nested.
 */
#ifndef RACETRACK_SHADOW_ENGINE_H
#define RACETRACK_SHADOW_ENGINE_H

#include "base.h"
#include "hot.h"
#include "record_format.h"

struct rt_thread;
struct rt_sync;

enum rt_class {
#define RT_CLASS(symbol, rule) RT_CLASS_##symbol,
#include "classes.def"
#undef RT_CLASS
	RT_CLASS_COUNT
};

/* Where in the program an operation happens: the caller's registers right after the wrapped call returns. The stack is
 * walked only when an access has to be stored or a report needs it, at most once per site. */
struct rt_site {
	uintptr_t pc; /* return address, 0: no walk */
	uintptr_t
		sp; /* stack pointer after the return; 0: the callers are those that the program announced */
	uintptr_t bp;      /* rbp after the return */
	uint32_t function; /* id of the wrapped function, the innermost frame (RT_PC_FIRST_FUNCTION and up) */
	rt_ctx_t callers;  /* filled at the first walk: the context of the caller */
	uintptr_t cfa;  /* of the function that the site is in, which arms the entry of its frame when it is
			      called (activation.h); 0: it does not, or that is not known */
	uint32_t armed; /* ... with this number */
};

/* ---- process ---- */

/* Every function that the stack's innermost frame may name, so that records can carry their names. Before rt_start. */
RT_HIDDEN void rt_name_functions(const char *const *names, uint32_t count);

/* Options of the program's own, which those of its environment go before. Before rt_start. */
RT_HIDDEN void rt_default_options(const char *text);

/* Suppressions of the program's own, one a line. Before rt_start, which copies them. */
RT_HIDDEN void rt_program_suppressions(const char *text);

/* Before any other call; `environment` is the process's environ. False: no memory, and nothing is tracked. */
RT_HIDDEN bool rt_start(char **environment, const char *library_path);

/* True from the first second thread until every other thread was joined, and while something is poisoned. While it is
 * false accesses and synchronisation need not be told. */
#define rt_watching racetrack_watching

/* The program is about to end or to exec (`how`), and what has been found is to be reported now. Returns the exit status
 * to use: `status`, or option exitcode's. rt_end_undo: the exec failed. Outside rt_enter. */
RT_HIDDEN int rt_end(enum rt_end how, int status);
RT_HIDDEN void rt_end_undo(void);
/* That of a program which has findings, and none of its own. */
RT_HIDDEN int rt_end_status(void);

/* The process is about to give up its root, its user or descriptors: what is needed of files is opened now. */
RT_HIDDEN void rt_confine(void);

/* Fork: prepare waits until no thread is inside the engine and keeps it so; call exactly one of parent and child
 * afterwards. In the child the calling thread is the only one, tracked into a record file of its own. */
RT_HIDDEN void rt_fork_prepare(void);
RT_HIDDEN void rt_fork_parent(void);
RT_HIDDEN void rt_fork_child(void);

/* Adds one to a counter of counters.h. */
RT_HIDDEN void rt_count(unsigned counter);

/* Not 0 once a process of the session has mapped memory that others may share: then what comes in from others may be an order. */
extern RT_HIDDEN const uint32_t *rt_session_live;
/* From now on this process takes part in what orders processes. Any thread, outside the engine. */
RT_HIDDEN RT_COLD void rt_session_follow(void);

/* What children are to find as RACETRACK_SESSION, "": nothing. Any thread. */
RT_HIDDEN const char *rt_session_name(void);

/* ---- entering ---- */

/* The calling thread's state, or NULL: inside the engine already, before rt_start, or no memory for it. */
RT_HIDDEN struct rt_thread *rt_enter(void);
RT_HIDDEN void rt_leave(struct rt_thread *self);

/* ---- accesses ---- */

RT_HIDDEN void rt_access(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_access_kind kind, enum rt_class class);

/* A plain read or write of the program's own code, at a place whose calls it announces (rt_frames_site). Enters and leaves
 * by itself. */
RT_HIDDEN void rt_access_announced(
	const volatile void *address, size_t bytes, enum rt_access_kind kind, uintptr_t pc);

/* The same of code whose stack has to be walked, which overwrites no vector register. False: nothing was done; it is for
 * rt_access. */
RT_HIDDEN bool rt_access_walked(
	const volatile void *address, size_t bytes, enum rt_access_kind kind, struct rt_site *site);

/* What checks that are emitted look at, beside racetrack_hot; NULL: there is no linear shadow. */
RT_HIDDEN struct rt_front *rt_access_front(void);

/* An access of a wrapped function to the first byte of an object of synchronisation, class SYNC, called from code that announces
 * its calls: without a walk. pre: rt_watching. */
RT_HIDDEN void rt_access_called(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, enum rt_access_kind kind);

/* From now on any access to the range is reported under `rule`, with `kind` at this site as its other side, until
 * rt_unpoison. `class` DATA. Works in a single thread too. */
RT_HIDDEN void rt_poison(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_access_kind kind, const char *rule);
/* Forgets every access to the range and any poison. True when some of it was poisoned. */
RT_HIDDEN bool rt_unpoison(struct rt_thread *self, const volatile void *address, size_t bytes);
/* The context and thread of the poison at `address`; false when there is none. */
RT_HIDDEN bool rt_poisoned_by(const volatile void *address, rt_ctx_t *context, uint32_t *thread);

/* The program says that races on these bytes do no harm: none is reported from now on, until the memory becomes another
 * object. No bytes: of a size that is not known, any race with the first byte. */
RT_HIDDEN void rt_benign(const volatile void *address, size_t bytes);

/* ---- memory ---- */

/* A heap block appeared (what was known of its memory is forgotten), or is about to go. */
RT_HIDDEN void rt_block_alloc(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes);
/* Returns the block's size, 0 when it is not known. A realloc frees first and allocates after, also in place. */
RT_HIDDEN size_t rt_block_free(struct rt_thread *self, struct rt_site *site, void *block);

/* A realloc to no fewer bytes that leaves the block where it is writes all of it: who goes on using the old one without an order is
 * not to pass for a user of the fresh one. Until the thread releases something nobody else can come after that write, so that
 * there is nothing to free the bytes from that it covers: the next one tells of the others alone, and costs what was grown. */
struct rt_reallocated {
	size_t bytes;     /* the old block's, 0: not known */
	size_t written;   /* the first so many of them were not freed: they are written by this thread, in */
	uint32_t segment; /* this epoch */
};
/* Before the real call, in place of rt_block_free. */
RT_HIDDEN struct rt_reallocated rt_block_leaves(
	struct rt_thread *self, struct rt_site *site, void *block, size_t bytes);
/* After it: it has stayed, in place of rt_block_alloc; pre: it has no fewer bytes. */
RT_HIDDEN void rt_block_stayed(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes,
	const struct rt_reallocated *old);
/* Or it has gone, and may be another thread's block already: in front of rt_block_alloc. */
RT_HIDDEN void rt_block_left(
	struct rt_thread *self, struct rt_site *site, const void *block, const struct rt_reallocated *old);
/* The program learns that the block has more bytes than it asked for; they are its own, too. */
RT_HIDDEN void rt_block_extend(struct rt_thread *self, void *block, size_t bytes);
/* A range of address space is fresh: nothing that happened there before counts, and nothing lives there. */
RT_HIDDEN void rt_range_fresh(struct rt_thread *self, const volatile void *address, size_t bytes);
/* A range is about to go: like a write of all of it that ever was touched, then fresh. */
RT_HIDDEN void rt_range_unmap(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes);
/* Its contents go, its addresses stay: like an access of `kind` to all of it that ever was touched. */
RT_HIDDEN void rt_range_drop(
	struct rt_thread *self, struct rt_site *site, void *address, size_t bytes, enum rt_access_kind kind);
/* Bytes of the mapping that starts exactly there; 0: not known. */
RT_HIDDEN size_t rt_range_bytes(const volatile void *address);
/* Address space that the engine has reserved and mostly never touches. */
RT_HIDDEN size_t rt_reserved_bytes(void);
/* The lowest of its parts that ends above `from`, up to *end; UINTPTR_MAX: none. */
RT_HIDDEN uintptr_t rt_reserved_next(uintptr_t from, uintptr_t *end);
/* The program mapped a range (after rt_range_fresh), or named one. */
RT_HIDDEN void rt_range_mapped(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, const char *name);
RT_HIDDEN void rt_range_name(
	struct rt_thread *self, const volatile void *address, size_t bytes, const char *name);

/* ---- memory that processes share ---- */

/* What a mapping with MAP_SHARED shows. */
struct rt_object {
	enum rt_object_kind kind;
	uint64_t device, inode, born; /* what it is; all 0: a new anonymous one */
	const char *name;             /* as the program knows it */
};
/* The session has it, with its name: that of `object`, and which kind of file it is, need not be looked for. */
RT_HIDDEN bool rt_shared_knows(const struct rt_object *object);
/* After rt_range_fresh and rt_range_mapped: the range shows the object from `offset` on. */
RT_HIDDEN void rt_shared_map(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes,
	const struct rt_object *object, uint64_t offset, bool writable);
/* The object that is shown at the address, as far as `bytes` go; false: none, or not known. What rt_shared_map_again says of it
 * at another address. */
struct rt_shown {
	uint32_t object;
	uint64_t offset;
	bool writable;
};
RT_HIDDEN bool rt_shared_shown(const volatile void *address, struct rt_shown *shown);
RT_HIDDEN void rt_shared_map_again(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes,
	const struct rt_shown *shown);
/* Before anything that starts a process (a fork tells of itself); after a call that waited for one; 0: it is not known for which. */
RT_HIDDEN void rt_children_begin(struct rt_thread *self);
RT_HIDDEN void rt_children_ended(struct rt_thread *self, int pid);
/* This process has memory that others may change. */
RT_HIDDEN bool rt_shared_is_watched(void);

/* ---- pools ---- */

/* The object belongs to the calling thread from now on. It happens after the put before. */
RT_HIDDEN void rt_pool_get(
	struct rt_thread *self, struct rt_site *site, const volatile void *object, size_t bytes);
/* It belongs to the pool: poisoned. A second put is reported as pool-double-put. */
RT_HIDDEN void rt_pool_put(
	struct rt_thread *self, struct rt_site *site, const volatile void *object, size_t bytes);

/* ---- descriptor numbers ---- */

/* Two threads may use a number at once; who closes it must come after them. Before the call that uses it, and before the
 * one that closes it: afterwards the number may be another's. */
RT_HIDDEN void rt_number_use(struct rt_thread *self, struct rt_site *site, int fd);
RT_HIDDEN void rt_number_close(struct rt_thread *self, struct rt_site *site, int fd);
/* The kernel knows of no such number (EBADF): who used or closed it came too late. */
RT_HIDDEN void rt_number_refused(
	struct rt_thread *self, struct rt_site *site, int fd, enum rt_access_kind kind);
/* It stands for something new. At all times, also while nothing is watched. */
RT_HIDDEN void rt_number_open(struct rt_thread *self, struct rt_site *site, int fd);
/* It was seen to be opened, and not to be closed. */
RT_HIDDEN bool rt_number_is_open(int fd);
/* It stands for something else all at once, as after dup2: who uses it gets the one or the other. */
RT_HIDDEN void rt_number_replace(struct rt_thread *self, struct rt_site *site, int fd);

/* ---- synchronisation ---- */

/* Kinds are words for the report ("mutex"); an object is known by its address alone. A key of RT_SYNC_KEY_HIGH or above
 * is no address (descriptors, threads). */
#define RT_SYNC_KEY_HIGH    (1ull << 63)
/* Of such keys: it is the same object in every process of the session. And of these: a byte of shared memory, which the engine
 * makes of its address. */
#define RT_SYNC_KEY_SESSION (1ull << 62)
#define RT_SYNC_KEY_MEMORY  (1ull << 61)
/* And of those: no byte, but something that a process does, by its number; see family.c. */
#define RT_SYNC_KEY_PROCESS (RT_SYNC_KEY_MEMORY | 1ull << 60)

RT_HIDDEN void rt_sync_create(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);
RT_HIDDEN void rt_sync_destroy(struct rt_thread *self, uint64_t key);
/* It stays, and nobody has released it. */
RT_HIDDEN void rt_sync_empty(uint64_t key);
RT_HIDDEN void rt_sync_acquire(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);
RT_HIDDEN void rt_sync_release(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);

/* A lock: acquire and release with the mode's meaning, and the thread's set of held locks. A shared unlock happens
 * before the next exclusive lock only. Recursive locking counts. rt_lock_release tells how: the caller need not know
 * in which mode it was locked. */
RT_HIDDEN void rt_lock_acquire(
	struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind, enum rt_lock_mode mode);
RT_HIDDEN void rt_lock_release(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);

/* What a byte of memory is called: its address, or, where processes share it, a key of the session. */
RT_HIDDEN uint64_t rt_memory_key(const volatile void *address);

/* What belongs to a process as a whole orders none of its own threads: these are of what other processes do alone, by keys of
 * the session. False: there are none. */
RT_HIDDEN bool rt_sync_is_abroad(void);
RT_HIDDEN void rt_sync_release_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode);
RT_HIDDEN void rt_sync_acquire_abroad(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode);

/* Before rt_lock_acquire, where the lock was got because its owner died: takes over what the owner did. */
RT_HIDDEN void rt_lock_owner_died(struct rt_thread *self, uint64_t key);

/* ---- atomic operations: ISO C11 7.17 and 5.1.2.4 ---- */

/* With the values that the compilers pass. Consume is acquire. */
enum rt_order {
	RT_ORDER_RELAXED,
	RT_ORDER_CONSUME,
	RT_ORDER_ACQUIRE,
	RT_ORDER_RELEASE,
	RT_ORDER_ACQ_REL,
	RT_ORDER_SEQ_CST
};

enum rt_atomic_kind {
	RT_ATOMIC_LOAD,
	RT_ATOMIC_STORE,
	RT_ATOMIC_CHANGE, /* reads and writes in one */
	RT_ATOMIC_TALLY   /* an addition, likewise, of which nobody looks at what was read: see tally.h */
};

/* What really happens to the program's memory; false: a compare-and-exchange that found another value, and so is a load
 * with the order `failure`. May be interrupted by a fault, and then does not return. */
typedef bool (*rt_atomic_operation)(void *argument);

/* Runs the operation, and makes of it what its order says: who reads what a release wrote, or an atomic change after it,
 * happens after the release. Where nothing is watched it only runs it. */
RT_HIDDEN void rt_atomic(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure,
	rt_atomic_operation operation, void *argument);

/* A fence between threads. What a release fence has seen is published by relaxed stores after it; an acquire fence takes in
 * what relaxed loads before it read. */
RT_HIDDEN void rt_fence(struct rt_thread *self, enum rt_order order);

/* ---- frames that the program announces ---- */

/* A place in code that tells of its calls (rt_frames): its callers are known without a walk. `pc` as a return address. */
RT_HIDDEN struct rt_site rt_frames_site(uintptr_t pc);

static inline bool rt_site_is_announced(const struct rt_site *site)
{
	return !site->sp && site->pc && !site->function;
}

/* ---- threads ---- */

/* In the creator, before the real create; the result goes to rt_thread_started in the new thread, or to
 * rt_thread_not_created when the create failed. NULL: no memory, the thread will be taken in at its first call. */
RT_HIDDEN struct rt_thread *rt_thread_create(struct rt_thread *self, struct rt_site *site, bool detached);
RT_HIDDEN void rt_thread_not_created(struct rt_thread *self, struct rt_thread *child);
RT_HIDDEN void rt_thread_created(struct rt_thread *self, struct rt_thread *child, uint64_t handle);
/* First call of the new thread: its handle (pthread_t), and its stack [low, high). */
RT_HIDDEN void rt_thread_started(struct rt_thread *child, uint64_t handle, uintptr_t low, uintptr_t high);
/* Before a join: which thread it is, 0: not known; once it was joined its handle may be another's. `until_end`: the caller
 * does nothing before that thread's end. rt_thread_joined after it: id 0 when it failed. */
RT_HIDDEN uint32_t rt_thread_joins(struct rt_thread *self, uint64_t handle, bool until_end);
RT_HIDDEN void rt_thread_joined(struct rt_thread *self, uint64_t handle, uint32_t id);
RT_HIDDEN void rt_thread_detached(struct rt_thread *self, uint64_t handle);
RT_HIDDEN void rt_thread_name(struct rt_thread *self, const char *name);
RT_HIDDEN void rt_thread_name_other(struct rt_thread *self, uint64_t handle, const char *name);

/* Counted, so that they nest. While sync is ignored rt_lock_* order nothing; whoever calls rt_sync_* asks
 * rt_sync_ignored first, unless it means the edge whatever is ignored: annotations, pools. */
RT_HIDDEN void rt_ignore_accesses(struct rt_thread *self, int change);
RT_HIDDEN void rt_ignore_sync(struct rt_thread *self, int change);
RT_HIDDEN bool rt_sync_ignored(struct rt_thread *self);

/* Wrapped functions that are called inside are called by the decoder, and by no signal handler. */
RT_HIDDEN void rt_thread_decodes(struct rt_thread *self, bool decodes);
/* From now on a signal may run code of the program in any thread. */
RT_HIDDEN void rt_signals_handled(void);

/* Before modules are unloaded: what findings will say of their code is recorded now. */
RT_HIDDEN void rt_modules_changing(void);

/* Who can read code and knows the loader. Stacks are of an access, innermost first. */
struct rt_judges {
	/* A free by code that counts references atomically, and any access by what destroys an exception that several threads refer
	 * to: they come after all uses, in an order that is not seen, and are not reported, but counted. */
	bool (*counts_references)(const uint64_t *stack, uint32_t count);
	bool (*destroys_exception)(const uint64_t *stack, uint32_t count);
	/* The stack is of an allocation: of an exception, whose free is such a one, too. */
	bool (*makes_exception)(const uint64_t *stack, uint32_t count);
	/* The address is of a module that was loaded after the start. The loader maps it unseen, maybe where a block was whose memory
	 * went back to the system. */
	bool (*is_loaded)(uintptr_t address);
};
/* Once. */
RT_HIDDEN void rt_finding_set_judges(struct rt_judges by);

/* ---- contexts and findings of others ---- */

/* The context of `site` with its wrapped function as the innermost frame. */
RT_HIDDEN rt_ctx_t rt_site_context(struct rt_thread *self, struct rt_site *site, enum rt_access_kind kind);
RT_HIDDEN uint32_t rt_thread_id(struct rt_thread *self);

/* A table of the thread's own in which wrappers may note what they have told already; zero at first. */
enum { RT_THREAD_NOTES_LOG = 8 };
RT_HIDDEN uint64_t *rt_thread_notes(struct rt_thread *self);

/* A misuse that a container's tracker or a wrapper found. Parties: the first is the one that ran into the others.
 * Reported once per rule and contexts. `message` is one sentence, NULL: the rule's title. */
struct rt_party {
	uint32_t thread;
	enum rt_access_kind kind;
	const volatile void *address;
	size_t bytes; /* 0: a place, not an access */
	rt_ctx_t context;
};
RT_HIDDEN void rt_misuse(struct rt_thread *self, const char *rule, const char *message,
	const struct rt_party *parties, uint32_t count);

/* Memory of the engine's own for trackers; zeroed; never the program's heap. NULL when there is none. */
RT_HIDDEN void *rt_alloc(size_t bytes);
RT_HIDDEN void rt_free(void *memory, size_t bytes);
/* Memory of `bytes` (NULL: none yet) becomes one of `wanted`, what is new zeroed. NULL: no memory, and it is as it was. */
RT_HIDDEN void *rt_alloc_more(void *memory, size_t bytes, size_t wanted);
/* Copies program memory that may be gone; false when it is. A system call: not for hot paths. */
RT_HIDDEN bool rt_safe_read(uintptr_t from, void *to, size_t bytes);

#endif
