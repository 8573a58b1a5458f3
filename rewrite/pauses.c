#include "pauses.h"

#include "bytes.h"
#include "decode.h"

enum {
	FIRST = 0xf3,
	SECOND = 0x90,
	STEP = sizeof(uint64_t)
};

/* An instruction of a function, and not the end or the beginning of others, or a constant. */
static bool is_instruction(const struct rt_module *module, uint32_t place)
{
	struct rt_insn insn;
	uint32_t at;
	if (!rt_module_find_start(module, place, &at))
		return false;
	while (at < place)
		at += rt_decode(&module->text, at, module->text.bytes, &insn) ? insn.bytes : 1;
	return at == place;
}

/* One of eight bytes is FIRST, and SECOND comes next. */
static bool has_pair(const uint8_t *at)
{
	const uint64_t ones = 0x0101010101010101;
	const rt_uint64_anywhere_t *first = (const rt_uint64_anywhere_t *)at;
	const rt_uint64_anywhere_t *second = (const rt_uint64_anywhere_t *)(at + 1);
	uint64_t others = (*first ^ ones * FIRST) | (*second ^ ones * SECOND);
	return (others - ones) & ~others & ones << 7;
}

bool rt_pauses_in(const struct rt_module *module)
{
	const struct rt_code *text = &module->text;
	if (!rt_decode_is_open())
		return false;
	for (uint32_t from = 0; from + STEP < text->bytes; from += STEP) {
		if (RT_LIKELY(!has_pair(text->code + from)))
			continue;
		for (uint32_t at = from; at < from + STEP; at++)
			if (text->code[at] == FIRST && text->code[at + 1] == SECOND && is_instruction(module, at))
				return true;
	}
	return false;
}
