#include "references.h"

#include "cfi.h"
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

bool rt_counts_references(const uint64_t *stack, uint32_t count)
{
	uint32_t frames = 0;
	for (uint32_t i = 0; i < count && frames < FRAMES; i++) {
		uint8_t code[CODE_BYTES];
		if (stack[i] < RT_PC_FUNCTIONS || is_c_library(stack[i]))
			continue;
		frames++;
		uintptr_t start = rt_cfi_function(stack[i] - 1);
		size_t bytes = start ? stack[i] - start : 0;
		if (bytes > CODE_BYTES) {
			start = stack[i] - CODE_BYTES;
			bytes = CODE_BYTES;
		}
		if (!bytes || !rt_sys_safe_copy(start, code, bytes))
			continue;
		for (size_t at = 0; at < bytes; at++)
			if (is_decrement(code, code + at, code + bytes))
				return true;
	}
	return false;
}
