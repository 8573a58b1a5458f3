/* Ranges of files as keys that other processes find. A range is a few parts, each of 16^level bytes at a multiple of that. Two
 * ranges have bytes in common where a part of the one is, or lies in, or holds a part of the other: so what is told at a part
 * is told to all that hold it as well, each of which asks there and at those that hold it itself. */
#include "file_lock.h"

#include "key.h"

enum { PARTS_LOG = 4, TOP_LEVEL = 64 / PARTS_LOG };

struct part {
	uint64_t number; /* of those of its level */
	unsigned level;
};

typedef void visit_t(struct rt_thread *self, const struct rt_file_lock *lock, struct part part, bool whole);

static uint64_t first_of(struct part part)
{
	return part.level == TOP_LEVEL ? 0 : part.number << (PARTS_LOG * part.level);
}

static uint64_t last_of(struct part part)
{
	return part.level == TOP_LEVEL ? UINT64_MAX : first_of(part) + (1ull << (PARTS_LOG * part.level)) - 1;
}

/* All parts that make the range, `whole`, and those that hold them. */
static void visit_parts(
	struct rt_thread *self, const struct rt_file_lock *lock, struct part part, visit_t *visit)
{
	bool whole = lock->first <= first_of(part) && lock->last >= last_of(part);
	visit(self, lock, part, whole);
	for (unsigned i = 0; !whole && i < 1 << PARTS_LOG; i++) {
		struct part below = {(part.number << PARTS_LOG) + i, part.level - 1};
		if (lock->first <= last_of(below) && lock->last >= first_of(below))
			visit_parts(self, lock, below, visit);
	}
}

static uint64_t key_of(enum rt_key_of what, const struct rt_file_lock *lock, struct part part)
{
	return rt_key_common(what, lock->file + lock->kind, rt_hash64(part.number) + part.level);
}

static void release(struct rt_thread *self, const struct rt_file_lock *lock, struct part part, bool whole)
{
	uint64_t key = key_of(whole ? RT_KEY_FILE_PART : RT_KEY_FILE_BELOW, lock, part);
	rt_sync_release_abroad(self, key, (enum rt_lock_mode)lock->mode);
}

static void acquire(struct rt_thread *self, const struct rt_file_lock *lock, struct part part, bool whole)
{
	rt_sync_acquire_abroad(self, key_of(RT_KEY_FILE_PART, lock, part), (enum rt_lock_mode)lock->mode);
	if (whole)
		rt_sync_acquire_abroad(
			self, key_of(RT_KEY_FILE_BELOW, lock, part), (enum rt_lock_mode)lock->mode);
}

static const struct part everything = {0, TOP_LEVEL};

void rt_file_range_release(struct rt_thread *self, const struct rt_file_lock *lock)
{
	if (rt_sync_is_abroad())
		visit_parts(self, lock, everything, release);
}

void rt_file_range_acquire(struct rt_thread *self, const struct rt_file_lock *lock)
{
	if (rt_sync_is_abroad())
		visit_parts(self, lock, everything, acquire);
}
