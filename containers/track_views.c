/* Views: which header variables show an array, which of them live, and whom an append overwrites. */
#include "track_registry.h"

bool rt_view_lives(uintptr_t header, const struct rt_slice *value)
{
	struct rt_slice now;
	return rt_safe_read(header, &now, sizeof now) && now.array == value->array && now.len == value->len &&
	       now.cap == value->cap && now.owner == value->owner;
}

/* The same window onto the same array; len may have changed since. */
static bool same_window(const struct rt_slice *a, const struct rt_slice *b)
{
	return a->owner == b->owner && a->array == b->array && a->cap == b->cap;
}

/* The variable holds something else now, or is gone. An equal copy, if there is one, has the history already. */
static void displace(struct rt_view *view)
{
	if (view->doubtful)
		rt_registry_remove(view);
	else
		rt_registry_move(view, 0, NULL, 0);
}

static void displace_at(uintptr_t header)
{
	struct rt_view *view = rt_registry_view(header);
	if (view)
		displace(view);
}

void rt_views_left(uint32_t thread, const struct rt_site *site)
{
	struct rt_view *view;
	if (rt_registry_empty())
		return;
	rt_spin_lock(&rt_registry_lock);
	while ((view = rt_registry_deepest(thread)) && view->facts.address < site->sp)
		displace(view);
	rt_spin_unlock(&rt_registry_lock);
}

/* Another variable holds the same: it may have been moved to `copy`. */
static void doubt_equals(const struct rt_view *copy)
{
	for (struct rt_view *view = copy->array->views; view; view = view->next)
		if (view != copy && view->facts.value.len == copy->facts.value.len &&
			same_window(&view->facts.value, &copy->facts.value))
			view->doubtful = true;
}

bool rt_views_see(uintptr_t header, const struct rt_slice *value)
{
	if (!value->owner)
		return true;
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *view = rt_registry_view(header);
	bool known = view && same_window(&view->facts.value, value);
	if (known) {
		bool assigned = view->facts.value.len != value->len;
		rt_registry_set(view, value);
		view->doubtful = false;
		if (assigned)
			doubt_equals(view);
	}
	rt_spin_unlock(&rt_registry_lock);
	return known;
}

/* The view whose variable was most probably copied into a header that holds `value`: an orphan rather than one with a
 * variable of its own, one of the same len rather than an older one. */
static struct rt_view *copied_from(const struct rt_slice *value)
{
	struct rt_array *array = rt_registry_array(value->owner, false);
	struct rt_view *best = NULL;
	int best_rank = -1;
	for (struct rt_view *view = array ? array->views : NULL; view; view = view->next) {
		if (!same_window(&view->facts.value, value))
			continue;
		int rank = 2 * (view->facts.value.len == value->len) + (view->facts.address == 0);
		if (rank > best_rank) {
			best = view;
			best_rank = rank;
		}
	}
	return best;
}

/* `from` has been copied to `header`, which holds `value`. */
static void follow_copy(struct rt_view *from, uintptr_t header, const struct rt_slice *value,
	const struct rt_site *site, uint32_t thread)
{
	uintptr_t old = from->facts.address;
	if (old == 0 || !rt_view_lives(old, &from->facts.value)) {
		rt_registry_move(from, header, site, thread);
		rt_registry_set(from, value);
		from->doubtful = false;
		return;
	}
	struct rt_view *copy = rt_registry_add(header, value, site, thread);
	if (!copy)
		return;
	copy->facts.origin = from->facts.origin;
	copy->facts.superseded = from->facts.superseded;
	rt_registry_set_parent(copy, from->parent);
	from->doubtful = from->facts.value.len == value->len;
}

void rt_views_adopt(
	uintptr_t header, const struct rt_slice *value, struct rt_place seen, const struct rt_site *site)
{
	if (!value->owner)
		return;
	rt_spin_lock(&rt_registry_lock);
	displace_at(header);
	struct rt_view *from = copied_from(value);
	if (from) {
		follow_copy(from, header, value, site, seen.thread);
	} else {
		struct rt_view *view = rt_registry_add(header, value, site, seen.thread);
		if (view)
			view->facts.origin = seen;
	}
	rt_spin_unlock(&rt_registry_lock);
}

