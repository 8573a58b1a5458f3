/* Atomic loads, stores and exchanges as headers for x86 have them in inline assembly. */
static inline long load(const long *place)
{
	long value;
	__asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*place) : "memory");
	return value;
}

static inline void store(long *place, long value)
{
	__asm__ volatile("movq %1, %0" : "=m"(*place) : "r"(value) : "memory");
}

static inline long exchange(long *place, long value)
{
	__asm__ volatile("xchgq %0, %1" : "+r"(value), "+m"(*place)::"memory");
	return value;
}

static inline bool replace(long *place, long old, long value)
{
	bool well;
	__asm__ volatile("lock; cmpxchgq %3, %1\n	sete %2"
			 : "+a"(old), "+m"(*place), "=q"(well)
			 : "r"(value)
			 : "memory", "cc");
	return well;
}
