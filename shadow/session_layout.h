/* The session file: what the processes of a session share.
 *
 * Who may include it: shadow/'s parts that deal with other processes. Every field may be changed at any moment by a process that
 * is killed, wrong or hostile: whoever reads one checks it before it is an index. Nothing here is a pointer, nothing is locked,
 * and nothing waits for another process: entries are claimed by one exchange, filled in, and then said to be valid.
 *
 *   offset 0            struct rt_session_tables
 *   RT_SESSION_SHADOW   the cells of shared memory: RT_EXTENT_BYTES of an object each, at extent * (RT_EXTENT_BYTES << scale)
 *
 * The file is sparse: only what is touched takes memory. */
#ifndef RACETRACK_SHADOW_SESSION_LAYOUT_H
#define RACETRACK_SHADOW_SESSION_LAYOUT_H

#include "cell.h"

#define RT_SESSION_MAGIC   0x314b434152545452ull /* "RTTRACK1" */
#define RT_SESSION_VERSION 2u

enum {
	RT_SESSION_PROCESSES = 1 << 14,
	RT_SESSION_OWNERS = 1 << 18,
	RT_SESSION_OBJECTS = 1 << 16,
	RT_SESSION_MAPPINGS = 1 << 16,
	RT_SESSION_VARIABLES = 1 << 20, /* bits */
	RT_SESSION_SYNCS = 1 << 20,
	RT_SESSION_CHUNKS = 1 << 20,
	RT_SESSION_MODULES = 1 << 14,
	RT_SESSION_STACKS = 1 << 20,
	RT_SESSION_SEEN = 1 << 16,
	RT_SESSION_LISTS = 1 << 22,
	RT_SESSION_TEXT_LOG = 30, /* bytes of stacks */
	RT_SESSION_PAGES = 1 << 19,
	RT_EXTENT_LOG = 24,
	RT_SESSION_EXTENTS = 1 << 18,
};
#define RT_EXTENT_BYTES ((size_t)1 << RT_EXTENT_LOG)

enum rt_session_process_state {
	RT_PROCESS_FREE,
	RT_PROCESS_FORKED, /* made by its parent, and not yet there; or the fork failed */
	RT_PROCESS_LIVES,
	RT_PROCESS_ENDED
};

struct rt_session_process {
	uint32_t state; /* 31..3 when it was claimed, in seconds | 2..0 enum rt_session_process_state */
	uint32_t pid;   /* of one that is not there yet: its parent's */
	uint64_t
		then; /* when it had the number, in the kernel's ticks: one that began later only has it, too */
	uint32_t parent_pid;
	uint32_t
		image; /* the process whose modules lie where its own do: itself, or the one that it was forked from */
	uint32_t
		kept; /* what others may refer to when it has ended: 1 modules of its image, 2 its description */
	uint32_t owned; /* the newest of its struct rt_session_owner, and one */
};
_Static_assert(sizeof(struct rt_session_process) == 32, "the layout is shared");

/* Of a process that is kept. */
struct rt_session_description {
	char executable[256];
	char folder[256];
	char command[512];
};
_Static_assert(sizeof(struct rt_session_description) == 1024, "the layout is shared");

/* A thread's epochs. One whose process ended with it may go to another process, which has to know that end: then what the one did
 * happened before all that the other does. */
struct rt_session_block {
	uint32_t slot;   /* the first block of the same slot */
	uint32_t base;   /* as in rt_epoch_block */
	uint32_t holder; /* process and one; 0: none, and `last` is its last epoch */
	uint32_t last;
	uint32_t owner; /* the newest, and one: 0 is none yet. Written last */
	uint32_t unused[3];
};
_Static_assert(sizeof(struct rt_session_block) == 32, "the layout is shared");

/* Who had a block from an epoch on. */
struct rt_session_owner {
	uint32_t block, from;
	uint32_t before; /* the one before it in the block, and one */
	uint32_t process;
	uint32_t next; /* of the same process, and one */
	uint32_t pid;
	uint32_t thread; /* its id in the process */
	uint32_t tid;
	char name[32];
};
_Static_assert(sizeof(struct rt_session_owner) == 64, "the layout is shared");

struct rt_session_object {
	uint64_t key; /* of what it is; 0: free */
	uint64_t device, inode;
	uint32_t kind;    /* enum rt_object_kind */
	uint32_t writers; /* mappings that could write, ever */
	char name[224];
};
_Static_assert(sizeof(struct rt_session_object) == 256, "the layout is shared");

struct rt_session_mapping {
	uint32_t process; /* and one, written last */
	uint32_t object, thread;
	uint32_t mapped, unmapped; /* stacks */
	uint16_t writable, gone;
	uint64_t low, bytes, offset;
	uint32_t pid; /* the process's: its entry may be another one's by now */
	uint32_t unused[3];
};
_Static_assert(sizeof(struct rt_session_mapping) == 64, "the layout is shared");

