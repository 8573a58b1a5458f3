/* The record file: what the process under test writes and racetrack-report reads.
 *
 * Who may include it: shadow/record.c (the writer) and report/ (the reader). It knows nothing of either.
 *
 * A file is one struct rt_record_file, then records. It belongs to one process image: a fork or an exec starts another
 * file. The writer maps it shared, fills a record, then moves `committed_bytes` past it with release order: everything
 * below that offset is complete, however the process ends. A reader must treat the whole file as untrusted.
 *
 * A record is struct rt_record and its payload; `bytes` counts both and is a multiple of 8. All integers are little
 * endian. A payload is a sequence of fields packed without padding: u8, u32, u64, and str = u32 length + bytes (no NUL).
 * Ids are unique within the file; 0 means 'none' or 'unknown'. A record that others refer to stands before them, except
 * that a THREAD, MODULE, PEER or MAPPING record may come again with newer facts: the last one counts, for MODULE the last
 * one whose range holds the address and that is not marked unloaded.
 *
 * A file tells of one process, but a finding may have a side in another process of the session, a peer. What that side
 * refers to stands in this file as well, under ids of this file: its threads name the peer's pid, and its modules lie at
 * addresses of their own, RT_PC_PEERS and up, that mean nothing but an offset in a module.
 */
#ifndef RACETRACK_SHADOW_RECORD_FORMAT_H
#define RACETRACK_SHADOW_RECORD_FORMAT_H

#include <stdint.h>

#define RT_RECORD_MAGIC   "RTRECORD"
#define RT_RECORD_VERSION 4u
#define RT_RECORD_SUFFIX  ".rtrec"

enum rt_file_state {
	RT_FILE_RUNNING = 1, /* the process runs, or was killed */
	RT_FILE_ENDING = 2,  /* it is on its way out and waits for `reported` */
	RT_FILE_ENDED = 3,   /* nothing more will come */
};

struct rt_record_file {
	char magic[8];
	uint32_t version;
	uint32_t header_bytes;    /* offset of the first record */
	uint64_t committed_bytes; /* offset of the end of the last complete record */
	uint32_t pid;
	uint32_t state; /* enum rt_file_state */
	uint32_t
		reported; /* set to 1 by the follower once all that is committed was reported: a futex word */
	uint32_t follower;        /* 1 once a follower runs */
	uint64_t start_ns;        /* CLOCK_REALTIME */
	uint64_t dropped_records; /* records that found the file full */
	uint64_t reserved;
	uint32_t asked; /* how many threads wait for `reported` although the process goes on */
	uint32_t unused;
};
_Static_assert(sizeof(struct rt_record_file) == 72, "the header's layout is part of the format");

struct rt_record {
	uint32_t kind; /* enum rt_record_kind; a reader skips kinds it does not know */
	uint32_t bytes;
};

enum rt_record_kind {
	/* u32 pid, u32 parent pid, str executable, str working folder, str command line (arguments joined by one space),
	 * str options, str library version */
	RT_RECORD_PROCESS = 1,
	/* u32 id, u64 low, u64 high (the addresses it spans), u64 bias (ELF address = pc - bias), u8 unloaded,
	 * str path, str build id (raw bytes) */
	RT_RECORD_MODULE = 2,
	/* u32 id, str name: a wrapped function or annotation; stacks name it by a pc below RT_PC_FUNCTIONS */
	RT_RECORD_FUNCTION = 3,
	/* u32 id, u32 count, u64 pc[count], innermost first. A pc below RT_PC_FUNCTIONS is a FUNCTION id; RT_PC_OMITTED
	 * stands for frames left out; every other pc is a return address, except the ones that follow a signal frame,
	 * which are marked by RT_PC_EXACT before them. */
	RT_RECORD_STACK = 4,
	/* u32 id, u32 parent thread id, u32 kernel thread id, u32 creation stack, u8 flags (RT_THREAD_*), str name,
	 * u32 pid (0: this file's process), u32 the number it has in that process (0: its id) */
	RT_RECORD_THREAD = 5,
	/* u32 id, u64 address, u32 creation stack, str kind ("mutex", "rwlock", ...), str name */
	RT_RECORD_SYNC = 6,
	/* str rule, u8 certainty (enum rt_certainty), str message,
	 * u32 count, count parties: u32 thread, u32 pid, u8 kind (row of kinds.def), u8 atomic, u64 address, u64 size,
	 *   u32 stack, u32 n, n times lock: u32 sync id, u8 mode (enum rt_lock_mode);
	 *   the first party is the one that ran into the other(s); a party of size 0 marks a place, not an access
	 * location: u8 kind (enum rt_location), u64 address, u64 size, str name, u32 thread (allocated or owning),
	 *   u32 stack (allocated), u32 thread (freed), u32 stack (freed), u32 module and u64 offset in its thread-local storage (0: it
	 *   is none of a module's)
	 * u64 overlap address, u64 overlap size,
	 * u64 address of the variable that the inference is about; 0: there is none, as in all that is not inferred, and in what is for
	 * code that was not looked at,
	 * u32 id of the shared object that the memory is; 0: none, u64 offset of the overlap in it.
	 * Addresses are those of the process that the party, or for the location and the overlap the file, belongs to.
	 * No lock is told of a party in another process. */
	RT_RECORD_FINDING = 7,
	/* u32 count, then count times: str name, u64 value. The last one counts. */
	RT_RECORD_COUNTERS = 8,
	/* str text: one line about something the tool could not see or lost */
	RT_RECORD_LOSS = 9,
	/* u8 how (enum rt_end), u32 status */
	RT_RECORD_END = 10,
	/* str text: suppressions that the program brings along, one a line */
	RT_RECORD_SUPPRESSIONS = 11,
	/* u8 state (enum rt_rewritten_state), str path, str build id (raw bytes), str why not ("" where it is rewritten),
	 * u32 count, u64 number[count] (those of struct rt_rewritten_numbers, in its order),
	 * u32 count, count times: str reason (rewrite/skips.def), u64 accesses that are not checked for it, u64 bytes of code
	 *   that was not taken apart for it, u64 accesses that these may have */
	RT_RECORD_REWRITTEN = 12,
	/* u32 pid, u32 parent pid, str executable, str working folder, str command line: a peer */
	RT_RECORD_PEER = 13,
	/* u32 id, u8 kind (enum rt_object_kind), str name: the path as it was mapped, "memfd:name", the shared memory's "/name",
	 * "", the segment's number; u64 device, u64 inode */
	RT_RECORD_OBJECT = 14,
	/* u32 object, u32 number (in the order they became known, from 1), u32 pid, u32 thread, u64 address, u64 bytes,
	 * u64 offset in the object, u8 writable, u8 gone (1: unmapped since), u32 stack where it was mapped,
	 * u32 stack where it was unmapped (0: unknown).
	 * Those that overlap the page of a finding stand before it, in any order; numbers are unique in an object. */
	RT_RECORD_MAPPING = 15,
};

