#include "variable.h"

#include "abroad.h"
#include "declared.h"
#include "object.h"
#include "sync.h"

uint8_t rt_infer_marks[RT_INFER_MARKS / 8] RT_SPARSE;
struct rt_infer_range rt_infer_range;
bool rt_infer_by_hooks;

bool rt_variable_is_object(uintptr_t address, size_t bytes)
{
	uint64_t key = rt_sync_key(address);
	if (rt_key_is_abroad(key))
		return rt_abroad_is_variable(key);
	struct rt_sync_hold hold = rt_sync_hold(key);
	bool found = hold.sync && hold.sync->bytes >= bytes;
	rt_guard_unlock(hold.guard);
	return found;
}

bool rt_variable_is_owned(uintptr_t variable)
{
	struct rt_sync_hold hold = rt_sync_hold(rt_sync_key(variable));
	bool is = hold.sync && hold.sync->owned;
	rt_guard_unlock(hold.guard);
	return is;
}

/* The mark of a variable of so many bytes: another one than that of its granule. It stays when the variable is gone. */
static unsigned size_mark(uintptr_t address, size_t bytes)
{
	return rt_infer_mark(~address * 8 + bytes * 8);
}

/* Of 16 bytes only one that has as many: two of 8 may lie side by side. */
uintptr_t rt_variable_at(uintptr_t address, size_t bytes)
{
	bool abroad = RT_UNLIKELY(rt_shared_count != 0) && rt_key_is_abroad(rt_sync_key(address));
	if (!rt_infer_is_marked(address) && !abroad)
		return 0;
	if (bytes <= RT_GRANULE_BYTES ? rt_variable_is_object(address, 0)
				      : rt_infer_has(size_mark(address, bytes)))
		return address;
	for (size_t larger = 2 * bytes; larger <= RT_VARIABLE_MOST; larger *= 2) {
		uintptr_t start = address & ~(uintptr_t)(larger - 1);
		if (start != address && rt_infer_has(size_mark(start, larger)) &&
			rt_variable_is_object(start, larger))
			return start;
	}
	return rt_declared_find(address, bytes);
}

bool rt_variable_inside(uintptr_t address, size_t bytes)
{
	if (bytes == RT_GRANULE_BYTES && rt_variable_at(address + bytes / 2, bytes / 2))
		return true;
	if (!rt_infer_is_marked(address))
		return false;
	for (size_t smaller = bytes / 2; smaller; smaller /= 2)
		for (uintptr_t at = address + smaller; at < address + bytes; at += smaller)
			if (rt_infer_has(size_mark(at, smaller)) && rt_variable_is_object(at, smaller))
				return true;
	return false;
}

void rt_variable_mark(uintptr_t address, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += RT_GRANULE_BYTES)
		rt_infer_set_mark(rt_infer_mark(address + at));
	rt_infer_set_mark(size_mark(address, bytes));
}

bool rt_infer_is_variable(uintptr_t address, size_t bytes)
{
	return rt_variable_at(address, bytes) != 0;
}

bool rt_infer_came(uintptr_t address, size_t bytes)
{
	return rt_infer_is_marked(address) && bytes <= RT_VARIABLE_MOST && !(address % bytes) &&
	       rt_variable_at(address, bytes);
}

void rt_infer_mark_range(uintptr_t low, uintptr_t high)
{
	const struct rt_infer_range old = rt_infer_range;
	if (old.bytes && old.low < low)
		low = old.low;
	if (old.bytes && old.low + old.bytes > high)
		high = old.low + old.bytes;
	rt_infer_range = (struct rt_infer_range){low, high - low};
}
