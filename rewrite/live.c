#include "live.h"

#include "pads.h"

/* Read by whoever control goes to, once it has left the function. */
static rt_regs_t live_outside(bool flags_leave)
{
	return flags_leave ? RT_LIVE_ALL : RT_REGS_ALL;
}

/* After the instruction, whichever way it goes. */
static rt_regs_t live_after(const struct rt_body *body, uint32_t i, bool flags_leave)
{
	const struct rt_insn *insn = &body->insns[i];
	uint32_t next = body->next[i], target = body->targets[i];
	rt_regs_t through = next == RT_NO_INSN ? RT_LIVE_ALL : body->live[next];
	rt_regs_t there = target == RT_NO_INSN ? RT_LIVE_ALL : body->live[target];
	switch (insn->flow) {
	case RT_FLOW_NEXT:
		return through;
	case RT_FLOW_BRANCH:
	case RT_FLOW_LOOP:
		return through | there;
	case RT_FLOW_JUMP:
		return there;
	case RT_FLOW_CALL:
		return live_outside(flags_leave) | (through & RT_SLOTS_ALL);
	case RT_FLOW_RETURN:
		return live_outside(flags_leave);
	case RT_FLOW_STOP:
		return RT_REGS_ALL; /* the handler of its signal may look */
	default:
		return RT_LIVE_ALL;
	}
}

/* A register is set, not read, and overwritten by an instruction that reads memory: no compiler writes that, but who wants the
 * first value there when the second can't be read, and lets the handler of the fault go on behind the instruction. Up to there
 * it stays. */
static void keep_for_handlers(struct rt_body *body, uint32_t i, rt_regs_t dead)
{
	enum { FAR = 16 };
	rt_regs_t kept = 0;
	uint32_t at = body->next[i];
	for (unsigned far = 0; far < FAR && at != RT_NO_INSN && dead; far++, at = body->next[at]) {
		const struct rt_insn *insn = &body->insns[at];
		if (insn->flow != RT_FLOW_NEXT)
			break;
		kept |= insn->memories ? insn->sets & dead : 0;
		dead &= ~insn->sets;
	}
	for (at = body->next[i]; kept; at = body->next[at]) {
		body->live[at] |= kept;
		kept &= ~body->insns[at].sets;
	}
}

/* ---- exceptions of instructions ---- */

/* What a landing pad may read of the registers that it gets back as they were. */
static rt_regs_t live_at_pad(const struct rt_body *body, uintptr_t pad)
{
	const rt_regs_t saved = 0xf028; /* rbx, rbp, r12 to r15 */
	uint64_t offset = pad - body->module->text.start - body->function->start;
	uint32_t index = offset < body->function->end - body->function->start ? body->index[offset] : 0;
	return index ? body->live[index - 1] & saved : saved;
}

