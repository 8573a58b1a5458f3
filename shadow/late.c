#include "late.h"

#include "access.h"
#include "maybe.h"
#include "variable.h"

static bool is_atomic(enum rt_access_kind kind)
{
	return rt_kind_bits[kind] & RT_CELL_ATOMIC;
}

static bool is_own_stack(uint32_t segment, uintptr_t address)
{
	uintptr_t low, high;
	uint32_t thread = rt_thread_of_epoch(rt_segment_slot(segment), rt_segment_epoch(segment));
	return thread && rt_thread_of_stack(address, &low, &high) == thread;
}

bool rt_late_is(
	struct rt_thread *self, enum rt_access_kind fresh, rt_cell_t old, uintptr_t address, size_t bytes)
{
	enum rt_access_kind before = rt_context_kind(rt_cell_context(old));
	enum rt_access_kind plain = is_atomic(fresh) ? before : fresh;
	uint32_t segment = is_atomic(fresh) ? rt_cell_segment(old) : self->segment;
	return is_atomic(fresh) != is_atomic(before) && rt_maybe_moved(plain) &&
	       rt_infer_came(address, bytes) && !rt_variable_is_owned(rt_variable_at(address, bytes)) &&
	       !is_own_stack(segment, address);
}
