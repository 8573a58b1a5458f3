/* The unwinding tables of a module: .eh_frame_hdr, and the records of .eh_frame. What is read is not trusted: damage gives
 * false, never a read out of the memory that is named.
 *
 * Who may include it: interpose/, rewrite/. Calls nothing; any thread, signal-safe. Sources: Linux Standard Base 5.0,
 * chapter 10.6; DWARF 5, section 6.4. */
#ifndef RACETRACK_DWARF_EH_FRAME_H
#define RACETRACK_DWARF_EH_FRAME_H

#include "reader.h"

/* Where records may lie: all of [low, high) can be read. */
struct rt_eh_memory {
	uintptr_t low, high;
};

struct rt_eh_header {
	uintptr_t header;
	uintptr_t frames; /* .eh_frame; 0: not said */
	uint64_t
		count; /* pairs of the table; 0: there is none, or it is not of the form that all linkers write */
	const int32_t *pairs; /* code, FDE: both relative to the header, ascending */
};

/* What is common to many functions. */
struct rt_eh_cie {
	uintptr_t at;
	uint64_t code_align;
	int64_t data_align;
	uint64_t return_register;
	uint8_t encoding;      /* of the FDE's addresses */
	uint8_t lsda_encoding; /* RT_ENCODING_OMIT: there are none */
	bool augmented, signal_frame;
	struct rt_reader program;
};

/* A function, or a part of one. */
struct rt_eh_fde {
	struct rt_eh_cie cie;
	uint64_t start, bytes;
	uintptr_t lsda; /* 0: none */
	struct rt_reader program;
};

RT_HIDDEN bool rt_eh_read_header(struct rt_eh_memory memory, uintptr_t at, struct rt_eh_header *header);

/* The FDE that the header's table has for a pc; 0: none. */
RT_HIDDEN uintptr_t rt_eh_find(const struct rt_eh_header *header, uintptr_t pc);

/* The record at `at`: false for what is no FDE. `fde->cie` is taken for the one that was read last, if it is the same: to
 * begin with, all of it is 0. */
RT_HIDDEN bool rt_eh_read_fde(struct rt_eh_memory memory, uintptr_t at, struct rt_eh_fde *fde);

/* The record after the one at `at`, which may be of any kind; 0: the last. */
RT_HIDDEN uintptr_t rt_eh_next(struct rt_eh_memory memory, uintptr_t at);

#endif
