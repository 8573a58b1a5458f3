/* What record files say, as plain structs: the nouns of this program.
 *
 * Who may include it: all of report/. It knows nothing of files, symbols or output formats.
 *
 * Strings are NUL-terminated and may hold any other byte: every writer goes through utf8.h. Ids are those of the record
 * file, unique within one process image; 0 is 'none'. */
#ifndef RACETRACK_REPORT_MODEL_H
#define RACETRACK_REPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "shadow/record_format.h"

#define uthash_fatal(message) report_memory_fail()
#include <uthash.h>

struct report_image;
struct report_frames;

/* A module at an address. The last row that holds an address and is not unloaded counts. */
struct report_module {
	uint32_t id;
	uint64_t low, high;
	uint64_t bias; /* ELF address = pc - bias */
	bool unloaded;
	const char *path;
	const char *build_id;       /* hexadecimal, "" if there is none */
	struct report_image *image; /* filled by frames.c at the first look-up */
};

struct report_function {
	uint32_t id;
	const char *name;
	UT_hash_handle hh;
};

struct report_stack {
	uint32_t id;
	uint32_t count;
	uint64_t *pcs;                /* innermost first, with the RT_PC_* words in between */
	struct report_frames *frames; /* filled by frames.c at the first look-up */
	UT_hash_handle hh;
};

struct report_thread {
	uint32_t id, parent, kernel_id;
	uint32_t stack; /* where it was created */
	uint8_t flags;  /* RT_THREAD_* */
	const char *name;
	uint32_t pid;    /* of the peer it belongs to, 0: the file's process */
	uint32_t number; /* in its process; ids are unique in the file */
	UT_hash_handle hh;
};

/* Another process of the session. */
struct report_peer {
	uint32_t pid, parent_pid;
	const char *executable, *folder, *command;
	UT_hash_handle hh;
};

/* An executable of the file's process or of a peer. */
struct report_program {
	const char *path;
	UT_hash_handle hh;
};

struct report_mapping {
	uint32_t number, pid, thread;
	uint64_t address, bytes;
	uint64_t offset; /* in the object */
	bool writable, gone;
	uint32_t stack, gone_stack; /* where it was mapped, and unmapped */
};

/* Memory that several addresses or processes share. */
enum { REPORT_MOST_MAPPINGS = 1024 };
struct report_object {
	uint32_t id;
	uint8_t kind; /* enum rt_object_kind */
	const char *name;
	uint64_t device, inode;
	struct report_mapping *mappings; /* by their numbers */
	size_t mapping_count, mapping_room;
	bool more_mappings; /* than REPORT_MOST_MAPPINGS, which are not kept */
	UT_hash_handle hh;
};

struct report_sync {
	uint32_t id;
	uint64_t address;
	uint32_t stack; /* where it was created */
	const char *kind, *name;
	UT_hash_handle hh;
};

struct report_lock {
	uint32_t sync;
	uint8_t mode; /* enum rt_lock_mode */
};

/* One side of a finding. */
struct report_party {
	uint32_t thread, pid, stack;
	const struct report_peer
		*peer; /* NULL: it is a side in the file's process, or nothing is known of the peer */
	uint8_t kind;  /* enum rt_access_kind */
	bool atomic;
	uint64_t address;
	uint64_t size; /* 0: a place, not an access */
	uint32_t lock_count;
	struct report_lock *locks;
};

struct report_location {
	uint8_t kind; /* enum rt_location */
	uint64_t address, size;
	const char *name;
	uint32_t thread, stack;             /* allocated, or whose stack it is */
	uint32_t freed_thread, freed_stack; /* freed; 0 while the block lives */
	uint32_t module;                    /* of thread-local storage: whose variable it is */
	uint64_t offset;                    /* in the module's storage */
};

struct report_finding {
	struct report_process *process;
	const char *rule, *message;
	uint8_t certainty; /* enum rt_certainty */
	uint32_t party_count;
	struct report_party *parties;
	struct report_location location;
	uint64_t overlap_address, overlap_size;
	uint64_t variable;            /* that an inference is about; 0: none */
	struct report_object *object; /* NULL: memory of this process alone */
	uint64_t object_offset;       /* of the overlap */
};

struct report_counter {
	const char *name;
	uint64_t value;
};

/* Accesses of a module that are not checked, for one reason. */
struct report_skip {
	const char *reason; /* a name of rewrite/skips.def, or one that this program does not know */
	uint64_t accesses;
	uint64_t bytes;     /* of code that was not taken apart for it */
	uint64_t estimated; /* accesses that these may have */
};

/* What became of a module's plain loads and stores. */
struct report_rewritten {
	uint8_t state; /* enum rt_rewritten_state */
	const char *path;
	const char *build_id; /* hexadecimal, "" if there is none */
	const char *why;      /* it is not rewritten; else "" */
	struct rt_rewritten_numbers numbers;
	struct report_skip *skips;
	uint32_t skip_count;
};

/* One record file: one process image. */
struct report_process {
	const char *file; /* name of the record file */
	uint32_t pid, parent_pid;
	uint64_t start_ns, dropped_records;
	uint32_t state; /* enum rt_file_state, as last read */
	const char *executable, *folder, *command, *options, *library;

	struct report_module *modules;
	size_t module_count, module_room;
	struct report_function *functions;
	struct report_stack *stacks;
	struct report_thread *threads;
	struct report_sync *syncs;
	struct report_peer *peers; /* the last one of each pid */
	struct report_program *programs;
	struct report_object *objects;

	struct report_finding **findings; /* in the order they were found */
	size_t finding_count, finding_room;
	size_t finding_taken; /* already grouped, see group.h */

	struct report_counter *counters;
	size_t counter_count;
	const char **losses;
	size_t loss_count, loss_room;

	struct report_rewritten *rewritten; /* in the order of their records */
	size_t rewritten_count, rewritten_room;

	const char *suppressions; /* that it brought along, NULL: none, or taken already */

	bool ended;
	uint8_t end_how; /* enum rt_end */
	uint32_t end_status;

	/* Where it did not say its end, see ends.h. */
	bool runs, waited_for;
	uint32_t waited_status;
};

/* NULL for an id that never came, or 0. */
struct report_stack *report_stack_find(const struct report_process *process, uint32_t id);
struct report_thread *report_thread_find(const struct report_process *process, uint32_t id);
struct report_sync *report_sync_find(const struct report_process *process, uint32_t id);
struct report_peer *report_peer_find(const struct report_process *process, uint32_t pid);
struct report_object *report_object_find(const struct report_process *process, uint32_t id);
bool report_program_find(const struct report_process *process, const char *path);
const char *report_function_find(const struct report_process *process, uint32_t id);
struct report_module *report_module_get(const struct report_process *process, uint32_t id);
/* By an address. */
struct report_module *report_module_find(const struct report_process *process, uint64_t address);

#endif
