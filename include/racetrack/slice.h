/* Slices: growable windows {array, len, cap} onto backing arrays that several slices may share.
 *
 * For programs, C and C++; link libracetrack_containers.a. Useful without the detector, and then without cost: one load
 * and one untaken branch per operation. Under the detector every operation says what it reads and writes, so a race on
 * a slice variable, an append over somebody else's element, a header left on an old array and an index out of bounds
 * are named. The meaning of make, append, copy, s[i:j] and s[i:j:k] is that of the Go specification ("Slice types",
 * "Appending to and copying slices", "Full slice expressions").
 *
 *      struct rt_slice   array ─┐        len = 3, cap = 5
 *                               v
 *      backing array   [ . . . e0 e1 e2 -- -- . . ]      e0..e2 are shown, -- is spare: an append writes there
 *
 * Units: len, cap, indexes and counts are in elements; *_bytes in bytes. Elements are copied bit by bit.
 *
 * Errors: 0, or an errno value that is returned, not stored in errno: ERANGE an index or a cut outside the slice (refused,
 * and named slice-bounds by the detector), ENOMEM no memory or a size beyond the address space, EINVAL elements of no
 * size. After an error nothing has changed.
 *
 * Who frees: a backing array counts references. A header that make, cut, share or a growing append has filled holds
 * one; rt_slice_drop gives it back, and the last one frees the array. A plain assignment (b = a) copies the header and
 * not the reference: either it is a move (use and drop only b from then on), or b is a borrowed view that ends when a
 * grows or is dropped. rt_slice_share makes a copy that holds a reference of its own. Headers that hold a reference
 * must not be overwritten by make, cut or share before they are dropped; only cutting a slice into itself is allowed.
 *
 * Threads: a header is a plain variable: many readers or one writer at a time (append, drop and cutting into itself
 * write it, everything else reads it). So is every element. Reference counts are atomic: headers that share an array
 * may be cut, shared and dropped in different threads.
 */
#ifndef RACETRACK_SLICE_H
#define RACETRACK_SLICE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rt_slice_array; /* the backing array's head, with its reference count */

/* Invariants: len <= cap; owner == NULL only where cap == 0. Read the fields through rt_slice_len and rt_slice_cap
 * where another thread may use the slice: a plain load is not seen by the detector. */
struct rt_slice {
	void *array; /* the first element */
	size_t len;
	size_t cap;
	size_t element_bytes;
	struct rt_slice_array *owner;
};

/* An empty slice without an array, ready for append: struct rt_slice s = RT_SLICE_OF(int); */
#define RT_SLICE_OF(type)                                                                                    \
	{                                                                                                    \
		NULL, 0, 0, sizeof(type), NULL                                                               \
	}

/* `to` becomes a slice of len zeroed elements with a new array of cap elements; cap >= len or ERANGE. */
int rt_slice_make(struct rt_slice *to, size_t element_bytes, size_t len, size_t cap);

/* Adds count elements behind the last one: into the spare capacity of the array (whoever else shows it), or, where
 * that is too small, into a new and larger array that only this header is on. `elements` may point into the slice. */
int rt_slice_append(struct rt_slice *slice, const void *element);
int rt_slice_append_many(struct rt_slice *slice, const void *elements, size_t count);

/* to = from[i:j], which keeps the capacity up to from's; to = from[i:j:k], whose capacity ends at k, so that k == j
 * makes the next append copy. i <= j <= k <= cap, or ERANGE. `to` shares from's array. `to` may be `from`. */
int rt_slice_cut(const struct rt_slice *from, size_t i, size_t j, struct rt_slice *to);
int rt_slice_cut3(const struct rt_slice *from, size_t i, size_t j, size_t k, struct rt_slice *to);

/* to = from, with a reference of its own. */
void rt_slice_share(const struct rt_slice *from, struct rt_slice *to);

/* Copies element `index` out, or in; index < len, or ERANGE. */
int rt_slice_get(const struct rt_slice *slice, size_t index, void *to);
int rt_slice_set(const struct rt_slice *slice, size_t index, const void *from);

/* The address of element `index`, or NULL where index >= len. Good while the slice stays on its array: until the next
 * append or drop. What is done through it is seen by the detector in libc calls and annotations only. */
void *rt_slice_ref(const struct rt_slice *slice, size_t index);

/* Copies the first elements of `from` over those of `to`, as many as both show; they may overlap. Returns how many. 0
 * where their element_bytes differ. */
size_t rt_slice_copy(const struct rt_slice *to, const struct rt_slice *from);

size_t rt_slice_len(const struct rt_slice *slice);
size_t rt_slice_cap(const struct rt_slice *slice);

/* Ends the header: gives its reference back and leaves it empty (ready for append). An empty one stays as it is. */
void rt_slice_drop(struct rt_slice *slice);

#ifdef __cplusplus
}
#endif

#endif
