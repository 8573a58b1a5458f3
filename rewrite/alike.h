/* Loads and stores near each other that may be of the same word: of a static variable, or of a field of the same kind of object.
 * Which object it is shows as the code runs.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ALIKE_H
#define RACETRACK_REWRITE_ALIKE_H

#include "body.h"

enum { RT_ALIKE_FAR = 128 /* instructions between the two */, RT_ALIKE_PLACES = 4 };

/* What a word may be reached by. */
struct rt_alike {
	uint8_t bytes, count;
	struct {
		int64_t displacement;
		bool is_static;
	} places[RT_ALIKE_PLACES];
};

/* A load or a store, or both, of a word that is none of the function's own. */
RT_HIDDEN bool rt_alike_is_word(const struct rt_body *body, const struct rt_insn *insn);
static inline bool rt_alike_is_load(const struct rt_body *body, uint32_t i)
{
	return rt_alike_is_word(body, &body->insns[i]) && !body->insns[i].memory[0].write;
}
static inline bool rt_alike_is_store(const struct rt_body *body, uint32_t i)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	return rt_alike_is_word(body, &body->insns[i]) && memory->write && !memory->read;
}

/* That of the store. */
RT_HIDDEN void rt_alike_begin(struct rt_alike *alike, const struct rt_body *body, uint32_t store);
/* `memory` may be of the same word. */
RT_HIDDEN bool rt_alike_has(const struct rt_alike *alike, const struct rt_memory *memory);

#endif
