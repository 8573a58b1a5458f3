/* What emitted checks look at: struct rt_front of hot.h, in front of the linear shadow. */
#include "access.h"
#include "overflow.h"
#include "sys.h"

_Static_assert((int)RT_FRONT_BYTES == (int)RT_SPACE_FRONT_BYTES && sizeof(struct rt_front) <= RT_FRONT_BYTES,
	"it fits");
_Static_assert(RT_HOT_NO_SEGMENT > RT_CELL_TAG && RT_HOT_CONTEXT == (RT_CELL_CONTEXTS - 1ull)
									    << RT_CELL_CONTEXT_SHIFT,
	"no cell is like it");

static const uint64_t segment_bits = ~0ull << RT_CELL_SEGMENT_SHIFT;

/* Of bytes [from, end) of a granule. */
static uint64_t looked_at(bool write, unsigned from, unsigned end)
{
	if (end <= from || end > RT_GRANULE_BYTES)
		return ~0ull;
	return segment_bits | RT_CELL_ATOMIC | (write ? RT_CELL_WRITE : 0) | ((1ull << end) - (1ull << from));
}

/* ... in a list's filter: reads need no second look. */
static uint64_t looked_at_written(bool write, unsigned from, unsigned end)
{
	if (!write || end <= from)
		return ~0ull;
	uint32_t written = rt_filter_written((uint8_t)((1u << end) - (1u << from)));
	return segment_bits | (rt_cell_t)written << RT_CELL_CONTEXT_SHIFT;
}

/* Nobody's before somebody asked for it: a page that lies so far from all others is dear where a process forks. */
static struct {
	struct rt_spin spin;
	bool is_used, on;
} front;

bool rt_access_has_front(void)
{
	return __atomic_load_n(&front.is_used, __ATOMIC_ACQUIRE);
}

static void fill_front(struct rt_front *there)
{
	uint64_t any = front.on ? ~0ull : 0;
	there->cells = rt_cells.linear;
	there->place = (((uintptr_t)1 << RT_WINDOW_LOG) - 1) & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	for (unsigned from = 0; from < RT_GRANULE_BYTES; from++) {
		for (unsigned look = 0; look < RT_LOOK_COUNT; look++)
			there->looked_at[look][from] = any & looked_at(look >= RT_LOOK_WRITE, from,
								     from + (1u << look % RT_LOOK_WRITE));
		for (unsigned last = 0; last < RT_GRANULE_BYTES; last++)
			for (unsigned write = 0; write < 2; write++) {
				there->part[write][from][last] = any & looked_at(write, from, last + 1);
				there->written[write][from][last] =
					any & looked_at_written(write, from, last + 1);
			}
	}
}

struct rt_front *rt_access_front(void)
{
	struct rt_front *there =
		rt_cells.linear ? (struct rt_front *)(rt_cells.linear - RT_FRONT_BYTES) : NULL;
	if (!there || rt_access_has_front())
		return there;
	rt_spin_lock(&front.spin);
	fill_front(there);
	__atomic_store_n(&front.is_used, true, __ATOMIC_RELEASE);
	rt_spin_unlock(&front.spin);
	return there;
}

void rt_access_watch(bool on)
{
	rt_spin_lock(&front.spin);
	front.on = on;
	if (front.is_used)
		fill_front((struct rt_front *)(rt_cells.linear - RT_FRONT_BYTES));
	rt_spin_unlock(&front.spin);
}
