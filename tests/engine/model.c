/* The model. Where it does not say what C11 says, it copies a rule of the engine:
 *
 * SEVERAL HEADS  When releases of several threads stand behind a value, a store that is no release ends the sequences of
 *                them all; C11 has those of the storing thread go on. (C++20 ends them, too.)
 * ALONE          While there is one thread, atomic operations and fences change nothing that is remembered. All that it
 *                did by then happens before all that other threads do later, so nothing can be told from it but SEVERAL
 *                HEADS.
 * BY ADDRESS     An atomic object is its first byte: operations of other sizes there are on the same object, those on its
 *                other bytes are on other objects, and it lives until that byte's memory is fresh. C11 has no such
 *                programs.
 * PLAIN WRITES   leave the value. By C11 they end it; but unless they race, with a release before them or with the read
 *                after them, the reader is ordered after the release all the same.
 * CONSUME        is acquire.
 * TAKEN AGAIN    A thread that takes a lock that nobody has had since it let go has let go for nobody: what it did before that and
 *                what it does after are as of one epoch. */
#include "model.h"

#include <stddef.h>
#include <string.h>

static void join_clock(struct model_clock *to, const struct model_clock *from)
{
	for (unsigned i = 0; i < IDS; i++)
		to->time[i] = from->time[i] > to->time[i] ? from->time[i] : to->time[i];
}

void model_start(struct model *model)
{
	memset(model, 0, offsetof(struct model, history));
	for (unsigned b = 0; b < BYTES; b++)
		model->history[b].count = model->value[b].count = 0;
	for (unsigned o = 0; o < OBJECTS; o++)
		model->owner[o] = -1;
	model->live[0] = true;
}

/* ---- accesses ---- */

/* 5.1.2.4p4 and p25: they conflict, at least one is not atomic, and neither happens before the other. */
static bool races(
	const struct model_access *old, const struct model_access *new, const struct model_clock *clock)
{
	return (old->write || new->write) && !(old->atomic && new->atomic) &&
	       old->time > clock->time[old->id];
}

static bool repeats(const struct model *model, const struct model_access *old, const struct model_access *new)
{
	if (old->id != new->id || (new->write && !old->write) || (old->atomic && !new->atomic))
		return false;
	for (unsigned epoch = old->epoch; epoch < new->epoch; epoch++)
		if (!model->for_nobody[old->id][epoch])
			return false;
	return true;
}

static enum verdict touch_byte(const struct model *model, struct model_history *history,
	const struct model_access *new, const struct model_clock *clock)
{
	bool raced = false, repeated = false;
	for (unsigned i = 0; i < history->count; i++) {
		raced |= races(&history->accesses[i], new, clock);
		repeated |= repeats(model, &history->accesses[i], new);
	}
	history->accesses[history->count++] = *new;
	return !raced ? NO_RACE : repeated ? MAY_SAY_RACE : MUST_SAY_RACE;
}

static enum verdict touch(struct model *model, const struct step *step, bool write)
{
	unsigned t = step->thread, id = model->id[t];
	enum verdict worst = NO_RACE;
	const struct model_access access = {.id = id,
		.time = ++model->clock[t].time[id],
		.epoch = model->epoch[t],
		.write = write,
		.atomic = step_is_atomic(step)};
	for (unsigned b = step->offset; b < step->offset + step->bytes; b++) {
		enum verdict verdict = touch_byte(model, &model->history[b], &access, &model->clock[t]);
		worst = verdict > worst ? verdict : worst;
	}
	return worst;
}

/* ---- atomic operations ---- */

/* 7.17.3p3 to p5, 7.17.4.1p2 */
static bool acquires(memory_order order)
{
	return order == memory_order_acquire || order == memory_order_consume ||
	       order == memory_order_acq_rel || order == memory_order_seq_cst;
}

static bool releases(memory_order order)
{
	return order == memory_order_release || order == memory_order_acq_rel ||
	       order == memory_order_seq_cst;
}

static bool is_alone(const struct model *model)
{
	for (unsigned t = 1; t < THREADS; t++)
		if (model->live[t])
			return false;
	return true;
}

/* An acquire operation synchronizes with the heads of the sequences that it reads from (5.1.2.4p11); a read that is none
 * makes an acquire fence after it do so (7.17.4p2 and p4). */
static void read_value(struct model *model, const struct step *step, memory_order order)
{
	struct model_value *value = &model->value[step->offset];
	struct model_clock *into = acquires(order) ? &model->clock[step->thread] : &model->seen[step->thread];
	for (unsigned i = 0; i < value->count; i++)
		join_clock(into, &value->heads[i].clock);
}

static bool has_several_heads(const struct model_value *value)
{
	for (unsigned i = 1; i < value->count; i++)
		if (value->heads[i].id != value->heads[0].id)
			return true;
	return false;
}

/* A store ends the release sequences of other threads; its own thread's go on (5.1.2.4p10). */
static void end_sequences(struct model_value *value, unsigned id, bool release)
{
	unsigned kept = 0;
	if (!release && has_several_heads(value)) /* SEVERAL HEADS */
		value->count = 0;
	for (unsigned i = 0; i < value->count; i++)
		if (value->heads[i].id == id)
			value->heads[kept++] = value->heads[i];
	value->count = kept;
}