/* The first instruction at or behind an address. */
static uint32_t first_at(const struct rt_body *body, uintptr_t address)
{
	uint32_t low = 0, high = body->count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (body->module->text.start + body->insns[middle].offset < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool keep_for_pad(struct rt_body *body, uint32_t begin, uint32_t end, rt_regs_t live)
{
	bool changed = false;
	for (uint32_t i = begin; i < end; i++) {
		if (!body->insns[i].memories || !(live & ~body->live[i]))
			continue;
		body->live[i] |= live;
		changed = true;
	}
	return changed;
}

/* Handlers of faults may throw (-fnon-call-exceptions, Ada): what a landing pad reads is read by every access that it is there
 * for. True: something was added. */
static bool keep_for_pads(struct rt_body *body)
{
	struct rt_pads pads;
	struct rt_pad pad;
	uint32_t most = body->count;
	bool changed = false;
	if (!body->function->personality_data || !rt_pads_begin(&pads, body->module, body->function))
		return false;
	while (most-- && rt_pads_next(&pads, &pad))
		if (pad.pad)
			changed |= keep_for_pad(body, first_at(body, pad.start), first_at(body, pad.end),
				live_at_pad(body, pad.pad));
	return changed;
}

/* ---- the whole ---- */

/* What nobody behind the instruction can find as it was before. Where flags are handed from function to function, who is called
 * may read them. */
static rt_regs_t hidden_by(const struct rt_insn *insn, bool flags_leave)
{
	return insn->flow == RT_FLOW_CALL && flags_leave ? insn->sets & ~RT_FLAGS_ALL : insn->sets;
}

/* From the end to the beginning. True: something is new that control comes back to. */
static bool flow_back(struct rt_body *body, bool flags_leave)
{
	bool changed = false;
	for (uint32_t i = body->count; i-- > 0;) {
		const struct rt_insn *insn = &body->insns[i];
		rt_regs_t live = body->live[i] | insn->uses |
				 (live_after(body, i, flags_leave) & ~hidden_by(insn, flags_leave));
		changed |= live != body->live[i] && body->marks[i] & RT_MARK_LOOP;
		body->live[i] = live;
	}
	return changed;
}

void rt_live_find(struct rt_body *body, bool flags_leave)
{
	for (uint32_t i = 0; i < body->count; i++)
		body->live[i] = 0;
	do {
		while (flow_back(body, flags_leave))
			;
	} while (keep_for_pads(body));
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		rt_regs_t dead = insn->sets & RT_REGS_ALL & ~live_after(body, i, flags_leave);
		if (dead && insn->flow == RT_FLOW_NEXT)
			keep_for_handlers(body, i, dead);
	}
}

/* A shift by a count in a register, or a repeated comparison: with a count of 0 the flags stay, and so it needs them; it reads
 * nothing for its own sake. */
static bool passes_flags(const struct rt_body *body, const struct rt_insn *insn)
{
	enum { RCL = 2, RCR = 3 };
	const uint8_t *at = body->module->text.code + insn->offset, *end = at + insn->bytes;
	while (at < end && (*at == 0x66 || *at == 0x67 || *at == 0xf2 || *at == 0xf3))
		at++;
	at += at < end && (*at & 0xf0) == 0x40;
	if (end - at < 2)
		return end > at && ((*at & 0xfe) == 0xa6 || (*at & 0xfe) == 0xae);
	unsigned operation = at[1] >> 3 & 7;
	if ((*at & 0xfe) == 0xd2)
		return operation != RCL && operation != RCR;
	return *at == 0x0f && (at[1] == 0xa5 || at[1] == 0xad);
}

static bool is_branched_to(const struct rt_body *body, uint32_t i)
{
	for (uint32_t from = 0; from < body->count; from++)
		if (body->targets[from] == i)
			return true;
	return false;
}

/* Some instruction of the body reads flags that are there before instruction i: not only who control leaves the body for, of
 * whom nothing is known. `depth`: of branches, which are two ways. */
static bool reads_flags(const struct rt_body *body, uint32_t i, rt_regs_t flags, unsigned depth)
{
	enum { FAR = 256, DEEP = 4 };
	for (unsigned far = 0; far < FAR && i != RT_NO_INSN; far++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->uses & flags && !passes_flags(body, insn))
			return true;
		flags &= ~insn->sets;
		if (!flags || !(body->live[i] & RT_FLAGS_ALL))
			return false;
		bool jumps = insn->flow == RT_FLOW_JUMP;
		if (insn->flow == RT_FLOW_LOOP && depth < DEEP && body->targets[i] != RT_NO_INSN &&
			reads_flags(body, body->targets[i], flags, depth + 1))
			return true;
		i = jumps ? body->targets[i] : body->next[i];
	}
	return false;
}

static bool is_read(const struct rt_body *body, uint32_t i)
{
	return body->live[i] & RT_FLAGS_ALL && reads_flags(body, i, RT_FLAGS_ALL, 0);
}

static bool is_padding(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *at = body->module->text.code + insn->offset, *end = at + insn->bytes;
	while (at < end && (*at == 0x66 || *at == 0x2e))
		at++;
	return at < end && (*at == 0x90 || (*at == 0x0f && end - at > 1 && at[1] == 0x1f));
}

/* What follows the call, padding aside, is where a branch leads to: the call is of a function that does not return, and the
 * flags that are read there are the branch's. */
static bool never_returns(const struct rt_body *body, uint32_t i)
{
	while (i != RT_NO_INSN && is_padding(body, &body->insns[i]) && !is_branched_to(body, i))
		i = body->next[i];
	return i == RT_NO_INSN || is_branched_to(body, i);
}

bool rt_live_flags_return(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_RETURN && is_read(body, i) && !never_returns(body, i))
			return true;
	return false;
}

bool rt_live_flags_enter(const struct rt_body *body)
{
	return body->count && is_read(body, 0);
}