/* A synchronisation object: a list of chunks for its exclusive clock, and one for its shared one. */
struct rt_session_sync {
	uint64_t key;      /* 0: free */
	uint32_t first[2]; /* chunk and one */
	uint32_t owner;    /* of a lock: the segment of the thread that had it last; 0: nobody yet */
	uint32_t variable; /* plain loads and stores of it are atomic: see infer.h */
	uint64_t unused;
};

enum { RT_CHUNK_EPOCHS = 14 };
struct rt_session_chunk {
	uint32_t group; /* of slots: its first is group * RT_CHUNK_EPOCHS */
	uint32_t next;  /* chunk and one */
	uint32_t epochs[RT_CHUNK_EPOCHS];
};
_Static_assert(sizeof(struct rt_session_chunk) == 64, "a line of the cache");

struct rt_session_module {
	uint32_t image; /* and one, written last */
	uint32_t build_id_bytes;
	uint64_t low, high, bias;
	unsigned char build_id[64];
	char path[416];
};
_Static_assert(sizeof(struct rt_session_module) == 512, "the layout is shared");

enum { RT_SESSION_FRAMES = 256 };
struct rt_session_stack {
	uint64_t hash;
	uint32_t image, mapping;
	uint8_t kind, class;
	uint16_t count;
	uint32_t unused;
	uint64_t pcs[]; /* as RT_RECORD_STACK has them */
};

enum { RT_LIST_CELLS = 7 };
struct rt_session_list {
	uint32_t count; /* of this one and those that follow */
	uint32_t next;  /* with more of the cells, or the next free one; 0: none */
	rt_cell_t cells[RT_LIST_CELLS];
};
_Static_assert(sizeof(struct rt_session_list) == 64, "a line of the cache");

struct rt_session_header {
	uint64_t magic; /* written last */
	uint32_t version, bytes;
	uint64_t layout; /* RT_SESSION_BYTES and the size of the tables */
	uint64_t made;   /* when, in the kernel's ticks */
	uint32_t maker;  /* pid */
	/* How much of each table was given out; may be more than there is. */
	uint32_t processes, blocks, owners, mappings, chunks, modules, lists;
	uint32_t live;   /* somebody mapped memory that others may share */
	uint32_t spoilt; /* see rt_session_spoil */
	uint32_t left;   /* processes that ended, and not in the care of a parent: see rt_session_end_own */
	uint64_t text;   /* bytes */
	uint64_t free_lists; /* 63..32 changes | 31..0 the first, 0: none */
	uint64_t anonymous;  /* serial number */
};

/* The tables, one after the other. What every process looks at comes last: the kernel maps a file below what is there already, so
 * that it lies beside the engine's own first tables, and what leads to its pages is there, too. */
struct rt_session_tables {
	char text[(size_t)1 << RT_SESSION_TEXT_LOG] __attribute__((aligned(4096)));
	struct rt_session_list lists[RT_SESSION_LISTS];
	struct rt_session_description descriptions[RT_SESSION_PROCESSES];
	struct rt_session_block blocks[RT_BLOCKS];
	struct rt_session_owner owners[RT_SESSION_OWNERS];
	uint64_t
		extents[RT_SESSION_EXTENTS]; /* 63..40 object and one | 39..0 which of its extents; 0: free */
	struct rt_session_object objects[RT_SESSION_OBJECTS];
	struct rt_session_mapping mappings[RT_SESSION_MAPPINGS];
	struct rt_session_sync syncs[RT_SESSION_SYNCS];
	uint64_t variables[RT_SESSION_VARIABLES /
			   64]; /* a bit for each key that has `variable`, by its hash: quick to ask */
	struct rt_session_chunk chunks[RT_SESSION_CHUNKS];
	struct rt_session_module modules[RT_SESSION_MODULES];
	uint64_t stacks
		[RT_SESSION_STACKS]; /* 63..32 of the hash | 31..0 place in text, in units of 16 bytes, and one */
	uint64_t seen[RT_SESSION_SEEN]; /* findings */
	struct rt_session_header header
		__attribute__((aligned(1 << 16))); /* read with its neighbours at one fault */
	struct rt_session_process processes[RT_SESSION_PROCESSES] __attribute__((aligned(4096)));
	uint64_t there[RT_SESSION_PAGES /
		       64]; /* a bit for each page of the tables that is known to be there: see fault.h */
};
_Static_assert(sizeof(struct rt_session_tables) <= (size_t)RT_SESSION_PAGES << 12, "a bit for each");

#define RT_SESSION_SHADOW       ((sizeof(struct rt_session_tables) + RT_EXTENT_BYTES - 1) & ~(RT_EXTENT_BYTES - 1))
#define RT_SESSION_SHADOW_BYTES ((size_t)RT_SESSION_EXTENTS << (RT_EXTENT_LOG + RT_CELL_SCALE_LOG))
#define RT_SESSION_BYTES        (RT_SESSION_SHADOW + RT_SESSION_SHADOW_BYTES)

#endif
