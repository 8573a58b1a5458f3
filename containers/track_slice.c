/* What slice operations mean to the engine: accesses, edges of the reference count, misuses. */
#include "track.h"

/* One event on its way. */
struct work {
	struct rt_thread *self;
	struct rt_site *site;
	const struct racetrack_slice_event *event;
};

static struct rt_place place_of(const struct work *work, enum rt_access_kind kind)
{
	return (struct rt_place){
		rt_site_context(work->self, work->site, kind), rt_thread_id(work->self), kind};
}

static void touch(const struct work *work, const void *memory, size_t bytes, enum rt_access_kind kind)
{
	if (memory && bytes)
		rt_access(work->self, work->site, memory, bytes, kind, RT_CLASS_DATA);
}

static void touch_header(const struct work *work, const struct rt_slice *header, enum rt_access_kind kind)
{
	if (header)
		rt_access(work->self, work->site, header, sizeof *header, kind, RT_CLASS_SLICE_HEADER);
}

static const char *element_of(const struct rt_slice *value, size_t index)
{
	return (const char *)value->array + index * value->element_bytes;
}

/* ---- messages ---- */

struct text {
	char bytes[160];
	size_t used;
};

static void text_add(struct text *text, const char *more)
{
	text->used += rt_string_copy(text->bytes + text->used, sizeof text->bytes - text->used, more);
}

static void text_add_number(struct text *text, size_t number)
{
	char digits[24];
	size_t at = sizeof digits - 1;
	digits[at] = 0;
	do {
		digits[--at] = (char)('0' + number % 10);
	} while (number /= 10);
	text_add(text, digits + at);
}

/* ---- misuses ---- */

static struct rt_party party_at(struct rt_place place, const void *address)
{
	return (struct rt_party){place.thread, place.kind, address, 0, place.context};
}

/* The bytes from `from` on, which `place` appended, were an element that `other` shows. The place where the appended
 * slice was itself cut is where the repair goes, so it is named too. */
static void report_alias(const struct work *work, struct rt_place place, uintptr_t from, uintptr_t to,
	const struct rt_view_facts *other, const struct rt_view_facts *own)
{
	const struct rt_slice *value = &other->value;
	uintptr_t first = from > (uintptr_t)value->array ? from : (uintptr_t)value->array;
	uintptr_t end = (uintptr_t)value->array + value->len * value->element_bytes;
	struct rt_party parties[3] = {party_at(place, (const void *)first),
		party_at(other->origin, (const void *)first), party_at(own->origin, own->value.array)};
	struct text text;
	parties[0].bytes = (to < end ? to : end) - first;
	text.used = 0;
	text_add(&text, "append overwrites element ");
	text_add_number(&text, (first - (uintptr_t)value->array) / value->element_bytes);
	text_add(&text, " of another slice of len ");
	text_add_number(&text, value->len);
	bool cut = own->origin.kind == RT_CUT && own->origin.context != other->origin.context;
	rt_misuse(work->self, "slice-alias-append", text.bytes, parties, cut ? 3 : 2);
}

static void report_stale(const struct work *work, const struct rt_view_facts *facts, const void *element)
{
	struct rt_party parties[3] = {party_at(place_of(work, RT_READ), element),
		party_at(facts->superseded, element), party_at(facts->origin, facts->value.array)};
	parties[0].bytes = facts->value.element_bytes;
	bool cut = facts->origin.kind == RT_CUT && facts->origin.context != parties[0].context;
	rt_misuse(work->self, "slice-stale", NULL, parties, cut ? 3 : 2);
}

static void report_bounds(const struct work *work)
{
	struct rt_view_facts facts;
	struct rt_party parties[2] = {party_at(place_of(work, RT_READ), work->event->header)};
	bool known = work->event->header && rt_views_facts((uintptr_t)work->event->header, &facts);
	struct text text;
	if (known)
		parties[1] = party_at(facts.origin, work->event->header);
	text.used = 0;
	text_add(&text, "index ");
	text_add_number(&text, work->event->index);
	text_add(&text, " is out of bounds ");
	text_add_number(&text, work->event->count);
	rt_misuse(work->self, "slice-bounds", text.bytes, parties, known ? 2 : 1);
}

/* ---- views ---- */

/* The header is about to be used with `value`. */
static void see(const struct work *work, const struct rt_slice *header, const struct rt_slice *value)
{
	if (!rt_views_see((uintptr_t)header, value))
		rt_views_adopt((uintptr_t)header, value, place_of(work, RT_READ), work->site);
}

/* Elements [index, index + count) are read through the header: were they overwritten, is it on an old array? */
static void look(const struct work *work, const struct rt_slice *header, const struct rt_slice *value,
	size_t index, size_t count)
{
	uintptr_t from = (uintptr_t)element_of(value, index),
		  to = (uintptr_t)element_of(value, index + count);
	struct rt_view_facts facts, none;
	if (count == 0 || !rt_views_look((uintptr_t)header, from, to, &facts))
		return;
	none.origin.kind = RT_READ;
	if (facts.overwritten.context)
		report_alias(
			work, facts.overwritten, facts.overwritten_from, facts.overwritten_to, &facts, &none);
	if (facts.superseded.context)
		report_stale(work, &facts, (const void *)from);
}

