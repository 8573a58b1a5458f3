/* Places in clones that depend on where the module and the clones are: what has to change when clones that were written in one
 * process are used in another.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_MOVES_H
#define RACETRACK_REWRITE_MOVES_H

#include "shadow/base.h"

enum rt_move {
	RT_MOVE_DISTANCE, /* 4 bytes: a distance from there to somewhere in the module */
	RT_MOVE_CELL, /* 8 bytes: of a place in the module, where its cells are, see rt_asm_constant's callers */
};

struct rt_moves {
	uint32_t *
		at; /* a place, counted from the first clone, shifted left by one; enum rt_move in the lowest bit */
	uint32_t count, room;
	uintptr_t from; /* the address that places are counted from */
	bool failed;    /* no memory: the list lacks some */
};

RT_HIDDEN void rt_moves_add(struct rt_moves *moves, uintptr_t address, enum rt_move kind);
/* Drops distances that end up within the `bytes` of clones at `code`, which move together. */
RT_HIDDEN void rt_moves_drop_inner(struct rt_moves *moves, const uint8_t *code, uint32_t bytes);
/* The clones in `code` are further up by `clones`, the module by `module`. False: not all of the places are in the clones, or
 * something is out of reach then; nothing of the code is any good. */
RT_HIDDEN bool rt_moves_apply(
	const struct rt_moves *moves, uint8_t *code, uint32_t bytes, intptr_t clones, intptr_t module);

#endif
