/* What becomes of the bytes of vector registers in one instruction: which bytes of what it reads a byte of its result comes from.
 *
 * Who may include it: rewrite/lanes.c, tests. One thread at a time. Sources: Intel 64 and IA-32 Architectures Software Developer's
 * Manual, volume 2. */
#ifndef RACETRACK_REWRITE_VECTOR_H
#define RACETRACK_REWRITE_VECTOR_H

#include "code.h"

enum {
	RT_VECTORS = 16,      /* registers that are followed, by their lowest bytes: */
	RT_VECTOR_BYTES = 32, /* a bit of a mask for each */
	RT_VECTOR_SOURCES = 3,
	RT_VECTOR_NONE = 0xff,
	RT_VECTOR_MEMORY = 0xfe,
	RT_VECTOR_SIGN = 0x40, /* eight times the byte's highest bit, in place of the byte */
};
#define RT_VECTOR_ALL UINT32_MAX

/* What an instruction does by a source whose bytes are known before it runs. */
enum rt_vector_role {
	RT_VECTOR_PLAIN,
	RT_VECTOR_AND,  /* the other source's bytes count where it is not 0 */
	RT_VECTOR_NOT,  /* source 0, where it is not all ones */
	RT_VECTOR_PICK, /* it says which 16 bytes of source 0 are taken: pshufb */
	RT_VECTOR_BLEND, /* source 2: the highest bit of each element is set where source 1 is taken, and not 0 */
	RT_VECTOR_PERMUTE, /* likewise which words of 4 bytes of source 1; it is source 0: vpermd */
};

struct rt_vector {
	uint8_t to;             /* the register with the result; RT_VECTOR_NONE: it is no vector */
	uint8_t count;          /* of sources */
	uint8_t lane;           /* bytes of a source that depend on each other come in groups of so many */
	uint8_t role;           /* enum rt_vector_role */
	bool carries;           /* but only on those that are lower in the group */
	bool always;            /* what is read counts whatever becomes of the result */
	bool everything;        /* all registers are read */
	bool is_other;          /* it may write other registers, too */
	bool is_used, was_used; /* while lanes.c looks: somebody looks at its result */
	uint32_t written;       /* bytes of `to` that are overwritten */
	uint8_t from[RT_VECTOR_SOURCES];
	uint32_t counts[RT_VECTOR_SOURCES]; /* bytes of a source that may count at all */
	int8_t byte[RT_VECTOR_SOURCES]
		   [RT_VECTOR_BYTES]; /* of each byte of the result: the source's; -1: none */
};

/* It may read or write a vector register: a look at the opcode; false: certainly not. */
RT_HIDDEN bool rt_vector_may_be(const uint8_t *code, unsigned bytes);
/* Likewise it may leave away some bytes of what it reads. */
RT_HIDDEN bool rt_vector_may_drop(const uint8_t *code, unsigned bytes);
/* False: it has nothing to do with them. */
RT_HIDDEN bool rt_vector_read(const uint8_t *code, unsigned bytes, struct rt_vector *vector);
/* A source's bytes are known: as many as the result has, or more. */
RT_HIDDEN void rt_vector_learn(
	struct rt_vector *vector, unsigned source, const uint8_t known[RT_VECTOR_BYTES]);
/* The bytes of a source that these bytes of the result come from. */
RT_HIDDEN uint32_t rt_vector_needs(const struct rt_vector *vector, unsigned source, uint32_t wanted);

#endif
