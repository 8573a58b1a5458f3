/* One instruction while its rt_vector is made of what Zydis says of it.
 *
 * Who may include it: rewrite/vector.c, rewrite/vector_rows.c. */
#ifndef RACETRACK_REWRITE_VECTOR_READER_H
#define RACETRACK_REWRITE_VECTOR_READER_H

#include "describe.h"
#include "vector.h"

enum {
	RT_VECTOR_HALF = 16,    /* bytes that most instructions keep apart */
	RT_VECTOR_NO_BYTE = -1, /* of the result: it comes from no source */
};

struct rt_vector_reader {
	const ZydisDecodedOperand
		*operands[RT_VECTOR_SOURCES + 1]; /* that are no immediates; the first is the result */
	unsigned count;
	unsigned bytes; /* of the result, or of what is read where that is larger */
	uint8_t immediate;
	bool has_immediate;
	unsigned element, variant; /* of the row */
	struct rt_vector
		*vector; /* its result is filled in, and that each byte depends on no other in its source */
};

/* A row of vectors.def. */
struct rt_vector_row {
	void (*read)(struct rt_vector_reader *reader); /* NULL: there is none */
	uint8_t element, variant;
};
RT_HIDDEN struct rt_vector_row rt_vector_row(ZydisMnemonic mnemonic);

/* The operand's number among the registers that are followed; RT_VECTOR_NONE: it is none of them. */
RT_HIDDEN uint8_t rt_vector_followed(const ZydisDecodedOperand *operand);

#endif
