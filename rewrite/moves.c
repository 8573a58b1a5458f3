#include "moves.h"

#include "bytes.h"
#include "unit.h"
#include "shadow/engine.h"
#include "shadow/hot.h"

enum { DISTANCE_BYTES = 4, CELL_BYTES = 8 };

static uint32_t bytes_of(uint32_t move)
{
	return (move & 1) == RT_MOVE_CELL ? CELL_BYTES : DISTANCE_BYTES;
}

static bool is_inside(uint32_t move, uint32_t bytes)
{
	return bytes >= bytes_of(move) && move >> 1 <= bytes - bytes_of(move);
}

void rt_moves_add(struct rt_moves *moves, uintptr_t address, enum rt_move kind)
{
	uint64_t place = address - moves->from;
	uint32_t *move = place <= INT32_MAX ? rt_list_add(moves) : NULL;
	if (move)
		*move = (uint32_t)place << 1 | kind;
	moves->failed |= !move;
}

void rt_moves_drop_inner(struct rt_moves *moves, const uint8_t *code, uint32_t bytes)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < moves->count; i++) {
		uint32_t move = moves->at[i], place = move >> 1;
		bool is_distance = (move & 1) == RT_MOVE_DISTANCE && is_inside(move, bytes);
		int64_t to = is_distance ? (int64_t)place + DISTANCE_BYTES + rt_word_get(code + place) : -1;
		if (to < 0 || to >= bytes)
			moves->at[kept++] = move;
	}
	moves->count = kept;
}

static bool move_distance(uint8_t *field, intptr_t by)
{
	int64_t distance = (int64_t)rt_word_get(field) + by;
	rt_word_put(field, (int32_t)distance);
	return distance == (int32_t)distance;
}

/* Twice the address of the granule, within what the shadow covers. */
static void move_cell(uint8_t *field, intptr_t by)
{
	const uint64_t mask = ((uint64_t)1 << RT_HOT_WINDOW_LOG) - 1;
	uint64_t cell;
	rt_bytes_copy_few(&cell, field, sizeof(cell));
	cell = (((cell >> 1) + (uint64_t)by) & mask) << 1;
	rt_bytes_copy_few(field, &cell, sizeof(cell));
}

bool rt_moves_apply(
	const struct rt_moves *moves, uint8_t *code, uint32_t bytes, intptr_t clones, intptr_t module)
{
	bool fits = true;
	for (uint32_t i = 0; i < moves->count; i++) {
		uint32_t move = moves->at[i];
		if (!is_inside(move, bytes))
			return false;
		if ((move & 1) == RT_MOVE_CELL)
			move_cell(code + (move >> 1), module);
		else
			fits &= move_distance(code + (move >> 1), module - clones);
	}
	return fits;
}