bool rt_views_facts(uintptr_t header, struct rt_view_facts *facts)
{
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *view = rt_registry_view(header);
	if (view)
		rt_bytes_copy(facts, &view->facts, sizeof *facts);
	rt_spin_unlock(&rt_registry_lock);
	return view != NULL;
}

bool rt_views_look(uintptr_t header, uintptr_t from, uintptr_t to, struct rt_view_facts *facts)
{
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *view = rt_registry_view(header);
	if (view) {
		rt_bytes_copy(facts, &view->facts, sizeof *facts);
		view->facts.superseded.context = 0;
		if (facts->overwritten_from < to && facts->overwritten_to > from)
			view->facts.overwritten.context = 0;
		else
			facts->overwritten.context = 0;
	}
	rt_spin_unlock(&rt_registry_lock);
	return view != NULL;
}

void rt_views_made(uintptr_t header, const struct rt_slice *value, uintptr_t parent, struct rt_place origin,
	const struct rt_site *site)
{
	rt_spin_lock(&rt_registry_lock);
	displace_at(header);
	if (value->owner) {
		if (!parent)
			rt_registry_remove_array(value->owner); /* its end went unseen */
		struct rt_view *view = rt_registry_add(header, value, site, origin.thread);
		struct rt_view *from = parent ? rt_registry_view(parent) : NULL;
		if (view)
			view->facts.origin = origin;
		if (view && from && from->array == view->array)
			rt_registry_set_parent(view, from);
	}
	rt_spin_unlock(&rt_registry_lock);
}

void rt_views_recut(uintptr_t header, const struct rt_slice *value, struct rt_place origin)
{
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *view = rt_registry_view(header);
	if (view && view->facts.value.owner == value->owner) {
		rt_registry_set(view, value);
		view->facts.origin = origin;
	}
	rt_spin_unlock(&rt_registry_lock);
}

/* ---- appends ---- */

struct bytes_range {
	uintptr_t from, to;
};

static struct bytes_range appended(const struct rt_slice *before, const struct rt_slice *after)
{
	return (struct bytes_range){rt_elements_end(before), rt_elements_end(after)};
}

static bool shows(const struct rt_view *view, struct bytes_range range)
{
	return view->facts.address && (uintptr_t)view->facts.value.array < range.to &&
	       rt_elements_end(&view->facts.value) > range.from;
}

/* Smaller windows first: a neighbour's chunk says more than the whole batch. Then the older one. */
static bool better(const struct rt_view *a, const struct rt_view_facts *b, uint64_t b_serial)
{
	if (a->facts.value.len != b->value.len)
		return a->facts.value.len < b->value.len;
	return a->serial < b_serial;
}

uint32_t rt_views_appended(uintptr_t header, const struct rt_slice *before, const struct rt_slice *after,
	struct rt_view_facts *shown, bool *doubtful)
{
	struct bytes_range range = appended(before, after);
	uint64_t serials[RT_VIEWS_SHOWN];
	uint32_t count = 0, kept = 0;
	*doubtful = false;
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *me = rt_registry_view(header);
	if (me && range.from < me->array->shown_end) {
		for (struct rt_view *view = me->array->views; view; view = view->next) {
			if (view == me || !shows(view, range))
				continue;
			if (view->doubtful) {
				*doubtful = true;
				continue;
			}
			count++;
			uint32_t at = kept < RT_VIEWS_SHOWN ? kept++ : RT_VIEWS_SHOWN;
			while (at > 0 && better(view, &shown[at - 1], serials[at - 1])) {
				if (at < RT_VIEWS_SHOWN) {
					rt_bytes_copy(&shown[at], &shown[at - 1], sizeof *shown);
					serials[at] = serials[at - 1];
				}
				at--;
			}
			if (at < RT_VIEWS_SHOWN) {
				rt_bytes_copy(&shown[at], &view->facts, sizeof *shown);
				serials[at] = view->serial;
			}
		}
	}
	if (me)
		rt_registry_set(me, after);
	rt_spin_unlock(&rt_registry_lock);
	return count;
}

