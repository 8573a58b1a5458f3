#include "sync.h"

#include "arena.h"
#include "context.h"
#include "counters.h"
#include "thread.h"

enum { BUCKETS = 1 << 16, PAGES = 1 << 16, PAGE_LOG = 12, INFOS_MOST = 1 << 22, ALIGN = 4 };

struct bucket {
	struct rt_spin spin;
	struct rt_sync *first;
};

static struct bucket *buckets;
/* How many objects lie in the pages that hash to an entry: a range without any is passed over in one look. */
static uint32_t *page_objects;
static struct rt_sync_info *infos;
static uint32_t info_count = 1, info_room;

bool rt_sync_init(void)
{
	size_t bytes;
	buckets = rt_reserve(BUCKETS * sizeof(struct bucket), BUCKETS * sizeof(struct bucket), &bytes);
	page_objects = rt_reserve(PAGES * sizeof(uint32_t), PAGES * sizeof(uint32_t), &bytes);
	infos = rt_reserve(INFOS_MOST * sizeof(struct rt_sync_info), 1 << 16, &bytes);
	info_room = (uint32_t)(bytes / sizeof(struct rt_sync_info));
	return buckets && page_objects && infos;
}

static struct bucket *bucket_of(uint64_t key)
{
	return &buckets[rt_hash64(key / ALIGN) & (BUCKETS - 1)];
}

static uint32_t *page_of(uint64_t key)
{
	return &page_objects[rt_hash64(key >> PAGE_LOG) & (PAGES - 1)];
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

struct rt_sync_info *rt_sync_info_of(uint32_t id)
{
	return id && id < info_count ? &infos[id] : NULL;
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
	rt_spin_unlock(&bucket->spin);
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
	fresh->id = new_info(key, kind, created_at);
	fresh->next = bucket->first;
	bucket->first = fresh;
	__atomic_fetch_add(page_of(key), 1, __ATOMIC_RELAXED);
	rt_count(RT_COUNTER_SYNC_OBJECTS);
	return fresh;
}

void rt_sync_unlock(struct rt_sync *sync)
{
	rt_spin_unlock(&bucket_of(sync->key)->spin);
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
		rt_clock_fini(&sync->clock);
		rt_clock_fini(&sync->shared);
		rt_free(sync, sizeof(*sync));
		__atomic_fetch_sub(page_of(key), 1, __ATOMIC_RELAXED);
		break;
	}
	rt_spin_unlock(&bucket->spin);
}

/* Objects of all buckets, where there are fewer buckets than pages. */
static void forget_everywhere(uintptr_t address, uintptr_t end)
{
	for (uint32_t i = 0; i < BUCKETS; i++) {
		uint64_t key;
		do {
			key = 0;
			if (!__atomic_load_n(&buckets[i].first, __ATOMIC_RELAXED))
				break;
			rt_spin_lock(&buckets[i].spin);
			for (struct rt_sync *sync = buckets[i].first; sync && !key; sync = sync->next)
				if (sync->key >= address && sync->key < end)
					key = sync->key;
			rt_spin_unlock(&buckets[i].spin);
			if (key)
				rt_sync_destroy(NULL, key);
		} while (key);
	}
}

void rt_sync_forget_range(uintptr_t address, size_t bytes)
{
	if (bytes >> PAGE_LOG > BUCKETS) {
		forget_everywhere(address, address + bytes);
		return;
	}
	uintptr_t at = (address + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1), end = address + bytes;
	while (at < end) {
		uintptr_t page_end = ((at >> PAGE_LOG) + 1) << PAGE_LOG;
		uintptr_t stop = page_end < end ? page_end : end;
		if (__atomic_load_n(page_of(at), __ATOMIC_RELAXED))
			for (; at < stop; at += ALIGN)
				rt_sync_destroy(NULL, at);
		at = stop;
	}
}

void rt_sync_acquire(struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind)
{
	if (!rt_watching)
		return;
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return;
	if (!rt_clock_join(&self->clock, &sync->clock))
		rt_count(RT_COUNTER_NO_SYNC);
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
	if (!rt_clock_join(&sync->clock, &self->clock))
		rt_count(RT_COUNTER_NO_SYNC);
	rt_sync_unlock(sync);
	self->tick_pending = true;
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
}

void rt_sync_forked(void)
{
	for (uint32_t i = 1; i < info_count; i++)
		infos[i].recorded = false;
}
