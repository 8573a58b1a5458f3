/* Where a clone is entered from the original, and what may make room for that. */
#include "unit.h"

enum { VICTIM_BYTES = 5 };

static bool has_checks(const struct rt_body *body, uint32_t i)
{
	return body->marks[i] & RT_MARK_CHECKED;
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
static bool add_entry(struct rt_unit *unit, uint32_t i)
{
	const struct rt_body *body = &unit->body;
	struct rt_entry entry = {.first_site = unit->sites.count, .hint.level = RT_PATCH_SEARCH};
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

bool rt_sites_add(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->body.count; i++)
		if (unit->body.marks[i] & RT_MARK_OUTSIDE && !add_entry(unit, i))
			return false;
	return add_victims(unit);
}
