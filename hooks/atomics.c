/* Atomic operations and fences, as the compilers and libatomic name them.
 *
 * Whatever the program asked for, the processor is asked for sequential consistency, but for stores and fences of less, which
 * are asked to release and to acquire: the engine sees the operations on an object one after the other, and what it makes of
 * an order must not be weaker than what happened.
 *
 * Names and signatures: LLVM's sanitizer/tsan_interface_atomic.h; GCC wiki, Atomic/GCCMM/LIbrary. */
#include "hooks.h"

#include "shadow/atomic.h"
#include "shadow/enter.h"

enum { ORDER_BITS = 7 }; /* above them a compiler may hint at lock elision */

static enum rt_order order_of(int order)
{
	order &= ORDER_BITS;
	return order > RT_ORDER_SEQ_CST ? RT_ORDER_SEQ_CST : (enum rt_order)order;
}

/* One operation: what the program gave, and what was found in memory. */
#define OPERATION(bits)                                                                                      \
	struct operation##bits {                                                                             \
		volatile rt_atomic##bits *address;                                                           \
		rt_atomic##bits value, expected, found;                                                      \
		enum rt_order order; /* of a store */                                                        \
	};
OPERATION(8)
OPERATION(16)
OPERATION(32)
OPERATION(64)
OPERATION(128)

/* An address that is none faults here, where the program could have faulted, and not inside the engine. */
static inline void touch(const volatile void *address, size_t bytes)
{
	const volatile char *first = address;
	(void)first[0];
	(void)first[bytes - 1];
}

/* 16 bytes that do not lie on a multiple of 16 fault in the operation, as they would have without hooks. */
static inline __attribute__((always_inline)) void run(uintptr_t pc, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, int order, int failure, rt_atomic_operation operation,
	void *argument)
{
	struct rt_thread *self = NULL;
	if (rt_watching && (bytes < 16 || !((uintptr_t)address % 16))) {
		if (kind != RT_ATOMIC_LOAD)
			rt_prefetch_write(address);
		touch(address, bytes);
		self = rt_enter_here();
	}
	if (!self) {
		operation(argument);
		return;
	}
	struct rt_site site = {.pc = pc};
	rt_atomic_run(
		self, &site, address, bytes, kind, order_of(order), order_of(failure), operation, argument);
	rt_leave_here(self);
}

/* ---- what really happens ---- */

#define REAL_CHANGE(bits, name, call)                                                                        \
	static bool name##bits(void *argument)                                                               \
	{                                                                                                    \
		struct operation##bits *operation = argument;                                                \
		operation->found = call(operation->address, operation->value, __ATOMIC_SEQ_CST);             \
		return true;                                                                                 \
	}

