#include "sync.h"

#include "abroad.h"
#include "arena.h"
#include "context.h"
#include "counters.h"
#include "object.h"
#include "thread.h"

/* Few at first: forks copy what is used of them. */
enum { FIRST_LOG = 16, STEP_LOG = 2, LAST_LOG = 22, CHAIN_MOST = 3 };
enum { PAGES = 1 << 16, PAGE_LOG = 12, INFOS_MOST = 1 << 22 };
enum { PLACES_MOST = 1 << 14, PLACE_TRIES = 16 };

struct rt_sync_table rt_sync_table;

/* The same objects by page: what lies in a range is found by looking at its pages. The bucket's lock comes first. */
struct page {
	struct rt_spin spin;
	struct rt_sync *first;
};
static struct page *pages;

/* Objects that were destroyed. */
static struct {
	struct rt_spin spin;
	struct rt_sync *first;
} spare;

/* A place in the program that makes objects. */
struct place {
	rt_ctx_t created_at;
	uint32_t made;
	uint32_t common; /* id of those that are not told apart */
};
static struct place *places;

static struct rt_sync_info *infos;
static uint32_t info_count = 1, info_room;

bool rt_sync_init(void)
{
	size_t bytes, all = sizeof(struct rt_sync_bucket) << FIRST_LOG;
	rt_sync_table = (struct rt_sync_table){rt_reserve_hot(all, all, &bytes), FIRST_LOG, false};
	pages = rt_reserve_hot(PAGES * sizeof(struct page), PAGES * sizeof(struct page), &bytes);
	infos = rt_reserve(INFOS_MOST * sizeof(struct rt_sync_info), 1 << 16, &bytes);
	info_room = (uint32_t)(bytes / sizeof(struct rt_sync_info));
	places = rt_reserve_hot(
		PLACES_MOST * sizeof(struct place), PLACES_MOST * sizeof(struct place), &bytes);
	return rt_sync_table.buckets && pages && infos && places;
}

bool rt_guard_look_again(const struct rt_guard *guard, uint32_t *changes)
{
	enum { LOOKS = 100 };
	unsigned tries = 0;
	while (__atomic_load_n(&guard->spin.held, __ATOMIC_RELAXED))
		if (tries < LOOKS)
			rt_spin_pause(&tries);
		else
			return false;
	*changes = __atomic_load_n(&guard->changes, __ATOMIC_ACQUIRE);
	return !__atomic_load_n(&guard->spin.held, __ATOMIC_ACQUIRE);
}

static struct page *page_of(uint64_t key)
{
	return &pages[rt_hash64(key >> PAGE_LOG) & (PAGES - 1)];
}

/* A bit for each list that was ever used: to look for what is in none should not touch a megabyte, which forks copy. */
static uint64_t lists_used[PAGES / 64];

static void note_used(uint32_t list)
{
	uint64_t bit = (uint64_t)1 << list % 64;
	if (!(__atomic_load_n(&lists_used[list / 64], __ATOMIC_RELAXED) & bit))
		__atomic_fetch_or(&lists_used[list / 64], bit, __ATOMIC_RELAXED);
}

static bool is_used(uint32_t list)
{
	return __atomic_load_n(&lists_used[list / 64], __ATOMIC_RELAXED) >> list % 64 & 1;
}

static void link_page(struct rt_sync *sync)
{
	struct page *page = page_of(sync->key);
	note_used((uint32_t)(page - pages));
	rt_spin_lock(&page->spin);
	sync->page_next = page->first;
	sync->page_link = &page->first;
	if (page->first)
		page->first->page_link = &sync->page_next;
	page->first = sync;
	rt_spin_unlock(&page->spin);
}

static void unlink_page(struct rt_sync *sync)
{
	struct page *page = page_of(sync->key);
	rt_spin_lock(&page->spin);
	*sync->page_link = sync->page_next;
	if (sync->page_next)
		sync->page_next->page_link = sync->page_link;
	rt_spin_unlock(&page->spin);
}

static uint32_t new_info(uint64_t key, const char *kind, rt_ctx_t created_at)
{
	uint32_t id = __atomic_fetch_add(&info_count, 1, __ATOMIC_RELAXED);
	if (id >= info_room) {
		__atomic_fetch_sub(&info_count, 1, __ATOMIC_RELAXED);
		return 0;
	}
	infos[id] = (struct rt_sync_info){.key = key, .kind = kind, .created_at = created_at};
	return id;
}