void rt_views_mark(
	uintptr_t header, const struct rt_slice *before, const struct rt_slice *after, struct rt_place place)
{
	struct bytes_range range = appended(before, after);
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *me = rt_registry_view(header);
	for (struct rt_view *view = me ? me->array->views : NULL; view; view = view->next) {
		if (view == me || !view->doubtful || !shows(view, range))
			continue;
		view->facts.overwritten = place;
		view->facts.overwritten_from = range.from;
		view->facts.overwritten_to = range.to;
	}
	rt_spin_unlock(&rt_registry_lock);
}

static bool comes_from(const struct rt_view *view, const struct rt_view *ancestor)
{
	while (view && view != ancestor)
		view = view->parent;
	return view != NULL;
}

void rt_views_grown(uintptr_t header, const struct rt_slice *before, const struct rt_slice *after,
	struct rt_place place, const struct rt_site *site)
{
	rt_spin_lock(&rt_registry_lock);
	if (before->owner != after->owner)
		rt_registry_remove_array(after->owner); /* its end went unseen */
	struct rt_view *me = rt_registry_view(header);
	if (me && before->owner && me->facts.value.owner == before->owner) {
		for (struct rt_view *view = me->array->views; view && me->children; view = view->next)
			if (view != me && comes_from(view, me))
				view->facts.superseded = place;
		/* What was copied out of the variable by plain assignment is recognised by this. */
		struct rt_view *old = rt_registry_add(0, before, NULL, 0);
		if (old) {
			old->facts.origin = me->facts.origin;
			old->facts.superseded = place;
		}
		if (rt_registry_move_array(me, after)) {
			me->facts.superseded.context = 0;
			me->facts.overwritten.context = 0;
		} else {
			rt_registry_remove(me);
		}
	} else {
		displace_at(header);
		me = rt_registry_add(header, after, site, place.thread);
		if (me)
			me->facts.origin = place;
	}
	rt_spin_unlock(&rt_registry_lock);
}

/* ---- ends ---- */

void rt_views_dropped(uintptr_t header, const struct rt_slice *before)
{
	if (!before->owner)
		return;
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *view = rt_registry_view(header);
	if (!view || view->facts.value.owner != before->owner)
		view = copied_from(before);
	if (view)
		rt_registry_remove(view);
	rt_spin_unlock(&rt_registry_lock);
}

void rt_views_array_gone(const struct rt_slice_array *owner)
{
	rt_spin_lock(&rt_registry_lock);
	rt_registry_remove_array(owner);
	rt_spin_unlock(&rt_registry_lock);
}

/* ---- copies that containers make ---- */

static void see_copied(uintptr_t header, const struct rt_slice *value, uintptr_t from, size_t from_bytes)
{
	rt_spin_lock(&rt_registry_lock);
	struct rt_view *here = rt_registry_view(header);
	struct rt_view *origin = rt_registry_array(value->owner, false) ? copied_from(value) : NULL;
	if (origin && origin != here) {
		if (here)
			displace(here);
		origin = copied_from(value);
		if (origin && origin->facts.address - from < from_bytes)
			rt_registry_move(origin, header, NULL, 0);
		else if (origin)
			follow_copy(origin, header, value, NULL, 0);
	}
	rt_spin_unlock(&rt_registry_lock);
}

void rt_views_copied(uintptr_t to, size_t bytes, uintptr_t from, size_t from_bytes)
{
	enum { CHUNK = 1024, OVERLAP = sizeof(struct rt_slice) - 8 };
	char chunk[CHUNK + OVERLAP] __attribute__((aligned(8)));
	if (rt_registry_empty() || to % 8)
		return;
	for (size_t at = 0; at + sizeof(struct rt_slice) <= bytes; at += CHUNK) {
		size_t n = bytes - at < sizeof chunk ? bytes - at : sizeof chunk;
		if (!rt_safe_read(to + at, chunk, n))
			return;
		for (size_t i = 0; i + sizeof(struct rt_slice) <= n; i += 8) {
			const struct rt_slice *value = (const struct rt_slice *)(chunk + i);
			if (value->owner && value->array && value->len <= value->cap)
				see_copied(to + at + i, value, from, from_bytes);
		}
	}
}
