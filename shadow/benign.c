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

bool rt_benign_touches(uintptr_t low, uintptr_t high)
{
	bool touches = false;
	if (!__atomic_load_n(&benign.count, __ATOMIC_RELAXED))
		return false;
	rt_spin_lock(&benign.spin);
	for (uint32_t i = 0; i < benign.count && !touches; i++)
		touches = benign.ranges[i].low < high && low < benign.ranges[i].high;
	rt_spin_unlock(&benign.spin);
	return touches;
}

void rt_benign_forget(uintptr_t address, size_t bytes)
{
	if (!__atomic_load_n(&benign.count, __ATOMIC_RELAXED))
		return;
	rt_spin_lock(&benign.spin);
	for (uint32_t i = 0; i < benign.count;)
		if (benign.ranges[i].low < address + bytes && address < benign.ranges[i].high)
			benign.ranges[i] = benign.ranges[--benign.count];
		else
			i++;
	rt_spin_unlock(&benign.spin);
}
