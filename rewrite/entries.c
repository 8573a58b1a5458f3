/* The places of a text that may be reached other than by running on or by a branch of their own function. */
#include "module.h"

#include "pads.h"

#include "dwarf/reader.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

#include <emmintrin.h>

enum {
	STEP = 16, /* bytes of code looked at together */
	OPCODE_LEA = 0x8d,
	PLACE_BYTES = 4,
	TABLE_ENTRIES = 1 << 16,
	COLD_TARGETS = 4,
};

/* Whole pages with room for so many bits, and one. */
static size_t bitmap_bytes(uint64_t bits)
{
	return (bits / 8 + RT_PAGE_BYTES) & ~(size_t)(RT_PAGE_BYTES - 1);
}

static size_t entries_bytes(const struct rt_module *module)
{
	return bitmap_bytes(module->text.bytes);
}

static size_t places_bytes(const struct rt_module *module)
{
	return bitmap_bytes((module->whole.high - module->whole.low) / PLACE_BYTES);
}

/* Marks an address if it is in the text. */
static void mark_address(struct rt_module *module, uintptr_t address)
{
	if (address - module->text.start < module->text.bytes)
		rt_module_mark(module, (uint32_t)(address - module->text.start));
}

static void mark_starts(struct rt_module *module)
{
	for (uint32_t i = 0; i < module->function_count; i++)
		rt_module_mark(module, module->functions[i].start);
}

/* ---- pointers in data ---- */

static void mark_pointers(struct rt_module *module)
{
	for (unsigned i = 0; i < module->pointer_count; i++) {
		struct rt_range range = module->pointers[i];
		for (uintptr_t at = (range.low + 7) & ~(uintptr_t)7; at < range.high && range.high - at >= 8;
			at += 8)
			mark_address(module, *(const uintptr_t *)at);
	}
}

/* ---- what code refers to ---- */

/* Whether the byte before those that are looked at was 0f, or a prefix for 64 bits. */
struct before {
	uint32_t escape, rex;
};

static uint32_t equal(__m128i bytes, uint8_t mask, uint8_t value)
{
	__m128i masked = _mm_and_si128(bytes, _mm_set1_epi8((char)mask));
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(masked, _mm_set1_epi8((char)value)));
}

/* Which of 16 bytes may be the last byte of an opcode of interest, a bit for each: of jmp and call (e9, e8), jcc (0f 80 to
 * 0f 8f), lea with a 64-bit operand (48 8d, 4c 8d). */
static uint32_t find_opcodes(const uint8_t *code, struct before *before)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)code);
	uint32_t escape = equal(bytes, 0xff, 0x0f), rex = equal(bytes, 0xfb, 0x48);
	uint32_t found = equal(bytes, 0xfe, 0xe8) |
			 (equal(bytes, 0xf0, 0x80) & (escape << 1 | before->escape)) |
			 (equal(bytes, 0xff, OPCODE_LEA) & (rex << 1 | before->rex));
	*before = (struct before){escape >> (STEP - 1), rex >> (STEP - 1)};
	return found;
}

/* Where a branch leads whose opcode ends at `offset`, if it is one. A target that is marked already needs no second look:
 * most calls are of function starts. *function: the first that ends behind the branch. */
static void guess_target(struct rt_module *module, const struct rt_function **function, uint32_t offset)
{
	const struct rt_function *last = module->functions + module->function_count;
	if (module->text.bytes - offset < 5)
		return;
	int64_t target = (int64_t)offset + 5 + rt_word_get(module->text.code + offset + 1);
	if (target < 0 || target >= module->text.bytes || rt_module_is_entry(module, (uint32_t)target))
		return;
	while (*function < last && (*function)->end <= offset)
		++*function;
	const struct rt_function *own = *function;
	bool is_known = own < last && own->start <= offset;
	if (!is_known || target < own->start || target >= own->end)
		module->guesses[target / 8] |= (uint8_t)(1u << target % 8);
}

/* A lea whose opcode ends at `offset`: is its address relative to the program counter? */
static void mark_place(struct rt_module *module, uint32_t offset)
{
	const uint8_t *code = module->text.code + offset;
	if (module->text.bytes - offset < 6 || (code[1] & 0xc7) != 0x05)
		return;
	uintptr_t address = module->text.start + offset + 6 + (uintptr_t)(intptr_t)rt_word_get(code + 2);
	uint64_t place = (address - module->whole.low) / PLACE_BYTES;
	if (address >= module->whole.low && address < module->whole.high && address % PLACE_BYTES == 0)
		module->places[place / 8] |= (uint8_t)(1u << place % 8);
}

/* Any byte may begin an instruction. Branches of 2 bytes are not looked for: 1 byte in 15 could be one, and hardly any leads
 * out of its function. */
