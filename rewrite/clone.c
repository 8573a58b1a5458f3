/* One function's clone: its instructions in their order, each with its checks in front, and the places where it is
 * entered. Calls run in place, so that every return address on a stack is one of the original's. */
#include "unit.h"

#include "bound.h"
#include "chosen.h"
#include "claim.h"
#include "flag.h"
#include "futexes.h"
#include "glance.h"
#include "hazard.h"
#include "linked.h"
#include "bits.h"
#include "named.h"
#include "once.h"
#include "ordered.h"
#include "ring.h"
#include "still.h"
#include "unrolled.h"
#include "validated.h"
#include "vptr.h"
#include "wait.h"

#include "shadow/engine.h"

enum { BYTES_PER_INSN = 96, SHORT = 5 };

/* ---- instructions ---- */

/* A jump inside the clone whose target may not be written yet. */
struct pending {
	uint8_t *end; /* of its distance */
	uint32_t target;
};

struct work {
	struct rt_unit *unit;
	struct rt_emitter *emitter;
	const struct rt_body *body;
	RT_LIST(struct pending) pending;
	bool failed;    /* no memory */
	bool unmovable; /* an instruction that can't be copied there */
	bool settle;    /* the next instruction is to be one that can be entered */
};

static uintptr_t original(const struct work *work, uint32_t offset)
{
	return work->body->module->text.start + offset;
}

/* A jump to the clone of a place in the text, or, as long as there is none, to the place itself. */
static void jump_to(struct work *work, unsigned condition, uint32_t index, uint32_t offset)
{
	struct rt_assembler *code = &work->emitter->code;
	rt_asm_jump(code, condition, original(work, offset));
	if (index != RT_NO_INSN) {
		struct pending *pending = rt_list_add(&work->pending);
		if (pending)
			*pending = (struct pending){code->at, index};
		work->failed |= !pending;
	} else {
		struct rt_link *link = rt_list_add(&work->unit->links);
		if (link)
			*link = (struct rt_link){rt_asm_here(code) - 4, offset};
		work->failed |= !link;
	}
}

static void copy(struct work *work, const struct rt_insn *insn)
{
	struct rt_assembler *code = &work->emitter->code;
	uint8_t bytes[16];
	rt_bytes_copy_few(bytes, work->body->module->text.code + insn->offset, insn->bytes);
	if (insn->pc_relative) {
		int64_t moved = rt_word_get(bytes + insn->pc_relative) +
				(int64_t)(original(work, insn->offset) - rt_asm_here(code));
		work->unmovable |= moved != (int32_t)moved;
		rt_word_put(bytes + insn->pc_relative, (int32_t)moved);
	}
	rt_asm_bytes(code, bytes, insn->bytes);
	if (insn->pc_relative)
		rt_asm_moved(code, RT_MOVE_DISTANCE, insn->bytes - insn->pc_relative);
}

/* What follows in the clone belongs to the instruction at `offset`, or to the way there. */
static void note(struct work *work, uint32_t offset)
{
	struct rt_emitter *emitter = work->emitter;
	rt_map_add(
		emitter->map, (uint32_t)(emitter->code.at - emitter->code.begin), offset, emitter->borrowed);
}

/* There is none with a distance of 4 bytes: it jumps over a jump that jumps over one. */
static void copy_loop(struct work *work, const struct rt_insn *insn, uint32_t target)
{
	static const uint8_t over[] = {0xeb, 5};
	struct rt_assembler *code = &work->emitter->code;
	rt_asm_bytes(code, work->body->module->text.code + insn->offset, insn->bytes - 1u);
	rt_asm_byte(code, sizeof(over));
	note(work, insn->offset + insn->bytes);
	rt_asm_bytes(code, over, sizeof(over));
	note(work, (uint32_t)insn->target);
	jump_to(work, RT_CONDITION_ALWAYS, target, (uint32_t)insn->target);
}

