/* Maps: hash tables from integers, strings or byte strings to values of one fixed size.
 *
 * For programs, C and C++; link libracetrack_containers.a. Useful without the detector, and then without cost: one load
 * and one untaken branch per operation. Under the detector every operation says what it reads and writes, so a race on
 * a map, a change in the middle of an iteration and a pointer that outlived a growth are named.
 *
 * Shape: open addressing; 8 slots make a group that one word of tags (7 bits of the hash each) searches at once. The table
 * doubles when 7 of 8 slots are taken. Keys of the two string kinds are copied. The hash has a fixed seed: the order of
 * an iteration is the same on every run, and keys chosen by an adversary can make the map slow.
 *
 * Errors: 0, or an errno value that is returned, not stored in errno: ENOENT no such key, ENOMEM no memory or too large,
 * EINVAL a key of another kind than the map's. After an error nothing has changed.
 *
 * Who frees: rt_map_fini frees the table and the copied keys; what values point to is the caller's.
 *
 * Threads: a map is a plain variable: many readers (get, ref, len, next) or one writer (put, delete, clear, fini) at a
 * time.
 */
#ifndef RACETRACK_MAP_H
#define RACETRACK_MAP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rt_map_keys {
	RT_MAP_INTEGERS, /* uint64_t */
	RT_MAP_STRINGS,  /* C strings, compared without their NUL */
	RT_MAP_BYTES     /* any bytes, also none */
};

struct rt_map_table;

/* Invariants: table == NULL only where len == 0; len + deleted <= 7/8 of the table's slots. The fields are the map's. */
struct rt_map {
	struct rt_map_table *table;
	size_t len;
	size_t deleted;     /* slots that a delete has left marked */
	size_t value_bytes; /* 0 makes it a set */
	enum rt_map_keys keys;
	unsigned changes; /* puts of new keys and deletes, for iterators */
};

/* An empty map; allocates nothing. */
void rt_map_init(struct rt_map *map, enum rt_map_keys keys, size_t value_bytes);
/* Frees all; leaves an empty map that can be used again. rt_map_clear keeps the table. */
void rt_map_fini(struct rt_map *map);
void rt_map_clear(struct rt_map *map);

/* Copies value_bytes from `value` to the key's slot, a new one if need be; NULL stands for zeroes. May move every value of
 * the map when the key is new. */
int rt_map_put(struct rt_map *map, uint64_t key, const void *value);
int rt_map_put_string(struct rt_map *map, const char *key, const void *value);
int rt_map_put_bytes(struct rt_map *map, const void *key, size_t key_bytes, const void *value);

/* Copies the value to `value` unless that is NULL. */
int rt_map_get(const struct rt_map *map, uint64_t key, void *value);
int rt_map_get_string(const struct rt_map *map, const char *key, void *value);
int rt_map_get_bytes(const struct rt_map *map, const void *key, size_t key_bytes, void *value);

/* The address of the key's value, or NULL. Good until the next put of a new key (which may move all values), the key's
 * delete, clear or fini. Aligned for any type whose size divides value_bytes, up to 16. */
void *rt_map_ref(const struct rt_map *map, uint64_t key);
void *rt_map_ref_string(const struct rt_map *map, const char *key);
void *rt_map_ref_bytes(const struct rt_map *map, const void *key, size_t key_bytes);

int rt_map_delete(struct rt_map *map, uint64_t key);
int rt_map_delete_string(struct rt_map *map, const char *key);
int rt_map_delete_bytes(struct rt_map *map, const void *key, size_t key_bytes);

size_t rt_map_len(const struct rt_map *map);

/* Visits every entry once, in no particular order:
 *
 *      struct rt_map_iterator it;
 *      rt_map_iterate(&map, &it);
 *      while (rt_map_next(&it))
 *              use(it.key, it.value);
 *
 * Ending early needs no call. Putting a new key or deleting one ends the promise: entries may be skipped or come twice
 * (the detector names the next rt_map_next in the same thread); never a bad address. rt_map_delete_here deletes the
 * entry that the iterator stands on and keeps the promise; ESTALE where the promise was already broken. */
struct rt_map_iterator {
	struct rt_map *map;
	size_t slot;  /* the next one to look at */
	uint64_t key; /* of a map of integers */
	const void
		*bytes;   /* of the other kinds: the map's copy, NUL-terminated, until the entry is deleted */
	size_t key_bytes; /* without that NUL */
	void *value;      /* until the map moves its values */
	int on_entry;
	unsigned changes; /* of the map, when last looked */
};
void rt_map_iterate(struct rt_map *map, struct rt_map_iterator *iterator);
int rt_map_next(struct rt_map_iterator *iterator); /* 0: no more */
int rt_map_delete_here(struct rt_map_iterator *iterator);

#ifdef __cplusplus
}
#endif

#endif