/* An append wrote into the array's spare part: who shows it? */
static void check_alias(const struct work *work)
{
	const struct racetrack_slice_event *event = work->event;
	uintptr_t header = (uintptr_t)event->header;
	struct rt_view_facts shown[RT_VIEWS_SHOWN], own;
	bool doubtful;
	uint32_t count = rt_views_appended(header, &event->before, &event->after, shown, &doubtful);
	if (count == 0 && !doubtful)
		return;
	struct rt_place place = place_of(work, RT_APPEND);
	if (doubtful)
		rt_views_mark(header, &event->before, &event->after, place);
	if (!rt_views_facts(header, &own))
		return;
	for (uint32_t i = 0; i < count && i < RT_VIEWS_SHOWN; i++) {
		if (!rt_view_lives(shown[i].address, &shown[i].value))
			continue;
		uintptr_t from = (uintptr_t)element_of(&event->before, event->before.len);
		report_alias(work, place, from, from + event->count * event->before.element_bytes, &shown[i],
			&own);
		return;
	}
}

/* ---- operations ---- */

static void track_append(const struct work *work)
{
	const struct racetrack_slice_event *event = work->event;
	const struct rt_slice *before = &event->before;
	bool grown = before->owner != event->after.owner;
	touch_header(work, event->header, RT_WRITE);
	touch(work, event->memory, event->count * before->element_bytes, RT_READ);
	if (grown)
		touch(work, before->array, before->len * before->element_bytes, RT_READ);
	touch(work, element_of(&event->after, before->len), event->count * before->element_bytes, RT_WRITE);
	see(work, event->header, before);
	if (!grown) {
		check_alias(work);
		return;
	}
	rt_views_grown((uintptr_t)event->header, before, &event->after,
		place_of(work, before->owner ? RT_GROW : RT_APPEND), work->site);
	if (before->owner)
		rt_sync_release(work->self, work->site, (uintptr_t)before->owner, "slice array");
}

/* Also a share. */
static void track_cut(const struct work *work)
{
	const struct racetrack_slice_event *event = work->event;
	bool itself = event->header == event->other;
	touch_header(work, event->header, itself ? RT_WRITE : RT_READ);
	if (!itself)
		touch_header(work, event->other, RT_WRITE);
	see(work, event->header, &event->before);
	if (itself)
		rt_views_recut((uintptr_t)event->header, &event->after, place_of(work, RT_CUT));
	else
		rt_views_made((uintptr_t)event->other, &event->after, (uintptr_t)event->header,
			place_of(work, RT_CUT), work->site);
}

static void track_element(const struct work *work)
{
	const struct racetrack_slice_event *event = work->event;
	const struct rt_slice *value = &event->before;
	bool set = event->operation == RACETRACK_SLICE_SET;
	touch_header(work, event->header, RT_READ);
	if (event->operation != RACETRACK_SLICE_REF) {
		touch(work, event->memory, value->element_bytes, set ? RT_READ : RT_WRITE);
		touch(work, element_of(value, event->index), value->element_bytes, set ? RT_WRITE : RT_READ);
	}
	see(work, event->header, value);
	look(work, event->header, value, event->index, 1);
}

static void track_copy(const struct work *work)
{
	const struct racetrack_slice_event *event = work->event;
	size_t bytes = event->count * event->before.element_bytes;
	touch_header(work, event->header, RT_READ);
	if (event->other != event->header)
		touch_header(work, event->other, RT_READ);
	touch(work, event->before.array, bytes, RT_READ);
	touch(work, event->after.array, bytes, RT_WRITE);
	see(work, event->header, &event->before);
	see(work, event->other, &event->after);
	look(work, event->header, &event->before, 0, event->count);
}

/* Every reference that was given back happens before the end of the array. */
static void track_last(const struct work *work)
{
	const struct rt_slice *array = &work->event->before;
	rt_sync_acquire(work->self, work->site, (uintptr_t)array->owner, "slice array");
	/* A growth has just read all the elements, which shows the same race. */
	if (work->event->index == 1)
		touch(work, array->array, array->cap, RT_FREE);
}

/* The free that follows comes later than the end of the array, and in any thread: it says nothing about the program. */
static void track_gone(const struct work *work)
{
	const struct rt_slice *array = &work->event->before;
	rt_unpoison(work->self, array->array, array->cap);
	rt_sync_destroy(work->self, (uintptr_t)array->owner);
	rt_views_array_gone(array->owner);
}

void rt_track_slice(struct rt_thread *self, struct rt_site *site, const struct racetrack_slice_event *event)
{
	struct work work = {self, site, event};
	rt_views_left(rt_thread_id(self), site);
	switch ((enum racetrack_slice_operation)event->operation) {
	case RACETRACK_SLICE_MAKE:
		touch_header(&work, event->header, RT_WRITE);
		rt_views_made((uintptr_t)event->header, &event->after, 0, place_of(&work, RT_WRITE), site);
		break;
	case RACETRACK_SLICE_APPEND:
		track_append(&work);
		break;
	case RACETRACK_SLICE_CUT:
	case RACETRACK_SLICE_SHARE:
		track_cut(&work);
		break;
	case RACETRACK_SLICE_GET:
	case RACETRACK_SLICE_SET:
	case RACETRACK_SLICE_REF:
		track_element(&work);
		break;
	case RACETRACK_SLICE_COPY:
		track_copy(&work);
		break;
	case RACETRACK_SLICE_SIZE:
		touch_header(&work, event->header, RT_READ);
		break;
	case RACETRACK_SLICE_DROP:
		touch_header(&work, event->header, RT_WRITE);
		rt_views_dropped((uintptr_t)event->header, &event->before);
		if (event->before.owner)
			rt_sync_release(self, site, (uintptr_t)event->before.owner, "slice array");
		break;
	case RACETRACK_SLICE_BOUNDS:
		touch_header(&work, event->header, RT_READ);
		if (event->header)
			see(&work, event->header, &event->before);
		report_bounds(&work);
		break;
	case RACETRACK_SLICE_LAST:
		track_last(&work);
		break;
	case RACETRACK_SLICE_GONE:
		track_gone(&work);
		break;
	}
}