static void note_call(struct work *work, const struct rt_insn *insn)
{
	if (insn->bytes != 5 || insn->target < 0)
		return;
	struct rt_call *call = rt_list_add(&work->unit->calls);
	if (call)
		*call = (struct rt_call){insn->offset, (uint32_t)insn->target};
	work->failed |= !call;
}

/* Of a branch that leaves the text, for another segment of code: to where. Its distance is its last 4 bytes. */
static void write_far(struct work *work, const struct rt_insn *insn)
{
	int32_t distance =
		rt_word_get(work->body->module->text.code + insn->offset + insn->bytes - sizeof(distance));
	uintptr_t target = original(work, insn->offset) + insn->bytes + (uintptr_t)(intptr_t)distance;
	intptr_t moved = (intptr_t)(target - rt_asm_here(&work->emitter->code));
	work->unmovable |= insn->bytes < 5 || moved - 16 != (int32_t)(moved - 16);
	rt_asm_jump(&work->emitter->code,
		insn->flow == RT_FLOW_JUMP ? (unsigned)RT_CONDITION_ALWAYS : insn->condition, target);
}

static void write_insn(struct work *work, uint32_t i)
{
	const struct rt_insn *insn = &work->body->insns[i];
	uint32_t target = work->body->targets[i];
	if (insn->target == RT_FAR_TARGET && insn->flow != RT_FLOW_CALL) {
		work->unmovable |= insn->flow == RT_FLOW_LOOP;
		write_far(work, insn);
		return;
	}
	switch (insn->flow) {
	case RT_FLOW_BRANCH:
	case RT_FLOW_JUMP:
		jump_to(work, insn->flow == RT_FLOW_JUMP ? (unsigned)RT_CONDITION_ALWAYS : insn->condition,
			target, (uint32_t)insn->target);
		break;
	case RT_FLOW_LOOP:
		copy_loop(work, insn, target);
		break;
	case RT_FLOW_CALL:
		rt_asm_jump(&work->emitter->code, RT_CONDITION_ALWAYS, original(work, insn->offset));
		note_call(work, insn);
		break;
	default:
		if (!insn->is_nop)
			copy(work, insn);
	}
}

/* ---- the whole ---- */

static bool flows_into(const struct rt_body *body, uint32_t i)
{
	return i && body->next[i - 1] == i && body->insns[i - 1].flow != RT_FLOW_CALL;
}

static bool is_clean(const struct rt_emitter *emitter)
{
	return !emitter->borrowed.registers && !emitter->borrowed.flags;
}

/* What follows is not in the clone. Behind traps the program goes on, when the handler of their signal returns. */
static bool runs_out(const struct rt_body *body, uint32_t i)
{
	enum { INT3 = 0xcc, INT1 = 0xf1 };
	const struct rt_insn *insn = &body->insns[i];
	uint8_t code = body->module->text.code[insn->offset];
	if (body->next[i] != RT_NO_INSN)
		return false;
	return insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH || insn->flow == RT_FLOW_LOOP ||
	       (insn->flow == RT_FLOW_STOP && (code == INT3 || code == INT1));
}

static void write_one(struct work *work, uint32_t i)
{
	struct rt_emitter *emitter = work->emitter;
	const struct rt_body *body = work->body;
	const struct rt_insn *insn = &body->insns[i];
	bool leader = body->marks[i] & RT_MARK_LEADER;
	note(work, insn->offset);
	if (leader || !flows_into(body, i) || work->settle) {
		rt_check_settle(emitter, flows_into(body, i) ? body->live[i] : 0, insn->offset);
		work->settle = false;
	}
	work->unit->labels[i] = is_clean(emitter) ? rt_asm_here(&emitter->code) : 0;
	note(work, insn->offset);
	if (body->marks[i] & RT_MARK_ARMS)
		rt_frame_arm(emitter, i);
	if (rt_check_is_atomic(body, i)) {
		rt_check_emit_atomic(emitter, i);
	} else {
		rt_check_emit(emitter, i);
		if (insn->prefetches)
			rt_check_emit_prefetch(emitter, i);
		rt_check_prepare(emitter, i);
		write_insn(work, i);
	}
	work->settle = insn->bytes < SHORT && body->marks[i] & (RT_MARK_CHECKED | RT_MARK_ARMS);
	if (runs_out(body, i)) {
		uint32_t after = insn->offset + insn->bytes;
		note(work, after);
		rt_check_settle(emitter, RT_LIVE_ALL, after);
		jump_to(work, RT_CONDITION_ALWAYS, RT_NO_INSN, after);
	}
}

