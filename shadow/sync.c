#include "sync.h"

#include "arena.h"
#include "context.h"
#include "counters.h"
#include "thread.h"

enum { BUCKETS = 1 << 16, PAGES = 1 << 16, PAGE_LOG = 12, INFOS_MOST = 1 << 22, ALIGN = 4 };
enum { PLACES_MOST = 1 << 14, PLACE_TRIES = 16 };

struct bucket {
	struct rt_spin spin;
	uint32_t changes; /* times that the lock was released */
	struct rt_sync *first;
};

static struct bucket *buckets;
/* The same objects by page: what lies in a range is found by looking at its pages. The bucket's lock comes first. */
static struct bucket *pages;

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
	size_t bytes;
	buckets = rt_reserve(BUCKETS * sizeof(struct bucket), BUCKETS * sizeof(struct bucket), &bytes);
	pages = rt_reserve(PAGES * sizeof(struct bucket), PAGES * sizeof(struct bucket), &bytes);
	infos = rt_reserve(INFOS_MOST * sizeof(struct rt_sync_info), 1 << 16, &bytes);
	info_room = (uint32_t)(bytes / sizeof(struct rt_sync_info));
	places = rt_reserve(PLACES_MOST * sizeof(struct place), PLACES_MOST * sizeof(struct place), &bytes);
	return buckets && pages && infos && places;
}

static struct bucket *bucket_of(uint64_t key)
{
	return &buckets[rt_hash64(key / ALIGN) & (BUCKETS - 1)];
}

static struct bucket *page_of(uint64_t key)
{
	return &pages[rt_hash64(key >> PAGE_LOG) & (PAGES - 1)];
}

static void link_page(struct rt_sync *sync)
{
	struct bucket *page = page_of(sync->key);
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
	struct bucket *page = page_of(sync->key);
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

static void unlock(struct bucket *bucket)
{
	__atomic_store_n(&bucket->changes, bucket->changes + 1, __ATOMIC_RELAXED);
	rt_spin_unlock(&bucket->spin);
}

/* Nothing has changed since the bucket was found open. */
static bool is_unchanged(const struct bucket *bucket, uint32_t changes)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !__atomic_load_n(&bucket->spin.held, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&bucket->changes, __ATOMIC_RELAXED) == changes;
}

/* An object is freed, and its memory used again, only after the bucket was locked: a pointer is followed when nothing has
 * changed since it was read. Such memory is never unmapped. */
bool rt_sync_load_known(
	const struct rt_thread *self, uint64_t key, rt_atomic_operation operation, void *argument)
{
	const struct bucket *bucket = bucket_of(key);
	uint32_t changes = __atomic_load_n(&bucket->changes, __ATOMIC_ACQUIRE);
	if (__atomic_load_n(&bucket->spin.held, __ATOMIC_ACQUIRE))
		return false;
	operation(argument);
	const struct rt_sync *sync = __atomic_load_n(&bucket->first, __ATOMIC_ACQUIRE);
	for (; is_unchanged(bucket, changes); sync = __atomic_load_n(&sync->next, __ATOMIC_RELAXED)) {
		if (!sync)
			return true;
		if (sync->key == key)
			return rt_message_is_known(self, &sync->exclusive) && is_unchanged(bucket, changes);
	}
	return false;
}

static struct rt_sync *find(struct bucket *bucket, uint64_t key)
{
	struct rt_sync *sync = bucket->first;
	while (sync && sync->key != key)
		sync = sync->next;
	return sync;
}

struct rt_sync *rt_sync_lock(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	struct bucket *bucket = bucket_of(key);
	rt_spin_lock(&bucket->spin);
	struct rt_sync *sync = find(bucket, key);
	if (RT_LIKELY(sync != NULL))
		return sync;
	unlock(bucket);
	/* The walk may take long; not under the lock. */
	rt_ctx_t created_at = site ? rt_site_context(self, site, RT_READ) : 0;
	struct rt_sync *fresh = rt_alloc(sizeof(*fresh));
	if (!fresh) {
		rt_count(RT_COUNTER_NO_SYNC);
		return NULL;
	}
	rt_spin_lock(&bucket->spin);
	sync = find(bucket, key);
	if (sync) {
		rt_free(fresh, sizeof(*fresh));
		return sync;
	}
	fresh->key = key;
	fresh->kind = kind;
	fresh->created_at = created_at;
	fresh->id = new_id(key, kind, created_at);
	fresh->next = bucket->first;
	bucket->first = fresh;
	link_page(fresh);
	rt_count(RT_COUNTER_SYNC_OBJECTS);
	return fresh;
}

struct rt_sync *rt_sync_lock_known(uint64_t key)
{
	struct bucket *bucket = bucket_of(key);
	rt_spin_lock(&bucket->spin);
	return find(bucket, key);
}

void rt_sync_unlock_key(uint64_t key)
{
	unlock(bucket_of(key));
}

void rt_sync_unlock(struct rt_sync *sync)
{
	rt_sync_unlock_key(sync->key);
}

void rt_sync_create(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	rt_sync_destroy(self, key);
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (sync)
		rt_sync_unlock(sync);
}

void rt_sync_destroy(struct rt_thread *self, uint64_t key)
{
	(void)self;
	struct bucket *bucket = bucket_of(key);
	rt_spin_lock(&bucket->spin);
	for (struct rt_sync **link = &bucket->first; *link; link = &(*link)->next) {
		struct rt_sync *sync = *link;
		if (sync->key != key)
			continue;
		*link = sync->next;
		unlink_page(sync);
		rt_clock_fini(&sync->exclusive.clock);
		rt_clock_fini(&sync->shared.clock);
		rt_free(sync, sizeof(*sync));
		break;
	}
	unlock(bucket);
}

/* Destroys the objects of a page list whose keys lie in [low, high). */
static void forget_listed(struct bucket *page, uint64_t low, uint64_t high)
{
	uint64_t key;
	do {
		key = 0;
		if (!__atomic_load_n(&page->first, __ATOMIC_RELAXED))
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

void rt_sync_acquire(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	if (!rt_watching)
		return;
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return;
	rt_message_take(self, &sync->exclusive);
	rt_sync_unlock(sync);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_sync_release(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	if (!rt_watching)
		return;
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return;
	rt_message_put(self, &sync->exclusive, false);
	rt_sync_unlock(sync);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_sync_forked(void)
{
	for (uint32_t i = 1; i < info_count; i++)
		infos[i].recorded = false;
}
