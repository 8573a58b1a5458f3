/* Where a clone is entered from the original, and what may make room for that. */
#include "unit.h"

enum { VICTIM_BYTES = 5, DETOUR_BLOCKS = 4 };

static bool has_checks(const struct rt_body *body, uint32_t i)
{
	return body->marks[i] & RT_MARK_CHECKED;
}

static bool orders(const struct rt_body *body, uint32_t i)
{
	const uint32_t marks = RT_MARK_WAITS | RT_MARK_FLAG | RT_MARK_ONCE | RT_MARK_RING | RT_MARK_GLANCE;
	return body->insns[i].is_locked || body->marks[i] & marks;
}

static bool add_site(struct rt_unit *unit, struct rt_entry *entry, uint32_t i, uintptr_t clone)
{
	const struct rt_insn *insn = &unit->body.insns[i];
	struct rt_patch_site *site = rt_list_add(&unit->sites);
	if (!site)
		return false;
	*site = (struct rt_patch_site){insn->offset, insn->bytes, insn->flow == RT_FLOW_CALL, clone};
	entry->site_count++;
	return true;
}

/* The sites of the entry at instruction i: up to the first that has a check or arms the frame, and the one after it. No entry
 * where nothing is done before control leaves for a place that is entered anew. */
static bool add_entry(struct rt_unit *unit, uint32_t i, bool is_detour)
{
	const struct rt_body *body = &unit->body;
	struct rt_entry entry = {
		.first_site = unit->sites.count, .is_detour = is_detour, .hint.level = RT_PATCH_SEARCH};
	for (uint32_t at = i;; at = body->next[at]) {
		const struct rt_insn *insn = &body->insns[at];
		bool checked = has_checks(body, at) || body->marks[at] & RT_MARK_ARMS;
		bool leaves = insn->flow == RT_FLOW_CALL || insn->flow == RT_FLOW_RETURN ||
			      insn->flow == RT_FLOW_INDIRECT || insn->flow == RT_FLOW_STOP;
		if (leaves && !checked) {
			unit->sites.count = entry.first_site;
			return true;
		}
		if (!add_site(unit, &entry, at, unit->labels[at]))
			return false;
		uint32_t next = body->next[at];
		bool ends = checked || insn->flow != RT_FLOW_NEXT || next == RT_NO_INSN ||
			    body->marks[next] & RT_MARK_LEADER || entry.site_count > 64;
		if (!ends)
			continue;
		if (next != RT_NO_INSN && !add_site(unit, &entry, next, unit->labels[next]))
			return false;
		if (next == RT_NO_INSN) { /* nothing to evict */
			struct rt_patch_site *none = rt_list_add(&unit->sites);
			if (!none)
				return false;
			*none = (struct rt_patch_site){.offset = insn->offset + insn->bytes};
			entry.site_count++;
		}
		break;
	}
	for (uint32_t at = i; at != RT_NO_INSN; at = body->next[at]) {
		if (at != i && body->marks[at] & RT_MARK_LEADER)
			break;
		entry.accesses += has_checks(body, at);
		entry.orders |= orders(body, at);
	}
	struct rt_entry *place = rt_list_add(&unit->entries);
	if (place)
		*place = entry;
	return place;
}

/* Long instructions, which have room for another jump than their own. */
static bool add_victims(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->body.count; i++) {
		const struct rt_insn *insn = &unit->body.insns[i];
		if (insn->bytes < VICTIM_BYTES || insn->flow == RT_FLOW_CALL || !unit->labels[i])
			continue;
		struct rt_patch_site *victim = rt_list_add(&unit->victims);
		if (!victim)
			return false;
		*victim = (struct rt_patch_site){insn->offset, insn->bytes, false, unit->labels[i]};
	}
	return true;
}

/* The last instruction of the block that begins with i. */
static uint32_t block_end(const struct rt_body *body, uint32_t i)
{
	while (body->insns[i].flow == RT_FLOW_NEXT && body->next[i] != RT_NO_INSN &&
		!(body->marks[body->next[i]] & RT_MARK_LEADER))
		i = body->next[i];
	return i;
}

/* Before the first check no instruction has room for a jump of its own: it may be that none can be had. */
static bool is_tight(const struct rt_body *body, uint32_t i, uint32_t end)
{
	for (;; i = body->next[i]) {
		if (body->insns[i].bytes >= VICTIM_BYTES && body->insns[i].flow != RT_FLOW_CALL)
			return false;
		if (i == end || has_checks(body, i))
			return true;
	}
}

/* Where control goes from a block that may have to run in the original: the clone is entered there instead. Else a loop, or a
 * lock's release, that only such a block leads to would run unchecked. */
static void mark_detours(struct rt_body *body, uint32_t i, unsigned blocks)
{
	uint32_t end = block_end(body, i);
	uint8_t flow = body->insns[end].flow;
	bool runs_on = flow == RT_FLOW_NEXT || flow == RT_FLOW_BRANCH || flow == RT_FLOW_LOOP;
	uint32_t ways[] = {flow == RT_FLOW_CALL ? (uint32_t)RT_NO_INSN : body->targets[end],
		runs_on ? body->next[end] : (uint32_t)RT_NO_INSN};
	if (!blocks || !is_tight(body, i, end))
		return;
	for (unsigned way = 0; way < RT_COUNT(ways); way++) {
		if (ways[way] == RT_NO_INSN || body->marks[ways[way]] & (RT_MARK_OUTSIDE | RT_MARK_DETOUR))
			continue;
		body->marks[ways[way]] |= RT_MARK_DETOUR;
		mark_detours(body, ways[way], blocks - 1);
	}
}

bool rt_sites_add(struct rt_unit *unit)
{
	struct rt_body *body = &unit->body;
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_OUTSIDE)
			mark_detours(body, i, DETOUR_BLOCKS);
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & (RT_MARK_OUTSIDE | RT_MARK_DETOUR) &&
			!add_entry(unit, i, !(body->marks[i] & RT_MARK_OUTSIDE)))
			return false;
	return add_victims(unit);
}