/* A release heads a sequence; after a release fence everything does, for what was before the fence (7.17.4p2 and p3). */
static void write_value(struct model *model, const struct step *step)
{
	unsigned t = step->thread;
	struct model_value *value = &model->value[step->offset];
	bool release = releases(step->order);
	if (step->kind == ATOMIC_STORE)
		end_sequences(value, model->id[t], release);
	if (release || model->fenced[t])
		value->heads[value->count++] =
			(struct model_head){model->id[t], release ? model->clock[t] : model->published[t]};
	model->epoch[t] += release;
}

static enum verdict do_atomic(struct model *model, const struct step *step)
{
	bool reads = step->kind != ATOMIC_STORE;
	bool writes = step->kind == ATOMIC_STORE || step->kind == ATOMIC_CHANGE;
	bool alone = is_alone(model); /* ALONE */
	if (reads && !alone)
		read_value(model, step, step->kind == ATOMIC_FAIL ? step->failure : step->order);
	enum verdict verdict = touch(model, step, writes);
	if (writes && !alone)
		write_value(model, step);
	return verdict;
}

static void do_fence(struct model *model, const struct step *step)
{
	unsigned t = step->thread;
	if (is_alone(model)) /* ALONE */
		return;
	if (acquires(step->order))
		join_clock(&model->clock[t], &model->seen[t]);
	if (releases(step->order)) {
		model->published[t] = model->clock[t];
		model->fenced[t] = true;
		model->epoch[t]++;
	}
}

/* ---- locks, threads, memory ---- */

bool model_allows(const struct model *model, const struct step *step)
{
	unsigned t = step->thread, o = step->object;
	if (!model->live[t])
		return false;
	switch (step->kind) {
	case LOCK:
		return model->owner[o] < 0 && !model->readers[o];
	case LOCK_SHARED:
		return model->owner[o] < 0 && !model->reader[o][t];
	case UNLOCK:
		return model->owner[o] == (int)t || model->reader[o][t];
	case CREATE:
		return o != 0 && !model->live[o];
	case JOIN:
		if (o == 0 || o == t || !model->live[o])
			return false;
		for (unsigned i = 0; i < OBJECTS; i++)
			if (model->owner[i] == (int)o || model->reader[i][o])
				return false;
		return true;
	default:
		return true;
	}
}

/* TAKEN AGAIN */
static void take(struct model *model, unsigned t, struct model_release *release)
{
	if (release->is && release->id == model->id[t])
		model->for_nobody[release->id][release->epoch] = true;
	release->is = false;
}

static void lock(struct model *model, unsigned t, unsigned o)
{
	model->owner[o] = (int)t;
	join_clock(&model->clock[t], &model->object[o]);
	join_clock(&model->clock[t], &model->shared[o]);
	take(model, t, &model->released[o]);
	take(model, t, &model->released_shared[o]);
}

static void lock_shared(struct model *model, unsigned t, unsigned o)
{
	model->reader[o][t] = true;
	model->readers[o]++;
	join_clock(&model->clock[t], &model->object[o]);
	if (model->released[o].id != model->id[t])
		model->released[o].is = false;
	if (model->released_shared[o].id == model->id[t])
		take(model, t, &model->released_shared[o]);
}

static void unlock(struct model *model, unsigned t, unsigned o)
{
	const struct model_release release = {true, model->id[t], model->epoch[t]};
	if (model->owner[o] == (int)t) {
		model->owner[o] = -1;
		model->released[o] = release;
		join_clock(&model->object[o], &model->clock[t]);
	} else {
		model->released_shared[o] = release;
		model->reader[o][t] = false;
		model->readers[o]--;
		join_clock(&model->shared[o], &model->clock[t]);
	}
	model->epoch[t]++;
}

static void create(struct model *model, unsigned t, unsigned child)
{
	model->live[child] = true;
	model->id[child] = ++model->ids;
	model->clock[child] = model->clock[t];
	model->seen[child] = (struct model_clock){0};
	model->fenced[child] = false;
	model->epoch[t]++;
}

enum verdict model_step(struct model *model, const struct step *step)
{
	unsigned t = step->thread, o = step->object;
	switch (step->kind) {
	case ACCESS:
		return touch(model, step, step->write);
	case ATOMIC_LOAD:
	case ATOMIC_STORE:
	case ATOMIC_CHANGE:
	case ATOMIC_FAIL:
		return do_atomic(model, step);
	case FENCE:
		do_fence(model, step);
		break;
	case LOCK:
		lock(model, t, o);
		break;
	case LOCK_SHARED:
		lock_shared(model, t, o);
		break;
	case UNLOCK:
		unlock(model, t, o);
		break;
	case POST:
		join_clock(&model->posted[o], &model->clock[t]);
		model->epoch[t]++;
		break;
	case WAIT:
		join_clock(&model->clock[t], &model->posted[o]);
		break;
	case CREATE:
		create(model, t, o);
		break;
	case JOIN:
		model->live[o] = false;
		join_clock(&model->clock[t], &model->clock[o]);
		break;
	case FRESH:
		for (unsigned b = step->offset; b < step->offset + step->bytes; b++)
			model->history[b].count = model->value[b].count = 0;
		break;
	}
	return NO_RACE;
}
