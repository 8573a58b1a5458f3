/* The places of a text that may be reached other than by running on or by a branch of their own function. */
#include "module.h"

#include "dwarf/reader.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum { TABLE_ENTRIES = 1 << 16 };

static size_t entries_bytes(const struct rt_module *module)
{
	return ((size_t)module->text.bytes / 8 + RT_PAGE_BYTES) & ~(size_t)(RT_PAGE_BYTES - 1);
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

/* ---- branches from elsewhere ---- */

static int32_t distance_at(const uint8_t *at)
{
	typedef int32_t __attribute__((aligned(1), may_alias)) distance_t;
	return *(const distance_t *)at;
}

/* Every byte may begin an instruction: jmp and call (e9, e8), and jcc (0f 80 to 0f 8f), of which the second byte is looked
 * for. What is behind the function starts that are marked already is a branch to a function, and most are. */
static void mark_branches(struct rt_module *module)
{
	const uint8_t *code = module->text.code;
	const struct rt_function *function = module->functions, *last = function + module->function_count;
	uint8_t before = 0;
	for (uint32_t offset = 0; offset + 5 <= module->text.bytes; offset++) {
		uint8_t byte = code[offset];
		bool is_branch = (byte & 0xfe) == 0xe8 || ((byte & 0xf0) == 0x80 && before == 0x0f);
		before = byte;
		if (RT_LIKELY(!is_branch))
			continue;
		int64_t target = (int64_t)offset + 5 + distance_at(code + offset + 1);
		if (target < 0 || target >= module->text.bytes ||
			rt_module_is_entry(module, (uint32_t)target))
			continue;
		while (function < last && function->end <= offset)
			function++;
		if (function == last || function->start > offset || target < function->start ||
			target >= function->end)
			rt_module_mark(module, (uint32_t)target);
	}
}

/* ---- landing pads ---- */

/* An LSDA: where its pads are counted from, what its types are, then the call sites. *left: what all call-site tables of the
 * module may have in bytes. False: not understood. */
static bool mark_pads_at(struct rt_module *module, const struct rt_function *function, uint64_t *left)
{
	struct rt_range memory = rt_module_memory(module, module->whole.low + function->personality_data);
	struct rt_reader reader = {(const uint8_t *)memory.low, (const uint8_t *)memory.high, false};
	uint8_t base_encoding = (uint8_t)rt_read_fixed(&reader, 1);
	uint64_t base = module->text.start + function->start;
	if (base_encoding != RT_ENCODING_OMIT)
		base = rt_read_encoded(&reader, base_encoding);
	if (rt_read_fixed(&reader, 1) != RT_ENCODING_OMIT)
		rt_read_uleb(&reader);
	uint8_t encoding = (uint8_t)rt_read_fixed(&reader, 1) & RT_ENCODING_FORM;
	struct rt_reader sites = rt_read_block(&reader);
	if (reader.failed || (uint64_t)(sites.end - sites.at) > *left)
		return false;
	*left -= (uint64_t)(sites.end - sites.at);
	while (sites.at < sites.end) {
		rt_read_encoded(&sites, encoding); /* the calls' start */
		rt_read_encoded(&sites, encoding); /* their bytes */
		uint64_t pad = rt_read_encoded(&sites, encoding);
		rt_read_uleb(&sites); /* action */
		if (sites.failed)
			return false;
		if (pad)
			mark_address(module, base + pad);
	}
	return true;
}

/* Any instruction of a function whose pads are not understood may be one. Tables that are sound do not overlap: together they
 * have no more bytes than the module. */
static void mark_pads(struct rt_module *module)
{
	uint64_t left = 0;
	for (unsigned i = 0; i < module->readable_count; i++)
		left += module->readable[i].high - module->readable[i].low;
	for (uint32_t i = 0; i < module->function_count; i++) {
		const struct rt_function *function = &module->functions[i];
		if (!function->personality_data || mark_pads_at(module, function, &left))
			continue;
		for (uint32_t offset = function->start; offset < function->end; offset++)
			rt_module_mark(module, offset);
	}
}

bool rt_module_find_entries(struct rt_module *module)
{
	module->entries = rt_sys_pages(entries_bytes(module));
	if (!module->entries)
		return false;
	mark_starts(module);
	mark_pointers(module);
	mark_branches(module);
	mark_pads(module);
	return true;
}

/* ---- tables of jumps ---- */

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
	const int32_t *distances = (const int32_t *)address;
	if (address % sizeof(int32_t))
		return;
	for (uint64_t i = 0; i < count && i < TABLE_ENTRIES; i++) {
		int64_t target = place + distances[i];
		if (target < function->start || target >= function->end)
			return;
		rt_module_mark(module, (uint32_t)target);
	}
}

void rt_module_fini(struct rt_module *module)
{
	rt_free(module->functions, module->function_count * sizeof(*module->functions));
	if (module->entries)
		rt_sys_munmap(module->entries, entries_bytes(module));
	module->functions = NULL;
	module->function_count = 0;
	module->entries = NULL;
}
