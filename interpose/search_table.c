/* Arrays that are sorted, and tables whose root the caller keeps. What the caller's functions touch, they tell by themselves. */
#include "result.h"

/* Before: the caller's function runs in between. One element is not moved. */
#define SORT_BODY(name, call)                                                                                \
	if (count > 1)                                                                                       \
		RT_TELL(name, RT_WRITES(array, count *bytes));                                               \
	call

void rt_wrap_qsort(void *array, size_t count, size_t bytes, __compar_fn_t compare)
{
	SORT_BODY(qsort, rt_real.qsort(array, count, bytes, compare));
}

void rt_wrap_qsort_r(void *array, size_t count, size_t bytes, __compar_d_fn_t compare, void *argument)
{
	SORT_BODY(qsort_r, rt_real.qsort_r(array, count, bytes, compare, argument));
}

/* Only an element that is new is written, at the array's end. */
void *rt_wrap_lsearch(const void *key, void *array, size_t *count, size_t bytes, __compar_fn_t compare)
{
	size_t before = *count;
	void *result = rt_real.lsearch(key, array, count, bytes, compare);
	RT_TELL(lsearch, {
		RT_READS_VALUE(count);
		if (*count != before) {
			RT_READS(key, bytes);
			RT_WRITES(result, bytes);
			RT_WRITES_VALUE(count);
		}
	});
	return result;
}

void *rt_wrap_lfind(const void *key, const void *array, size_t *count, size_t bytes, __compar_fn_t compare)
{
	RT_RESULT_BODY(lfind, rt_real.lfind(key, array, count, bytes, compare), true, RT_READS_VALUE(count));
}

/* ---- trees: the root stands for all of one ---- */

#define TREE_BODY(name, tells, call)                                                                         \
	RT_TELL(name, {                                                                                      \
		if (root)                                                                                    \
			tells(root, sizeof(*root));                                                          \
	});                                                                                                  \
	return call

void *rt_wrap_tsearch(const void *key, void **root, __compar_fn_t compare)
{
	TREE_BODY(tsearch, RT_WRITES, rt_real.tsearch(key, root, compare));
}

void *rt_wrap_tdelete(const void *key, void **root, __compar_fn_t compare)
{
	TREE_BODY(tdelete, RT_WRITES, rt_real.tdelete(key, root, compare));
}

void *rt_wrap_tfind(const void *key, void *const *root, __compar_fn_t compare)
{
	TREE_BODY(tfind, RT_READS, rt_real.tfind(key, root, compare));
}

/* ---- tables ---- */

int rt_wrap_hcreate_r(size_t count, struct hsearch_data *table)
{
	RT_RESULT_BODY(hcreate_r, rt_real.hcreate_r(count, table), result, RT_WRITES_VALUE(table));
}

int rt_wrap_hsearch_r(ENTRY item, ACTION action, ENTRY **to, struct hsearch_data *table)
{
	RT_RESULT_BODY(hsearch_r, rt_real.hsearch_r(item, action, to, table), true, {
		RT_READS_TEXT(item.key);
		if (action == ENTER)
			RT_WRITES_VALUE(table);
		if (action != ENTER)
			RT_READS_VALUE(table);
		RT_WRITES_VALUE(to);
	});
}

void rt_wrap_hdestroy_r(struct hsearch_data *table)
{
	RT_TELL(hdestroy_r, RT_WRITES_VALUE(table));
	rt_real.hdestroy_r(table);
}