static bool write_all(struct work *work)
{
	struct rt_emitter *emitter = work->emitter;
	const struct rt_body *body = work->body;
	work->settle = false;
	for (uint32_t i = 0; i < body->count; i++)
		write_one(work, i);
	rt_check_emit_slow(emitter);
	work->unmovable |= emitter->no_atomic;
	for (uint32_t i = 0; i < work->pending.count; i++) {
		const struct pending *pending = &work->pending.at[i];
		rt_asm_lead(&emitter->code, pending->end, work->unit->labels[pending->target]);
	}
	return !emitter->code.full && !work->failed && !work->unmovable && !emitter->no_memory &&
	       !emitter->map->no_memory;
}

static void count_accesses(struct rt_unit *unit, bool cloned)
{
	const struct rt_body *body = &unit->body;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		for (unsigned n = 0; n < insn->memories; n++) {
			enum rt_skip skip = rt_check_skips(body, i, &insn->memory[n]);
			if (skip)
				unit->coverage.skipped[skip]++;
			else if (cloned)
				unit->coverage.checked++;
			else
				unit->coverage.skipped[RT_SKIP_UNDECODED]++;
		}
	}
}

static bool make_room(struct rt_unit *unit)
{
	const struct rt_body *body = &unit->body;
	if (body->count > unit->label_room) {
		rt_free(unit->labels, unit->label_room * sizeof(*unit->labels));
		unit->labels = rt_alloc(body->room * sizeof(*unit->labels));
		unit->label_room = unit->labels ? body->room : 0;
	}
	return unit->labels;
}

/* Writes the clone into `bytes` of room at `run`. False: it does not fit, or something failed. */
static bool write_at(struct rt_unit *unit, struct work *work, uintptr_t run, size_t bytes)
{
	struct rt_emitter *emitter = &unit->emitter;
	*work = (struct work){.unit = unit, .emitter = emitter, .body = &unit->body};
	emitter->body = &unit->body;
	emitter->map = &unit->map;
	emitter->borrowed = (struct rt_borrowed){0, false};
	emitter->checked_count = emitter->slow.count = 0;
	emitter->no_atomic = false;
	emitter->orders_only = unit->hooked && !unit->hooks.has_atomics;
	rt_frame_begin(&emitter->frames);
	uint8_t *to = rt_arena_at(unit->arena, run);
	emitter->code =
		(struct rt_assembler){to, to, to + bytes, run, false, unit->is_cached ? &unit->moves : NULL};
	rt_map_begin(&unit->map, unit->body.function->start);
	bool done = write_all(work);
	rt_list_fini(&work->pending);
	return done;
}

static bool keep(struct rt_unit *unit, uintptr_t run)
{
	struct rt_clone *clone = rt_list_add(&unit->clones);
	if (!clone)
		return false;
	*clone = (struct rt_clone){.start = unit->body.function->start,
		.end = unit->body.function->end,
		.bytes = (uint32_t)(unit->emitter.code.at - unit->emitter.code.begin),
		.code = run};
	rt_arena_trim(unit->arena, run, clone->bytes);
	unit->coverage.clone_bytes += clone->bytes;
	return rt_map_end(&unit->map, &clone->map);
}

