/* Modules of the process as rewriting sees them: text, data, functions, and the places in the text that may be reached from
 * elsewhere. Everything is read from the mapped segments (program headers, .eh_frame_hdr, .eh_frame, .gcc_except_table);
 * no section header and no symbol is needed, so a stripped program is like any other. What is read is not trusted: a damaged
 * table gives fewer functions, never a read out of the module's segments.
 *
 * Who may include it: rewrite/. One thread at a time. Sources: System V ABI for x86-64; Linux Standard Base 5.0, chapter
 * 10.6; the LSDA as gcc's unwind-pe.h and the Itanium C++ ABI describe it. */
#ifndef RACETRACK_REWRITE_MODULE_H
#define RACETRACK_REWRITE_MODULE_H

#include "code.h"

enum { RT_MODULE_RANGES = 8, RT_BUILD_ID_BYTES = 20 };

struct rt_range {
	uintptr_t low, high; /* [low, high) */
};

struct rt_module {
	const char *path;      /* as the loader has it; "" is the program itself. Valid while it is loaded */
	uintptr_t base;        /* load address: what is added to the file's addresses */
	struct rt_range whole; /* from the first to the last byte of its segments */
	struct rt_code text;   /* its largest executable segment */
	struct rt_range
		writable[RT_MODULE_RANGES]; /* what stays writable once it is relocated (without RELRO) */
	unsigned writable_count;
	struct rt_range
		readable[RT_MODULE_RANGES]; /* all segments that can be read, text and RELRO included */
	unsigned readable_count;
	unsigned constant; /* a bit for each of these: it is never written, not even when it is relocated */
	/* where pointers lie that are not made by code: what the file has of the writable segments, RELRO included; of a
	 * module at a fixed address, what it has of all segments */
	struct rt_range pointers[RT_MODULE_RANGES];
	unsigned pointer_count;
	uintptr_t dynamic;      /* 0: none */
	uintptr_t eh_frame_hdr; /* 0: none */
	uint8_t build_id[RT_BUILD_ID_BYTES];
	unsigned build_id_bytes;       /* 0: none */
	struct rt_function *functions; /* ascending, not overlapping, inside the text; rt_alloc'd */
	uint32_t function_count;
	uint8_t *entries;     /* a bit for each byte of the text: see rt_module_find_entries; mapped pages */
	uint8_t *guesses;     /* as entries: what may be one, see rt_module_may_be_entry */
	uint8_t *places;      /* a bit for each 4 bytes of `whole`: code takes their address; as entries */
	uint8_t thread_taken; /* enum rt_thread_taken: see segment.h */
};

enum rt_thread_taken { RT_THREAD_UNKNOWN, RT_THREAD_OWN, RT_THREAD_TAKEN };

/* Calls `visit` for every loaded module, the program first, with all but functions and entries filled in; a module without
 * text, and the vDSO, are left out. A segment that is both writable and executable is no text. Inside dl_iterate_phdr: the
 * loader's lock is held, so no module goes meanwhile, and `visit` must not load one. */
RT_HIDDEN void rt_modules_visit(void (*visit)(struct rt_module *module, void *data), void *data);

/* The segment that can be read and holds the address; empty: none. And what of it lies from the address on. */
RT_HIDDEN struct rt_range rt_module_segment(const struct rt_module *module, uintptr_t address);
RT_HIDDEN struct rt_range rt_module_memory(const struct rt_module *module, uintptr_t address);

/* The functions. Where two overlap, the later start cuts the earlier one short; of two at one start the longer stays. Those
 * that are not inside the text, or whose LSDA is nowhere, are dropped. None at all where there is no usable unwind
 * information: counted by the caller. False: no memory. */
RT_HIDDEN bool rt_module_find_functions(struct rt_module *module);
/* Where the function begins that holds the offset, for a few questions before all are found. False: it is not known. */
RT_HIDDEN bool rt_module_find_start(const struct rt_module *module, uint32_t offset, uint32_t *start);

/* Marks the offsets that are reached other than by running on or by a direct branch of their own function: function starts,
 * aligned words of data that hold an address in the text, landing pads of exceptions (every offset of a function whose LSDA
 * is not understood). Jump tables are found with the code that uses them: rt_module_table. And guesses: targets of what may
 * be direct branches from elsewhere with distances of 4 bytes, found by looking at every byte. None of these is missing, but
 * a few lead into the middle of instructions; the few branches with 1 byte are left to who decodes. False: no memory. */
RT_HIDDEN bool rt_module_find_entries(struct rt_module *module);

/* A pc-relative address that code of `function` takes (lea) points to `place`, an offset from the text: if a table of 4-byte
 * distances from itself lies there, in memory that can be read, whose values lead into the function, its targets are marked.
 * Or if it is in the text, that place. A table ends at the next address that any code takes, and at the first value that
 * leads elsewhere, but for a few places in other functions (the function's cold part). */
RT_HIDDEN void rt_module_table(struct rt_module *module, const struct rt_function *function, int64_t place);

static inline bool rt_module_is_entry(const struct rt_module *module, uint32_t offset)
{
	return module->entries[offset / 8] >> offset % 8 & 1;
}

/* An entry, if an instruction starts there: never to be decoded from for this reason alone. */
static inline bool rt_module_may_be_entry(const struct rt_module *module, uint32_t offset)
{
	return (module->entries[offset / 8] | module->guesses[offset / 8]) >> offset % 8 & 1;
}

static inline void rt_module_mark(struct rt_module *module, uint32_t offset)
{
	module->entries[offset / 8] |= (uint8_t)(1u << offset % 8);
}

/* Code takes the address, of `whole`, by a lea. Of those that are multiples of 4. */
RT_HIDDEN bool rt_module_is_place(const struct rt_module *module, uintptr_t address);

/* The memory, `bytes` at an offset from the text, stays as it is while the program runs. */
RT_HIDDEN bool rt_module_is_constant(const struct rt_module *module, int64_t offset, unsigned bytes);

/* So many variables of 1, 2, 4 or 8 bytes, `stride` apart, aligned, may lie there: in memory that the program writes. */
RT_HIDDEN bool rt_module_is_variable(
	const struct rt_module *module, uintptr_t address, uint64_t bytes, uint64_t stride, uint64_t count);

/* The function that holds the offset; NULL: none. */
RT_HIDDEN const struct rt_function *rt_module_function(const struct rt_module *module, uint32_t offset);

/* Gives back what find_entries took; and find_functions, too. */
RT_HIDDEN void rt_module_forget_entries(struct rt_module *module);
RT_HIDDEN void rt_module_fini(struct rt_module *module);

#endif