enum {
	RT_PC_OMITTED = 1,
	RT_PC_EXACT = 2,
	RT_PC_FIRST_FUNCTION = 16,
	RT_PC_FUNCTIONS = 4096,
};
/* No process has memory between here and the kernel's half. */
#define RT_PC_PEERS (1ull << 56)

/* How sure a finding is; docs/json.md says it exactly. */
enum rt_certainty {
	RT_CERTAIN = 0,   /* it happened in this run */
	RT_INFERRED = 1,  /* so it did, unless something orders it that is not seen as such */
	RT_PREDICTED = 2, /* another schedule */
	RT_NOTE = 3,      /* no fault by itself */
};
enum rt_lock_mode { RT_LOCK_EXCLUSIVE = 0, RT_LOCK_SHARED = 1 };
enum rt_location {
	RT_LOCATION_UNKNOWN = 0,
	RT_LOCATION_HEAP = 1,         /* a block, live or freed */
	RT_LOCATION_STACK = 2,        /* thread = whose */
	RT_LOCATION_GLOBAL = 3,       /* the reader looks its name up in the module */
	RT_LOCATION_MAPPING = 4,      /* name = path or kind */
	RT_LOCATION_DESCRIPTOR = 5,   /* address = its number; opened is allocated, closed is freed */
	RT_LOCATION_SHARED = 6,       /* a mapping of a shared object; mapped is allocated */
	RT_LOCATION_THREAD_LOCAL = 7, /* thread = whose; the reader looks its name up in the module */
};
/* What memory that several addresses or processes share belongs to. */
enum rt_object_kind {
	RT_OBJECT_FILE = 1,
	RT_OBJECT_MEMFD = 2,
	RT_OBJECT_SHM = 3,       /* POSIX shared memory */
	RT_OBJECT_ANONYMOUS = 4, /* MAP_SHARED | MAP_ANONYMOUS */
	RT_OBJECT_SYSV = 5,
};
enum rt_end { RT_END_EXIT = 0, RT_END_EXEC = 1, RT_END_ABORT = 2 };
enum {
	RT_THREAD_MAIN = 1,
	RT_THREAD_DETACHED = 2,
	RT_THREAD_JOINED = 4,
	RT_THREAD_UNSEEN_START = 8, /* its creation was not seen */
};

/* What became of a module's plain loads and stores. */
enum rt_rewritten_state {
	RT_REWRITTEN_DONE = 0,     /* they are checked */
	RT_REWRITTEN_LEFT_OUT = 1, /* nobody asked for it */
	RT_REWRITTEN_HOOKED = 2,   /* it tells of them by itself: compiled with hooks */
	RT_REWRITTEN_FAILED = 3,
	RT_REWRITTEN_UNDONE = 4, /* they were, until now: the module is known by its path */
};
struct rt_rewritten_numbers {
#define RT_NUMBER(name, text) uint64_t name;
#include "rewritten.def"
#undef RT_NUMBER
};
enum { RT_REWRITTEN_NUMBERS = sizeof(struct rt_rewritten_numbers) / sizeof(uint64_t) };

enum rt_access_kind {
#define RT_KIND(symbol, word, is_write, is_atomic) RT_##symbol,
#include "kinds.def"
#undef RT_KIND
	RT_KIND_COUNT
};

#endif