/* What is known of the body's instructions before any is written. */
static void mark_body(struct rt_unit *unit)
{
	struct rt_body *body = &unit->body;
	uint32_t function = (uint32_t)(body->function - unit->module.functions);
	rt_live_find(body, unit->flags_leave);
	rt_wait_find(body);
	rt_unrolled_find(body);
	rt_chosen_find(body);
	rt_vptr_find(body);
	rt_lanes_find(&unit->lanes, body);
	if (rt_named_is(unit->named, &unit->module, function, RT_NAMED_ATOMIC))
		rt_named_mark(body);
	rt_ordered_find(body);
	struct rt_body *view = rt_lift(&unit->lifted, body, unit->flags_leave);
	rt_still_find(view);
	rt_bound_find(view);
	rt_futexes_find(view);
	rt_claim_find(view);
	rt_validated_find(view);
	rt_hazard_find(view);
	rt_linked_find(view);
	rt_once_find(view);
	rt_ring_find(view);
	rt_flag_find(view);
	rt_glance_find(view);
	rt_lift_back(&unit->lifted, view, body);
}

/* With as much room as it takes. */
static enum rt_unit_result write_whole(struct rt_unit *unit)
{
	struct work work;
	uint32_t links = unit->links.count, calls = unit->calls.count, moves = unit->moves.count;
	for (size_t bytes = (size_t)unit->body.count * BYTES_PER_INSN + 4096;; bytes *= 2) {
		uintptr_t run = rt_arena_code(unit->arena, bytes);
		if (!run || !make_room(unit))
			return RT_UNIT_NO_ROOM;
		if (!unit->clones.count)
			unit->moves.from = run;
		if (write_at(unit, &work, run, bytes)) {
			count_accesses(unit, true);
			unit->coverage.cloned++;
			return keep(unit, run) && rt_sites_add(unit) ? RT_UNIT_DONE : RT_UNIT_NO_ROOM;
		}
		rt_arena_trim(unit->arena, run, 0);
		unit->links.count = links;
		unit->calls.count = calls;
		unit->moves.count = moves;
		if (work.failed || unit->emitter.no_memory || unit->map.no_memory)
			return RT_UNIT_NO_ROOM;
		if (work.unmovable) {
			unit->coverage.bad++;
			count_accesses(unit, false);
			return RT_UNIT_DONE;
		}
	}
}

enum rt_unit_result rt_clone_write(struct rt_unit *unit)
{
	const struct rt_body *body = &unit->body;
	unit->coverage.unreached_bytes += body->unreached;
	if (unit->hooked && !rt_told_find(&unit->hooks, &unit->own_frame, &unit->body)) {
		count_accesses(unit, true);
		return RT_UNIT_DONE;
	}
	mark_body(unit);
	if (!rt_waited_find(unit))
		return RT_UNIT_NO_ROOM;
	if (!unit->flags_leave && rt_live_flags_return(body))
		return RT_UNIT_AGAIN;
	if (!unit->flags_leave && rt_live_flags_enter(body)) {
		uint32_t *start = rt_list_add(&unit->takes_flags);
		if (!start)
			return RT_UNIT_NO_ROOM;
		*start = body->function->start;
	}
	if (!rt_check_mark(&unit->body)) {
		count_accesses(unit, true);
		return RT_UNIT_DONE;
	}
	rt_frame_mark(&unit->emitter.frames, &unit->body);
	return write_whole(unit);
}

const struct rt_clone *rt_clone_at(const struct rt_unit *unit, uintptr_t code)
{
	uint32_t low = 0, high = unit->clones.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (unit->clones.at[middle].code <= code)
			low = middle + 1;
		else
			high = middle;
	}
	const struct rt_clone *clone = low ? &unit->clones.at[low - 1] : NULL;
	return clone && code < clone->code + clone->bytes ? clone : NULL;
}

const struct rt_clone *rt_clone_of(const struct rt_unit *unit, uint32_t offset)
{
	uint32_t low = 0, high = unit->clones.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (unit->clones.at[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	const struct rt_clone *clone = low ? &unit->clones.at[low - 1] : NULL;
	return clone && offset < clone->end ? clone : NULL;
}
