#include "benign.h"

#include "counters.h"
#include "engine.h"

enum { RANGES_MOST = 1024 };

static struct {
	struct rt_spin spin;
	uint32_t count;
	struct {
		uintptr_t low, high;
	} ranges[RANGES_MOST];
} benign RT_SPARSE;

void rt_benign(const volatile void *address, size_t bytes)
{
	uintptr_t low = (uintptr_t)address;
	rt_spin_lock(&benign.spin);
	bool fits = benign.count < RANGES_MOST;
	if (fits) {
		benign.ranges[benign.count].low = low;
		benign.ranges[benign.count].high = low + bytes;
		__atomic_store_n(&benign.count, benign.count + 1, __ATOMIC_RELAXED);
	}
	rt_spin_unlock(&benign.spin);
	if (!fits)
		rt_count(RT_COUNTER_NO_BENIGN);
}

/* The first byte of [at, high) that no range covers; `spin` is held. */
static uintptr_t skip_declared(uintptr_t at, uintptr_t high)
{
	for (uint32_t i = 0; i < benign.count && at < high;)
		if (benign.ranges[i].low <= at && at < benign.ranges[i].high) {
			at = benign.ranges[i].high;
			i = 0;
		} else {
			i++;
		}
	return at;
}

/* A range of a size that is not known begins in [low, high); `spin` is held. */
static bool begins_between(uintptr_t low, uintptr_t high)
{
	for (uint32_t i = 0; i < benign.count; i++)
		if (benign.ranges[i].low == benign.ranges[i].high && benign.ranges[i].low >= low &&
			benign.ranges[i].low < high)
			return true;
	return false;
}

bool rt_benign_holds(uintptr_t low, uintptr_t high)
{
	if (!__atomic_load_n(&benign.count, __ATOMIC_RELAXED))
		return false;
	rt_spin_lock(&benign.spin);
	bool holds = skip_declared(low, high) >= high || begins_between(low, high);
	rt_spin_unlock(&benign.spin);
	return holds;
}

static bool overlaps(uint32_t i, uintptr_t low, uintptr_t high)
{
	uintptr_t end = benign.ranges[i].high + (benign.ranges[i].low == benign.ranges[i].high);
	return benign.ranges[i].low < high && low < end;
}

void rt_benign_forget(uintptr_t address, size_t bytes)
{
	if (!__atomic_load_n(&benign.count, __ATOMIC_RELAXED))
		return;
	rt_spin_lock(&benign.spin);
	for (uint32_t i = 0; i < benign.count;)
		if (overlaps(i, address, address + bytes))
			benign.ranges[i] = benign.ranges[--benign.count];
		else
			i++;
	rt_spin_unlock(&benign.spin);
}
