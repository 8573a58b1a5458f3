/* What slice operations do, without telling anybody. Included by slice.c (nobody listens) and slice_told.c.
 *
 * The array that an operation leaves comes back in *left, for the caller to give the reference back: under the detector
 * that must be told first, and an array that nobody holds is freed later. */
#ifndef RACETRACK_CONTAINERS_SLICE_WORK_H
#define RACETRACK_CONTAINERS_SLICE_WORK_H

#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* Stands before the first element; 16 bytes, so that elements are aligned as malloc aligns. */
struct rt_slice_array {
	size_t references;
	size_t bytes; /* of elements */
};

static inline struct rt_slice_array *rt_slice_array_make(size_t element_bytes, size_t cap)
{
	size_t bytes;
	if (__builtin_mul_overflow(cap, element_bytes, &bytes) ||
		bytes > PTRDIFF_MAX - sizeof(struct rt_slice_array))
		return NULL;
	struct rt_slice_array *array = malloc(sizeof *array + bytes);
	if (array) {
		array->references = 1;
		array->bytes = bytes;
	}
	return array;
}

static inline void rt_slice_array_share(struct rt_slice_array *array)
{
	if (array)
		__atomic_add_fetch(&array->references, 1, __ATOMIC_RELAXED);
}

/* Gives one reference back; the array where it was the last. */
static inline struct rt_slice_array *rt_slice_array_put(struct rt_slice_array *array)
{
	return array && __atomic_sub_fetch(&array->references, 1, __ATOMIC_ACQ_REL) == 0 ? array : NULL;
}

static inline void *rt_slice_element_at(const struct rt_slice *slice, size_t index)
{
	return (char *)slice->array + index * slice->element_bytes;
}

static inline int rt_slice_work_make(struct rt_slice *to, size_t element_bytes, size_t len, size_t cap)
{
	if (element_bytes == 0)
		return EINVAL;
	if (len > cap)
		return ERANGE;
	struct rt_slice made = {NULL, 0, 0, element_bytes, NULL};
	if (cap) {
		made.owner = rt_slice_array_make(element_bytes, cap);
		if (!made.owner)
			return ENOMEM;
		made.array = made.owner + 1;
		made.len = len;
		made.cap = cap;
		bytes_zero(made.array, len * element_bytes);
	}
	*to = made;
	return 0;
}

/* Doubles small arrays and adds a quarter to large ones, with a smooth change over (as Go's growslice). */
static inline size_t rt_slice_grown_cap(size_t cap, size_t needed)
{
	size_t grown = cap < 256 ? 2 * cap : cap + cap / 4 + 192;
	if (grown < 4)
		grown = 4;
	return grown < needed ? needed : grown;
}

static inline int rt_slice_work_append(
	struct rt_slice *slice, const void *elements, size_t count, struct rt_slice_array **left)
{
	*left = NULL;
	size_t len = slice->len, needed;
	if (slice->element_bytes == 0)
		return EINVAL;
	if (__builtin_add_overflow(len, count, &needed))
		return ENOMEM;
	if (needed <= slice->cap) {
		bytes_copy(rt_slice_element_at(slice, len), elements, count * slice->element_bytes);
		slice->len = needed;
		return 0;
	}
	size_t cap = rt_slice_grown_cap(slice->cap, needed);
	struct rt_slice_array *array = rt_slice_array_make(slice->element_bytes, cap);
	if (!array && cap > needed)
		array = rt_slice_array_make(slice->element_bytes, cap = needed);
	if (!array)
		return ENOMEM;
	size_t old_bytes = len * slice->element_bytes;
	if (old_bytes)
		bytes_copy(array + 1, slice->array, old_bytes);
	bytes_copy((char *)(array + 1) + old_bytes, elements, count * slice->element_bytes);
	*left = slice->owner;
	slice->array = array + 1;
	slice->len = needed;
	slice->cap = cap;
	slice->owner = array;
	return 0;
}

static inline int rt_slice_work_cut3(
	const struct rt_slice *from, size_t i, size_t j, size_t k, struct rt_slice *to)
{
	if (i > j || j > k || k > from->cap)
		return ERANGE;
	struct rt_slice cut = {from->array, j - i, k - i, from->element_bytes, from->owner};
	if (cut.array)
		cut.array = rt_slice_element_at(from, i);
	if (to != from)
		rt_slice_array_share(cut.owner);
	*to = cut;
	return 0;
}

static inline size_t rt_slice_work_copy(const struct rt_slice *to, const struct rt_slice *from)
{
	size_t count = to->len < from->len ? to->len : from->len;
	if (to->element_bytes != from->element_bytes)
		count = 0;
	if (count)
		bytes_copy(to->array, from->array, count * to->element_bytes);
	return count;
}

static inline struct rt_slice_array *rt_slice_work_drop(struct rt_slice *slice)
{
	struct rt_slice_array *left = slice->owner;
	*slice = (struct rt_slice){NULL, 0, 0, slice->element_bytes, NULL};
	return left;
}

/* The twins under the detector (slice_told.c). */
CONTAINER_HIDDEN int rt_slice_make_told(struct rt_slice *to, size_t element_bytes, size_t len, size_t cap);
CONTAINER_HIDDEN int rt_slice_append_told(struct rt_slice *slice, const void *elements, size_t count);
CONTAINER_HIDDEN int rt_slice_cut_told(
	const struct rt_slice *from, size_t i, size_t j, size_t k, struct rt_slice *to);
CONTAINER_HIDDEN int rt_slice_cut_to_end_told(
	const struct rt_slice *from, size_t i, size_t j, struct rt_slice *to);
CONTAINER_HIDDEN void rt_slice_share_told(const struct rt_slice *from, struct rt_slice *to);
CONTAINER_HIDDEN int rt_slice_get_told(const struct rt_slice *slice, size_t index, void *to);
CONTAINER_HIDDEN int rt_slice_set_told(const struct rt_slice *slice, size_t index, const void *from);
CONTAINER_HIDDEN void *rt_slice_ref_told(const struct rt_slice *slice, size_t index);
CONTAINER_HIDDEN size_t rt_slice_copy_told(const struct rt_slice *to, const struct rt_slice *from);
CONTAINER_HIDDEN struct rt_slice rt_slice_size_told(const struct rt_slice *slice);
CONTAINER_HIDDEN void rt_slice_drop_told(struct rt_slice *slice);

#endif
