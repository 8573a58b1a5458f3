/* The words every engine file uses: integer types, limits, checks, and memory helpers that call nothing.
 *
 * Who may include it: everything in the preloaded library. It must not know anything above it. */
#ifndef RACETRACK_SHADOW_BASE_H
#define RACETRACK_SHADOW_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define RT_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define RT_HIDDEN              __attribute__((visibility("hidden")))
/* Written by each fork and its child: side by side, as each page that either writes is copied for it. */
#define RT_AT_FORK             __attribute__((section("rt_at_fork")))
/* Large, and mostly untouched: behind all others, so that these lie in few pages, which a fork copies. The linker puts a section
 * of this name there. */
#define RT_SPARSE              __attribute__((section(".lbss")))
#define RT_COLD                __attribute__((cold, noinline))
#define RT_COUNT(array)        (sizeof(array) / sizeof((array)[0]))

typedef uint32_t rt_ctx_t;  /* id of a calling context, 0 = unknown */
typedef uint32_t rt_slot_t; /* index of a thread in vector clocks */

/* Always on. Prints one line and ends the process by SIGABRT's default action: for a broken invariant of our own only,
 * never for a limit or for what the program did. */
RT_HIDDEN _Noreturn RT_COLD void rt_check_failed(const char *file, int line, const char *condition);
#define RT_CHECK(condition)                                                                                  \
	do {                                                                                                 \
		if (RT_UNLIKELY(!(condition)))                                                               \
			rt_check_failed(__FILE__, __LINE__, #condition);                                     \
	} while (0)

/* Not memcpy and friends: those are wrapped by the library this is part of. */
static inline void rt_bytes_copy(void *to, const void *from, size_t bytes)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

static inline void rt_bytes_zero(void *to, size_t bytes)
{
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(0) : "memory");
}

/* Stops at the first difference: a string may be compared with a longer one. */
static inline bool rt_bytes_equal(const void *a, const void *b, size_t bytes)
{
	const unsigned char *left = a, *right = b;
	for (size_t i = 0; i < bytes; i++)
		if (left[i] != right[i])
			return false;
	return true;
}

/* Length of a C string, counting at most `most` bytes. */
static inline size_t rt_string_bytes(const char *text, size_t most)
{
	size_t n = 0;
	while (n < most && text[n])
		n++;
	return n;
}

static inline bool rt_string_equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* Copies at most room-1 bytes and a NUL; returns the bytes copied. */
static inline size_t rt_string_copy(char *to, size_t room, const char *from)
{
	size_t n = rt_string_bytes(from, room - 1);
	rt_bytes_copy(to, from, n);
	to[n] = 0;
	return n;
}

/* A good 64-bit mix (the finalizer of MurmurHash3, public domain). */
static inline uint64_t rt_hash64(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdull;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ull;
	return x ^ (x >> 33);
}

/* What lies there will be written, and may be another processor's: gets it once, not first to read it. */
static inline void rt_prefetch_write(const volatile void *memory)
{
	__asm__ volatile("prefetchw %0" : : "m"(*(const volatile char *)memory));
}

/* A lock for short sections that call nothing outside the engine. A thread must be inside the engine
 * (rt_thread.place) while it holds one, so that no signal handler of its own runs meanwhile. */
struct rt_spin {
	uint32_t held;
};

RT_HIDDEN RT_COLD void rt_spin_wait(struct rt_spin *spin);

/* Between two looks at a lock that another thread holds: its owner may wait for a processor. Counts in *tries, from 0. */
RT_HIDDEN RT_COLD void rt_spin_pause(unsigned *tries);

static inline void rt_spin_lock(struct rt_spin *spin)
{
	if (RT_UNLIKELY(__atomic_exchange_n(&spin->held, 1, __ATOMIC_ACQUIRE)))
		rt_spin_wait(spin);
}

static inline bool rt_spin_try(struct rt_spin *spin)
{
	return !__atomic_load_n(&spin->held, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(&spin->held, 1, __ATOMIC_ACQUIRE);
}

static inline void rt_spin_unlock(struct rt_spin *spin)
{
	__atomic_store_n(&spin->held, 0, __ATOMIC_RELEASE);
}

#endif
