/* Slices: the public functions. */
#include "slice_work.h"

int rt_slice_make(struct rt_slice *to, size_t element_bytes, size_t len, size_t cap)
{
	if (TOLD)
		return rt_slice_make_told(to, element_bytes, len, cap);
	return rt_slice_work_make(to, element_bytes, len, cap);
}

int rt_slice_append_many(struct rt_slice *slice, const void *elements, size_t count)
{
	if (TOLD)
		return rt_slice_append_told(slice, elements, count);
	struct rt_slice_array *left;
	int error = rt_slice_work_append(slice, elements, count, &left);
	free(rt_slice_array_put(left));
	return error;
}

int rt_slice_append(struct rt_slice *slice, const void *element)
{
	if (TOLD)
		return rt_slice_append_told(slice, element, 1);
	struct rt_slice_array *left;
	int error = rt_slice_work_append(slice, element, 1, &left);
	if (__builtin_expect(left != NULL, 0))
		free(rt_slice_array_put(left));
	return error;
}

int rt_slice_cut(const struct rt_slice *from, size_t i, size_t j, struct rt_slice *to)
{
	if (TOLD)
		return rt_slice_cut_to_end_told(from, i, j, to);
	return rt_slice_work_cut3(from, i, j, from->cap, to);
}

int rt_slice_cut3(const struct rt_slice *from, size_t i, size_t j, size_t k, struct rt_slice *to)
{
	if (TOLD)
		return rt_slice_cut_told(from, i, j, k, to);
	return rt_slice_work_cut3(from, i, j, k, to);
}

void rt_slice_share(const struct rt_slice *from, struct rt_slice *to)
{
	if (TOLD) {
		rt_slice_share_told(from, to);
	} else if (to != from) {
		rt_slice_array_share(from->owner);
		*to = *from;
	}
}

int rt_slice_get(const struct rt_slice *slice, size_t index, void *to)
{
	if (TOLD)
		return rt_slice_get_told(slice, index, to);
	if (index >= slice->len)
		return ERANGE;
	bytes_copy(to, rt_slice_element_at(slice, index), slice->element_bytes);
	return 0;
}

int rt_slice_set(const struct rt_slice *slice, size_t index, const void *from)
{
	if (TOLD)
		return rt_slice_set_told(slice, index, from);
	if (index >= slice->len)
		return ERANGE;
	bytes_copy(rt_slice_element_at(slice, index), from, slice->element_bytes);
	return 0;
}

void *rt_slice_ref(const struct rt_slice *slice, size_t index)
{
	if (TOLD)
		return rt_slice_ref_told(slice, index);
	return index < slice->len ? rt_slice_element_at(slice, index) : NULL;
}

size_t rt_slice_copy(const struct rt_slice *to, const struct rt_slice *from)
{
	if (TOLD)
		return rt_slice_copy_told(to, from);
	return rt_slice_work_copy(to, from);
}

size_t rt_slice_len(const struct rt_slice *slice)
{
	return TOLD ? rt_slice_size_told(slice).len : slice->len;
}

size_t rt_slice_cap(const struct rt_slice *slice)
{
	return TOLD ? rt_slice_size_told(slice).cap : slice->cap;
}

void rt_slice_drop(struct rt_slice *slice)
{
	if (TOLD)
		rt_slice_drop_told(slice);
	else
		free(rt_slice_array_put(rt_slice_work_drop(slice)));
}
