#include "references.h"

#include "cfi.h"
#include "lookup.h"
#include "object.h"
#include "shadow/process.h"
#include "shadow/record_format.h"
#include "shadow/sys.h"

#include <dlfcn.h>
#include <stdlib.h>

enum { FRAMES = 8, CODE_BYTES = 512, LOAD_BYTES = 32 };

/* The four bytes of -1, as the operand that xadd adds is loaded, or `or $-1`. */
static bool loads_minus_one(const uint8_t *from, const uint8_t *to)
{
	for (; from + 5 <= to; from++) {
		bool move = (from[0] & 0xf8) == 0xb8 && from[1] == 0xff && from[2] == 0xff &&
			    from[3] == 0xff && from[4] == 0xff;
		bool wide = from[0] == 0xc7 && from[2] == 0xff && from[3] == 0xff && from[4] == 0xff;
		bool or = from[0] == 0x83 && (from[1] & 0xf8) == 0xc8 && from[2] == 0xff;
		if (move || wide || or)
			return true;
	}
	return false;
}

/* What compilers make of an atomic decrement (Intel SDM volume 2): lock dec; lock sub of an immediate; lock add of -1;
 * lock xadd of a register that was loaded with -1 shortly before. `start` bounds the look back. */
static bool is_decrement(const uint8_t *start, const uint8_t *at, const uint8_t *end)
{
	if (*at++ != 0xf0)
		return false;
	if (at < end && (*at & 0xf0) == 0x40)
		at++;
	if (end - at < 4)
		return false;
	unsigned operation = (at[1] >> 3) & 7;
	if (at[0] == 0xff || at[0] == 0xfe)
		return operation == 1;
	if (at[0] == 0x83)
		return operation == 5 || (operation == 0 && (at[2] == 0xff || at[3] == 0xff));
	if (at[0] == 0x0f && at[1] == 0xc1)
		return loads_minus_one(at - start > LOAD_BYTES ? at - LOAD_BYTES : start, at);
	return false;
}

/* The C library's own code (a thread's start counts threads) frees nothing for the program. */
static bool is_c_library(uintptr_t pc)
{
	static struct dl_find_object library;
	if (!library.dlfo_map_start && _dl_find_object((void *)abort, &library))
		return false;
	return pc >= (uintptr_t)library.dlfo_map_start && pc < (uintptr_t)library.dlfo_map_end;
}

/* The function decrements something atomically before the call that returns to pc. */
static bool counts_before(uintptr_t pc)
{
	uint8_t code[CODE_BYTES];
	uintptr_t start = rt_cfi_function(pc - 1);
	size_t bytes = start ? pc - start : 0;
	if (bytes > CODE_BYTES) {
		start = pc - CODE_BYTES;
		bytes = CODE_BYTES;
	}
	if (!bytes || !rt_sys_safe_copy(start, code, bytes))
		return false;
	for (size_t at = 0; at < bytes; at++)
		if (is_decrement(code, code + at, code + bytes))
			return true;
	return false;
}

bool rt_counts_references(const uint64_t *stack, uint32_t count)
{
	uint32_t frames = 0;
	for (uint32_t i = 0; i < count && frames < FRAMES; i++) {
		if (stack[i] < RT_PC_FUNCTIONS || is_c_library(stack[i]))
			continue;
		frames++;
		if (!rt_object_is_told(stack[i]) && counts_before(stack[i]))
			return true;
	}
	return false;
}

/* ---- exceptions ---- */

/* What drops a reference to an exception, and destroys it where that was the last one: libstdc++'s, libc++abi's, libc++'s. */
static const char *const dropping[] = {"__cxa_end_catch",
	"_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv", "__cxa_decrement_exception_refcount",
	"_ZNSt15__exception_ptr13exception_ptrD1Ev", "_ZNSt13exception_ptrD1Ev"};
static const char *const making[] = {"__cxa_allocate_exception", "__cxa_allocate_dependent_exception"};
static uintptr_t drops[RT_COUNT(dropping)]; /* 0: there is none, or what it does is seen */
static uintptr_t makes[RT_COUNT(making)];   /* likewise */
static bool some_drop;

static bool look_up(const char *const *names, uintptr_t *places, unsigned count)
{
	bool any = false;
	for (unsigned i = 0; i < count; i++)
		any |= (places[i] = (uintptr_t)rt_lookup(names[i])) != 0;
	return any;
}

void rt_references_find(void)
{
	static bool done;
	if (!done && !rt_string_equal(rt_options.rewrite, "all")) {
		some_drop = look_up(dropping, drops, RT_COUNT(drops));
		look_up(making, makes, RT_COUNT(makes));
	}
	done = true;
}

static bool is_among(const uintptr_t *places, unsigned count, uintptr_t function)
{
	for (unsigned i = 0; i < count; i++)
		if (places[i] && places[i] == function)
			return true;
	return false;
}

static bool is_drop(uintptr_t function)
{
	return is_among(drops, RT_COUNT(drops), function);
}

/* What the slot of a global offset table holds that the instruction before `end` refers to. */
static uintptr_t slot_value(uintptr_t end)
{
	int32_t distance;
	uintptr_t value;
	if (!rt_sys_safe_copy(end - sizeof(distance), &distance, sizeof(distance)) ||
		!rt_sys_safe_copy(end + (uintptr_t)(intptr_t)distance, &value, sizeof(value)))
		return 0;
	return value;
}

/* jmp *slot(%rip), perhaps behind endbr64 and with a bnd prefix: a stub of the procedure linkage table. */
static bool leads_to_drop(uintptr_t target)
{
	static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
	uint8_t code[sizeof(endbr64) + 3];
	size_t at = 0;
	if (is_drop(target))
		return true;
	if (!rt_sys_safe_copy(target, code, sizeof(code)))
		return false;
	at += rt_bytes_equal(code, endbr64, sizeof(endbr64)) ? sizeof(endbr64) : 0;
	at += code[at] == 0xf2;
	return code[at] == 0xff && code[at + 1] == 0x25 && is_drop(slot_value(target + at + 6));
}

/* The call that returns there: `call` by distance, or by a slot. What is called may leave by jumps: its frame is not needed. */
static bool calls_drop(uintptr_t pc)
{
	uint8_t code[6];
	int32_t distance;
	if (!rt_sys_safe_copy(pc - sizeof(code), code, sizeof(code)))
		return false;
	if (code[0] == 0xff && code[1] == 0x15)
		return is_drop(slot_value(pc));
	rt_bytes_copy(&distance, code + 2, sizeof(distance));
	return code[1] == 0xe8 && leads_to_drop(pc + (uintptr_t)(intptr_t)distance);
}

bool rt_destroys_exception(const uint64_t *stack, uint32_t count)
{
	for (uint32_t i = 0; i < count && some_drop; i++)
		if (stack[i] >= RT_PC_FUNCTIONS && calls_drop(stack[i]))
			return true;
	return false;
}

bool rt_makes_exception(const uint64_t *stack, uint32_t count)
{
	uint32_t i = 0;
	while (i < count && stack[i] < RT_PC_FUNCTIONS)
		i++;
	return i < count && some_drop && is_among(makes, RT_COUNT(makes), rt_cfi_function(stack[i] - 1));
}
