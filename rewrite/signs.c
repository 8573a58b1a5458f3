#include "signs.h"

#include "bytes.h"
#include "decode.h"

enum {
	FIRST = 0xf3, /* of the two bytes of `pause` */
	SECOND = 0x90,
	STEP = sizeof(uint64_t),
	LOCK = 0xf0, /* the prefix */
	LONGEST = 6, /* bytes from it to the operand */
};
#define EACH 0x0101010101010101ull

/* The instructions of a function, taken apart from its start on as far as somebody asked: places are asked for in ascending order. */
struct walk {
	uint32_t start, at;
};

/* An instruction of a function, and not the end or the beginning of others, or a constant. */
static bool is_instruction(const struct rt_module *module, struct walk *walk, uint32_t place)
{
	struct rt_insn insn;
	uint32_t start;
	if (!rt_module_find_start(module, place, &start))
		return false;
	if (walk->start != start)
		*walk = (struct walk){start, start};
	while (walk->at < place)
		walk->at += rt_decode(&module->text, walk->at, module->text.bytes, &insn) ? insn.bytes : 1;
	return walk->at == place;
}

/* Of eight bytes from `at` on: which differ from a repeated one. */
static uint64_t differ(const uint8_t *at, uint8_t byte)
{
	return *(const rt_uint64_anywhere_t *)at ^ EACH * byte;
}

static bool has_zero(uint64_t bytes)
{
	return (bytes - EACH) & ~bytes & EACH << 7;
}

bool rt_signs_pause(const struct rt_module *module)
{
	const struct rt_code *text = &module->text;
	struct walk walk = {UINT32_MAX, 0};
	if (!rt_decode_is_open())
		return false;
	for (uint32_t from = 0; from + STEP < text->bytes; from += STEP) {
		if (RT_LIKELY(!has_zero(
			    differ(text->code + from, FIRST) | differ(text->code + from + 1, SECOND))))
			continue;
		for (uint32_t at = from; at < from + STEP; at++)
			if (text->code[at] == FIRST && text->code[at + 1] == SECOND &&
				is_instruction(module, &walk, at))
				return true;
	}
	return false;
}

/* The prefix would stand in front of an instruction that it may be in front of, with memory for its operand. */
static bool is_locked(const uint8_t *lock)
{
	enum { REX = 0x40, ESCAPE = 0x0f, CMP = 0x38, GROUP = 0x80 };
	const uint8_t *code = lock + 1;
	code += (*code & 0xf0) == REX;
	bool has_escape = *code == ESCAPE;
	code += has_escape;
	bool changes = has_escape ? *code >= 0xa0 : *code < CMP ? !(*code & 6) : *code >= GROUP;
	return changes && code[1] < 0xc0;
}

bool rt_signs_lock(const struct rt_module *module)
{
	const struct rt_code *text = &module->text;
	struct walk walk = {UINT32_MAX, 0};
	struct rt_insn insn;
	if (!rt_decode_is_open())
		return false;
	for (uint32_t from = 0; from + STEP + LONGEST < text->bytes; from += STEP) {
		if (RT_LIKELY(!has_zero(differ(text->code + from, LOCK))))
			continue;
		for (uint32_t at = from; at < from + STEP; at++)
			if (text->code[at] == LOCK && is_locked(text->code + at) &&
				rt_decode(text, at, text->bytes, &insn) && insn.is_locked &&
				is_instruction(module, &walk, at))
				return true;
	}
	return false;
}