static void look_at_code(struct rt_module *module)
{
	const struct rt_function *function = module->functions;
	struct before before = {0, 0};
	uint32_t bytes = module->text.bytes;
	for (uint32_t offset = 0; offset < bytes; offset += STEP) {
		uint8_t tail[STEP] = {0};
		const uint8_t *code = module->text.code + offset;
		if (bytes - offset < STEP) {
			rt_bytes_copy(tail, code, bytes - offset);
			code = tail;
		}
		for (uint32_t found = find_opcodes(code, &before); found; found &= found - 1) {
			uint32_t at = offset + (uint32_t)__builtin_ctz(found);
			if (module->text.code[at] == OPCODE_LEA && module->text.code[at - 1] != 0x0f)
				mark_place(module, at);
			else
				guess_target(module, &function, at);
		}
	}
}

/* ---- landing pads ---- */

/* *left: what all tables of the module may have in bytes. False: not understood. */
static bool mark_pads_of(struct rt_module *module, const struct rt_function *function, uint64_t *left)
{
	struct rt_pads pads;
	struct rt_pad pad;
	if (!rt_pads_begin(&pads, module, function) || (uint64_t)(pads.sites.end - pads.sites.at) > *left)
		return false;
	*left -= (uint64_t)(pads.sites.end - pads.sites.at);
	while (rt_pads_next(&pads, &pad))
		if (pad.pad)
			mark_address(module, pad.pad);
	return !pads.sites.failed;
}

/* Any instruction of a function whose pads are not understood may be one. Tables that are sound do not overlap: together
 * they have no more bytes than the module. */
static void mark_pads(struct rt_module *module)
{
	uint64_t left = 0;
	for (unsigned i = 0; i < module->readable_count; i++)
		left += module->readable[i].high - module->readable[i].low;
	for (uint32_t i = 0; i < module->function_count; i++) {
		const struct rt_function *function = &module->functions[i];
		if (!function->personality_data || mark_pads_of(module, function, &left))
			continue;
		for (uint32_t offset = function->start; offset < function->end; offset++)
			rt_module_mark(module, offset);
	}
}

bool rt_module_find_entries(struct rt_module *module)
{
	module->entries = rt_sys_pages(entries_bytes(module));
	module->guesses = rt_sys_pages(entries_bytes(module));
	module->places = rt_sys_pages(places_bytes(module));
	if (!module->entries || !module->guesses || !module->places)
		return false;
	mark_starts(module);
	mark_pointers(module);
	look_at_code(module);
	mark_pads(module);
	return true;
}

/* ---- tables of jumps ---- */

/* Cases that the compiler holds for unlikely (they abort, they throw) lie in the function's cold part, which unwinding
 * information knows as another function. */
struct cold {
	uint32_t targets[COLD_TARGETS];
	unsigned count;
};

static bool is_cold(const struct rt_module *module, struct cold *cold, uint32_t target)
{
	for (unsigned i = 0; i < cold->count; i++)
		if (cold->targets[i] == target)
			return true;
	if (cold->count == COLD_TARGETS || !rt_module_function(module, target))
		return false;
	cold->targets[cold->count++] = target;
	return true;
}

bool rt_module_is_place(const struct rt_module *module, uintptr_t address)
{
	uint64_t place = (address - module->whole.low) / PLACE_BYTES;
	return module->places[place / 8] >> place % 8 & 1;
}

static void mark_table(struct rt_module *module, const struct rt_function *function, int64_t place,
	const int32_t *distances, uint64_t count)
{
	struct cold cold = {.count = 0};
	bool is_table = false;
	for (uint64_t i = 0; i < count && !(i && rt_module_is_place(module, (uintptr_t)&distances[i])); i++) {
		int64_t target = place + distances[i];
		if (target >= function->start && target < function->end) {
			rt_module_mark(module, (uint32_t)target);
			is_table = true;
		} else if (target < 0 || target >= module->text.bytes ||
			   !is_cold(module, &cold, (uint32_t)target)) {
			break;
		}
	}
	for (unsigned i = 0; is_table && i < cold.count; i++)
		rt_module_mark(module, cold.targets[i]);
}

void rt_module_table(struct rt_module *module, const struct rt_function *function, int64_t place)
{
	if (place >= 0 && place < module->text.bytes) {
		rt_module_mark(module, (uint32_t)place);
		if (rt_module_function(module, (uint32_t)place))
			return;
	}
	uintptr_t address = module->text.start + (uintptr_t)place;
	struct rt_range memory = rt_module_memory(module, address);
	uint64_t count = (memory.high - memory.low) / sizeof(int32_t);
	if (address % sizeof(int32_t) == 0)
		mark_table(module, function, place, (const int32_t *)address,
			count < TABLE_ENTRIES ? count : TABLE_ENTRIES);
}

void rt_module_forget_entries(struct rt_module *module)
{
	if (module->entries)
		rt_sys_munmap(module->entries, entries_bytes(module));
	if (module->guesses)
		rt_sys_munmap(module->guesses, entries_bytes(module));
	if (module->places)
		rt_sys_munmap(module->places, places_bytes(module));
	module->entries = module->guesses = module->places = NULL;
}

void rt_module_fini(struct rt_module *module)
{
	rt_module_forget_entries(module);
	rt_free(module->functions, module->function_count * sizeof(*module->functions));
	module->functions = NULL;
	module->function_count = 0;
}