/* The place's entry; NULL: there is no room, and all are told apart. */
static struct place *place_of(rt_ctx_t created_at)
{
	uint32_t first = (uint32_t)rt_hash64(created_at);
	for (uint32_t i = first; created_at && i != first + PLACE_TRIES; i++) {
		struct place *place = &places[i & (PLACES_MOST - 1)];
		rt_ctx_t there = 0;
		if (__atomic_compare_exchange_n(&place->created_at, &there, created_at, false,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
			there == created_at)
			return place;
	}
	return NULL;
}

/* The id of a new object. */
static uint32_t new_id(uint64_t key, const char *kind, rt_ctx_t created_at)
{
	struct place *place = place_of(created_at);
	if (!place || __atomic_fetch_add(&place->made, 1, __ATOMIC_RELAXED) < RT_SYNC_ALIKE)
		return new_info(key, kind, created_at);
	uint32_t common = __atomic_load_n(&place->common, __ATOMIC_RELAXED);
	if (!common && (common = new_info(0, kind, created_at)))
		__atomic_store_n(&place->common, common, __ATOMIC_RELAXED); /* two at once: both will do */
	return common;
}

struct rt_sync_info *rt_sync_info_of(uint32_t id)
{
	return id && id < info_count ? &infos[id] : NULL;
}

/* NULL: no memory. */
static struct rt_sync *new_object(void)
{
	rt_spin_lock(&spare.spin);
	struct rt_sync *sync = spare.first;
	if (sync)
		spare.first = sync->next;
	rt_spin_unlock(&spare.spin);
	if (!sync && !(sync = rt_alloc(sizeof(*sync))))
		return NULL;
	sync->key = RT_SYNC_GONE;
	rt_clock_lend(&sync->exclusive.clock, sync->few, RT_FOUR);
	return sync;
}

/* Who followed a pointer to it may lock it yet, and finds another key. */
static void free_object(struct rt_sync *sync)
{
	rt_spin_lock(&spare.spin);
	__atomic_store_n(&sync->next, spare.first, __ATOMIC_RELAXED);
	spare.first = sync;
	rt_spin_unlock(&spare.spin);
}

static uint32_t most_log = LAST_LOG; /* less where there is no memory for that */

static struct rt_sync *find(const struct rt_sync_bucket *bucket, uint64_t key)
{
	uint32_t steps = 0;
	struct rt_sync *sync = bucket->first;
	for (; sync && sync->key != key; sync = sync->next)
		steps++;
	if (RT_UNLIKELY(steps > CHAIN_MOST) && rt_sync_table.log < most_log)
		__atomic_store_n(&rt_sync_table.crowded, true, __ATOMIC_RELAXED);
	return sync;
}

static void move_all(struct rt_sync_bucket *from, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		for (struct rt_sync *sync = from[i].first, *next; sync; sync = next) {
			struct rt_sync_bucket *to = rt_sync_bucket(sync->key);
			next = sync->next;
			sync->next = to->first;
			to->first = sync;
		}
}

void rt_sync_spread(struct rt_thread *self)
{
	rt_threads_stop(self);
	const struct rt_sync_table old = rt_sync_table;
	size_t bytes, all = sizeof(struct rt_sync_bucket) << (old.log + STEP_LOG);
	struct rt_sync_bucket *fresh = old.crowded ? rt_reserve(all, all, &bytes) : NULL;
	if (fresh) {
		rt_sync_table = (struct rt_sync_table){fresh, old.log + STEP_LOG, false};
		move_all(old.buckets, 1u << old.log);
	} else if (old.crowded) {
		most_log = old.log;
		rt_sync_table.crowded = false;
	}
	rt_threads_resume();
}

struct rt_sync_hold rt_sync_hold_listed(uint64_t key)
{
	struct rt_sync_bucket *bucket = rt_sync_bucket(key);
	rt_guard_lock(&bucket->guard);
	struct rt_sync *sync = find(bucket, key);
	if (RT_LIKELY(!sync))
		return (struct rt_sync_hold){&bucket->guard, NULL};
	rt_guard_lock(&sync->guard);
	rt_guard_unlock(&bucket->guard);
	return (struct rt_sync_hold){&sync->guard, sync};
}

/* Bucket locked, and no such object in it. */
static void link_object(struct rt_sync_bucket *bucket, struct rt_sync *fresh, uint64_t key, const char *kind,
	rt_ctx_t created_at)
{
	fresh->key = key;
	fresh->kind = kind;
	fresh->created_at = created_at;
	fresh->frame = 0;
	fresh->owned = false;
	fresh->bytes = 0;
	fresh->head = 0;
	fresh->tally_heard = false;
	fresh->tallies = 0;
	fresh->tallied_by = 0;
	fresh->id = new_id(key, kind, created_at);
	fresh->next = bucket->first;
	link_page(fresh);
	__atomic_store_n(&bucket->first, fresh, __ATOMIC_RELEASE);
	rt_count(RT_COUNTER_SYNC_OBJECTS);
}

static RT_COLD struct rt_sync *lock_new(
	struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	/* The walk may take long; not under the lock. */
	rt_ctx_t created_at = site ? rt_site_context(self, site, RT_READ) : 0;
	struct rt_sync *fresh = new_object();
	if (!fresh) {
		rt_count(RT_COUNTER_NO_SYNC);
		return NULL;
	}
	struct rt_sync_bucket *bucket = rt_sync_bucket(key);
	rt_guard_lock(&bucket->guard);
	struct rt_sync *sync = find(bucket, key);
	if (sync) {
		rt_guard_lock(&sync->guard);
		free_object(fresh);
	} else {
		sync = fresh;
		rt_guard_lock(&sync->guard);
		link_object(bucket, sync, key, kind, created_at);
	}
	rt_guard_unlock(&bucket->guard);
	return sync;
}

struct rt_sync *rt_sync_lock(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	struct rt_sync *sync = rt_sync_lock_seen(key);
	return RT_LIKELY(sync != NULL) ? sync : lock_new(self, site, key, kind);
}

void rt_sync_create(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	key = rt_sync_key(key);
	rt_sync_make_room(self);
	rt_sync_destroy(self, key);
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (sync)
		rt_sync_unlock(sync);
}

void rt_sync_destroy(struct rt_thread *self, uint64_t key)
{
	(void)self;
	key = rt_sync_key(key);
	struct rt_sync_bucket *bucket = rt_sync_bucket(key);
	rt_guard_lock(&bucket->guard);
	struct rt_sync **link = &bucket->first, *sync;
	while ((sync = *link) && sync->key != key)
		link = &sync->next;
	if (sync) {
		rt_guard_lock(&sync->guard);
		__atomic_store_n(link, sync->next, __ATOMIC_RELAXED);
		unlink_page(sync);
		__atomic_store_n(&sync->key, RT_SYNC_GONE, __ATOMIC_RELAXED);
		rt_message_fini(&sync->exclusive);
		rt_message_fini(&sync->shared);
		rt_bytes_zero(sync->few, sizeof(sync->few));
		rt_guard_unlock(&sync->guard);
	}
	rt_guard_unlock(&bucket->guard);
	if (sync)
		free_object(sync);
}

void rt_sync_empty(uint64_t key)
{
	struct rt_sync_hold hold = rt_sync_hold(rt_sync_key(key));
	if (hold.sync) {
		rt_message_clear(&hold.sync->exclusive);
		rt_message_clear(&hold.sync->shared);
	}
	rt_guard_unlock(hold.guard);
}

/* Destroys the objects of a page list whose keys lie in [low, high). */
static void forget_listed(struct page *page, uint64_t low, uint64_t high)
{
	uint64_t key;
	do {
		key = 0;
		if (!is_used((uint32_t)(page - pages)) || !__atomic_load_n(&page->first, __ATOMIC_RELAXED))
			return;
		rt_spin_lock(&page->spin);
		for (struct rt_sync *sync = page->first; sync && !key; sync = sync->page_next)
			if (sync->key >= low && sync->key < high)
				key = sync->key;
		rt_spin_unlock(&page->spin);
		if (key)
			rt_sync_destroy(NULL, key);
	} while (key);
}

void rt_sync_forget_range(uintptr_t address, size_t bytes)
{
	uintptr_t end = address + bytes;
	if (bytes >> PAGE_LOG > PAGES) {
		for (uint32_t i = 0; i < PAGES; i++)
			forget_listed(&pages[i], address, end);
		return;
	}
	for (uintptr_t at = address; at < end; at = ((at >> PAGE_LOG) + 1) << PAGE_LOG)
		forget_listed(page_of(at), address, end);
}

/* What nobody released has nothing to take, and needs no object: names are looked for without end. */
void rt_sync_acquire(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	(void)site, (void)kind;
	if (!rt_watching)
		return;
	key = rt_sync_key(key);
	struct rt_sync_hold hold = rt_sync_hold(key);
	if (hold.sync)
		rt_message_take(self, &hold.sync->exclusive);
	rt_guard_unlock(hold.guard);
	rt_abroad_acquire(self, key, RT_LOCK_SHARED);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_sync_release(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	if (!rt_watching)
		return;
	key = rt_sync_key(key);
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return;
	rt_message_put(self, &sync->exclusive);
	rt_sync_unlock(sync);
	rt_abroad_release(self, key, RT_LOCK_EXCLUSIVE);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_sync_forked(void)
{
	for (uint32_t i = 1; i < info_count; i++)
		if (infos[i].recorded)
			infos[i].recorded = false;
}
