/* Thread-local storage: which variable of which thread an address is.
 *
 * Where the blocks lie is known to the C library alone, which tells debuggers how to read it (libthread_db's tables). It is read as a
 * debugger does: nothing is called, no lock is taken, and what can't be read has no name.
 *
 * Who may include it: interpose/ for the layout, else shadow/. */
#ifndef RACETRACK_SHADOW_TLS_H
#define RACETRACK_SHADOW_TLS_H

#include "memory.h"

/* Offsets in the C library's structures. A thread's handle is the address of its control block, and thread-local storage that was
 * laid out with the thread lies below it. */
struct rt_tls_layout {
	uintptr_t first_list;  /* where the loader has the address of its first list of modules */
	uint32_t list_length;  /* of a list: how many slots it has, */
	uint32_t list_next;    /* the address of the next one, */
	uint32_t list_slots;   /* the slots; a module's number is its slot's place in all lists */
	uint32_t slot_bytes;   /* of a slot: its size, */
	uint32_t slot_changed; /* the generation in which it was filled, */
	uint32_t slot_module;  /* the address of its module, a link_map */
	uint32_t
		module_below; /* of a module: how far below the control block its block lies, if it lies there */
	uint32_t vector;      /* of a control block: the address of the thread's vector of blocks */
	uint32_t
		entry_bytes; /* of a vector: the size of its entries; the first one is its generation, the one before its length */
	uint32_t entry_block;   /* of an entry: the block's address */
	uint32_t control_bytes; /* size of a control block */
};

/* Once, at the start. Without it nothing is found. */
RT_HIDDEN void rt_tls_init(const struct rt_tls_layout *layout);

/* Fills in the location, if it is thread-local storage of a live thread, or its control block. Findings' lock held, the modules of
 * now recorded. */
RT_HIDDEN bool rt_tls_locate(uintptr_t address, struct rt_memory_location *location);

#endif
