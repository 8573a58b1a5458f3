/* What the checks in clones call, filled in; and that slow_entries.S is right about C's layouts. */
#include "slots.h"
#include "slow.h"
#include "slow_layout.h"
#include "shadow/engine.h"

_Static_assert(offsetof(struct rt_hot, expected) == HOT_EXPECTED, "as the assembler has it");
_Static_assert(offsetof(struct rt_slots, address) == SLOTS_ADDRESS &&
		       offsetof(struct rt_slots, frame) == SLOTS_FRAME &&
		       offsetof(struct rt_slots, vectors) == SLOTS_VECTORS &&
		       offsetof(struct rt_slots, phase) == SLOTS_PHASE,
	"as the assembler has it");
_Static_assert(RT_FRONT(place) == FRONT_PLACE && RT_FRONT(part) == FRONT_PART &&
		       RT_FRONT(written) == FRONT_WRITTEN && RT_FRONT(cells) == FRONT_CELLS,
	"as the assembler has it");
_Static_assert(sizeof(((struct rt_front *)0)->part[0]) == sizeof(uint64_t) << PART_WRITE_LOG &&
		       sizeof(((struct rt_front *)0)->written[0]) == sizeof(uint64_t) << PART_WRITE_LOG,
	"as the assembler has it");
_Static_assert(offsetof(struct rt_slow_behind, what) == BEHIND_WHAT &&
		       RT_WHAT_WRITE == 1u << WHAT_WRITE_BIT &&
		       (RT_WHAT_REPEATED | RT_WHAT_SPIN | RT_WHAT_SPREAD) == WHAT_TOLD &&
		       RT_WHAT_BYTES == UINT16_MAX,
	"as the assembler has it");
_Static_assert(sizeof(struct rt_slow_frame) == FRAME_BYTES && offsetof(struct rt_slow_frame, reg) == 8 &&
		       RT_SLOW_RED_ZONE == RED_ZONE && RT_SLOW_ATOMIC_DONE == ATOMIC_DONE,
	"as the assembler has it");

extern RT_HIDDEN const char rt_slow_access_entry[], rt_slow_atomic_entry[];

bool rt_slow_init(void)
{
	struct rt_front *front = rt_access_front();
	if (!front)
		return false;
	front->calls[RT_SLOW_ACCESS] = (uintptr_t)rt_slow_access_entry;
	front->calls[RT_SLOW_ATOMIC] = (uintptr_t)rt_slow_atomic_entry;
	return true;
}