#define REAL(bits)                                                                                           \
	static bool load##bits(void *argument)                                                               \
	{                                                                                                    \
		struct operation##bits *operation = argument;                                                \
		operation->found = __atomic_load_n(operation->address, __ATOMIC_SEQ_CST);                    \
		return true;                                                                                 \
	}                                                                                                    \
	static bool store##bits(void *argument)                                                              \
	{                                                                                                    \
		struct operation##bits *operation = argument;                                                \
		if (operation->order == RT_ORDER_SEQ_CST)                                                    \
			__atomic_store_n(operation->address, operation->value, __ATOMIC_SEQ_CST);            \
		else                                                                                         \
			__atomic_store_n(operation->address, operation->value, __ATOMIC_RELEASE);            \
		return true;                                                                                 \
	}                                                                                                    \
	static bool compare_exchange##bits(void *argument)                                                   \
	{                                                                                                    \
		struct operation##bits *operation = argument;                                                \
		operation->found = operation->expected;                                                      \
		return __atomic_compare_exchange_n(operation->address, &operation->found, operation->value,  \
			false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                                          \
	}                                                                                                    \
	REAL_CHANGE(bits, exchange, __atomic_exchange_n)                                                     \
	REAL_CHANGE(bits, fetch_add, __atomic_fetch_add)                                                     \
	REAL_CHANGE(bits, fetch_sub, __atomic_fetch_sub)                                                     \
	REAL_CHANGE(bits, fetch_and, __atomic_fetch_and)                                                     \
	REAL_CHANGE(bits, fetch_or, __atomic_fetch_or)                                                       \
	REAL_CHANGE(bits, fetch_xor, __atomic_fetch_xor)                                                     \
	REAL_CHANGE(bits, fetch_nand, __atomic_fetch_nand)

REAL(8)
REAL(16)
REAL(32)
REAL(64)

/* Of 16 bytes the builtins above would become calls of libatomic, which is what the program gets here in its place. Both
 * use cmpxchg16b for such an object, so they may be mixed. */

/* Where the processor has AVX an aligned load of 16 bytes is atomic (Intel SDM volume 3, 9.1.1; AMD APM volume 2, 7.3.2).
 * cmpxchg16b would be refused by memory that is only to be read. */
static bool loads_wide(void)
{
	static int known; /* 1: no, 2: yes; every thread finds the same */
	int now = __atomic_load_n(&known, __ATOMIC_RELAXED);
	if (RT_UNLIKELY(!now)) {
		unsigned eax = 1, ebx, ecx, edx;
		__asm__("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
		now = ecx & 1u << 28 ? 2 : 1;
		__atomic_store_n(&known, now, __ATOMIC_RELAXED);
	}
	return now == 2;
}

static bool load128(void *argument)
{
	struct operation128 *operation = argument;
	if (loads_wide()) {
		long words __attribute__((vector_size(16)));
		__asm__ volatile("movdqa %1, %0" : "=x"(words) : "m"(*operation->address) : "memory");
		operation->found = (rt_atomic128)words;
	} else {
		operation->found = __sync_val_compare_and_swap(operation->address, 0, 0);
	}
	return true;
}

static bool compare_exchange128(void *argument)
{
	struct operation128 *operation = argument;
	operation->found =
		__sync_val_compare_and_swap(operation->address, operation->expected, operation->value);
	return operation->found == operation->expected;
}

/* `next`: from the value that was found and the operand. */
#define REAL_CHANGE128(name, next)                                                                           \
	static bool name##128(void *argument)                                                                \
	{                                                                                                    \
		struct operation128 *operation = argument;                                                   \
		rt_atomic128 value = operation->value, found = *operation->address, seen;                    \
		while ((seen = __sync_val_compare_and_swap(operation->address, found, (next))) != found)     \
			found = seen;                                                                        \
		operation->found = found;                                                                    \
		return true;                                                                                 \
	}
REAL_CHANGE128(store, value)
REAL_CHANGE128(exchange, value)
REAL_CHANGE128(fetch_add, (rt_atomic128)((unsigned __int128)found + (unsigned __int128)value))
REAL_CHANGE128(fetch_sub, (rt_atomic128)((unsigned __int128)found - (unsigned __int128)value))
REAL_CHANGE128(fetch_and, (found) & (value))
REAL_CHANGE128(fetch_or, found | value)
REAL_CHANGE128(fetch_xor, found ^ value)
REAL_CHANGE128(fetch_nand, ~(found &value))

/* ---- the hooks ---- */

#define CHANGE(bits, name)                                                                                   \
	rt_atomic##bits __tsan_atomic##bits##_##name(                                                        \
		volatile rt_atomic##bits *address, rt_atomic##bits value, int order)                         \
	{                                                                                                    \
		struct operation##bits operation = {.address = address, .value = value};                     \
		run(RT_HOOK_PC, address, sizeof(*address), RT_ATOMIC_CHANGE, order, order, name##bits,       \
			&operation);                                                                         \
		return operation.found;                                                                      \
	}

/* The weak one may fail for no reason, but need not. */
#define COMPARE(bits, name)                                                                                  \
	int __tsan_atomic##bits##_##name(volatile rt_atomic##bits *address, rt_atomic##bits *expected,       \
		rt_atomic##bits value, int order, int failure)                                               \
	{                                                                                                    \
		struct operation##bits operation = {                                                         \
			.address = address, .value = value, .expected = *expected};                          \
		run(RT_HOOK_PC, address, sizeof(*address), RT_ATOMIC_CHANGE, order, failure,                 \
			compare_exchange##bits, &operation);                                                 \
		if (operation.found == operation.expected)                                                   \
			return 1;                                                                            \
		*expected = operation.found;                                                                 \
		return 0;                                                                                    \
	}

#define HOOKS(bits)                                                                                          \
	rt_atomic##bits __tsan_atomic##bits##_load(const volatile rt_atomic##bits *address, int order)       \
	{                                                                                                    \
		struct operation##bits operation = {.address = (volatile rt_atomic##bits *)address};         \
		run(RT_HOOK_PC, address, sizeof(*address), RT_ATOMIC_LOAD, order, order, load##bits,         \
			&operation);                                                                         \
		return operation.found;                                                                      \
	}                                                                                                    \
	void __tsan_atomic##bits##_store(                                                                    \
		volatile rt_atomic##bits *address, rt_atomic##bits value, int order)                         \
	{                                                                                                    \
		struct operation##bits operation = {                                                         \
			.address = address, .value = value, .order = order_of(order)};                       \
		run(RT_HOOK_PC, address, sizeof(*address), RT_ATOMIC_STORE, order, order, store##bits,       \
			&operation);                                                                         \
	}                                                                                                    \
	CHANGE(bits, exchange)                                                                               \
	CHANGE(bits, fetch_add)                                                                              \
	CHANGE(bits, fetch_sub)                                                                              \
	CHANGE(bits, fetch_and)                                                                              \
	CHANGE(bits, fetch_or)                                                                               \
	CHANGE(bits, fetch_xor)                                                                              \
	CHANGE(bits, fetch_nand)                                                                             \
	COMPARE(bits, compare_exchange_strong)                                                               \
	COMPARE(bits, compare_exchange_weak)                                                                 \
	rt_atomic##bits __tsan_atomic##bits##_compare_exchange_val(volatile rt_atomic##bits *address,        \
		rt_atomic##bits expected, rt_atomic##bits value, int order, int failure)                     \
	{                                                                                                    \
		struct operation##bits operation = {                                                         \
			.address = address, .value = value, .expected = expected};                           \
		run(RT_HOOK_PC, address, sizeof(*address), RT_ATOMIC_CHANGE, order, failure,                 \
			compare_exchange##bits, &operation);                                                 \
		return operation.found;                                                                      \
	}

HOOKS(8)
HOOKS(16)
HOOKS(32)
HOOKS(64)
HOOKS(128)

void __tsan_atomic_thread_fence(int order)
{
	struct rt_thread *self = RT_UNLIKELY(rt_watching) ? rt_enter_here() : NULL;
	if (self) {
		rt_fence(self, order_of(order));
		rt_leave_here(self);
	}
	if (order_of(order) == RT_ORDER_SEQ_CST)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	else
		__atomic_thread_fence(__ATOMIC_ACQ_REL);
}

void __tsan_atomic_signal_fence(int order)
{
	(void)order;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}
