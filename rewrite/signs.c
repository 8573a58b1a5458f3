#include "signs.h"

#include "bytes.h"
#include "decode.h"
#include "imports.h"

#include <emmintrin.h>
#include <sys/syscall.h>

enum {
	BLOCK = 16,
	PART = 256 * BLOCK,
	NEAR = 64, /* bytes from the number of a call of the kernel to the call */
	/* mov $number, %register */
	MOV_EAX = 0xb8,
	MOV_ESI = 0xbe,
	MOV_EDI = 0xbf,
	MOVE_BYTES = 5,
	ARCH_SET_GS = 0x1001,
};

/* For one sign, in ascending order. */
struct search {
	const struct rt_module *module;
	const struct rt_code *text;
	struct { /* the function that was taken apart last, from its start on as far as somebody asked */
		uint32_t start, at;
	} walk;
};

/* An instruction of a function, and not the end or the beginning of others, or a constant. */
static bool is_instruction(struct search *search, uint32_t place)
{
	struct rt_insn insn;
	uint32_t start;
	if (!rt_decode_is_open() || !rt_module_find_start(search->module, place, &start))
		return false;
	if (search->walk.start != start)
		search->walk.start = search->walk.at = start;
	while (search->walk.at < place)
		search->walk.at +=
			rt_decode(search->text, search->walk.at, search->text->bytes, &insn) ? insn.bytes : 1;
	return search->walk.at == place;
}

/* The prefix would stand in front of an instruction that it may be in front of, with memory for its operand. */
static bool may_be_locked(const struct rt_code *text, uint32_t at)
{
	enum { REX = 0x40, ESCAPE = 0x0f, CMP = 0x38, GROUP = 0x80, LONGEST = 6 /* bytes to the operand */ };
	const uint8_t *code = text->code + at + 1;
	if (text->bytes - at <= LONGEST)
		return false;
	code += (*code & 0xf0) == REX;
	bool has_escape = *code == ESCAPE;
	code += has_escape;
	bool changes = has_escape ? *code >= 0xa0 : *code < CMP ? !(*code & 6) : *code >= GROUP;
	return changes && code[1] < 0xc0;
}

static bool is_locked(struct search *search, uint32_t at)
{
	struct rt_insn insn;
	return may_be_locked(search->text, at) && rt_decode_is_open() &&
	       rt_decode(search->text, at, search->text->bytes, &insn) && insn.is_locked &&
	       is_instruction(search, at);
}

static bool calls_kernel(const struct rt_code *text, uint32_t from)
{
	for (uint32_t at = from; at + 2 <= text->bytes && at < from + NEAR; at++)
		if (text->code[at] == 0x0f && text->code[at + 1] == 0x05)
			return true;
	return false;
}

/* mov $__NR_futex, %eax and a call of the kernel, or mov $__NR_futex, %edi where it calls `syscall`. The number stands at `at`. */
static bool is_futex(struct search *search, uint32_t at)
{
	enum { NUMBER_BYTES = 4 };
	const struct rt_code *text = search->text;
	if (!at || text->bytes - at < NUMBER_BYTES || rt_word_get(text->code + at) != __NR_futex)
		return false;
	uint8_t move = text->code[at - 1];
	return move == MOV_EAX ? calls_kernel(text, at + NUMBER_BYTES)
			       : move == MOV_EDI && rt_imports(search->module, "syscall");
}

/* wrgsbase of 64 bits: f3, a REX prefix with W, 0f ae, and a ModRM byte of /3 with a register. The 0f stands at `at`. */
static bool sets_gs(struct search *search, uint32_t at)
{
	const uint8_t *code = search->text->code + at;
	return at > 1 && search->text->bytes - at > 2 && code[-2] == 0xf3 && (code[-1] & 0xf8) == 0x48 &&
	       (code[2] & 0xf8) == 0xd8;
}

/* Such a number is put into a register, before or behind the place. */
static bool is_near(const struct rt_code *text, uint32_t at, uint8_t move, uint32_t number)
{
	uint32_t from = at > NEAR ? at - NEAR : 0, end = text->bytes - at > NEAR ? at + NEAR : text->bytes;
	for (uint32_t i = from; i + MOVE_BYTES <= end; i++)
		if (text->code[i] == move && rt_word_get(text->code + i + 1) == (int32_t)number)
			return true;
	return false;
}

/* arch_prctl(ARCH_SET_GS, ...): by its name, by `syscall`, or by hand. The number stands at `at`. */
static bool asks_for_gs(struct search *search, uint32_t at)
{
	const struct rt_code *text = search->text;
	if (!at || text->bytes - at < sizeof(uint32_t) || rt_word_get(text->code + at) != ARCH_SET_GS)
		return false;
	switch (text->code[at - 1]) {
	case MOV_EDI:
		return rt_imports(search->module, "arch_prctl") ||
		       (is_near(text, at, MOV_EAX, __NR_arch_prctl) && calls_kernel(text, at));
	case MOV_ESI:
		return is_near(text, at, MOV_EDI, __NR_arch_prctl) && rt_imports(search->module, "syscall");
	default:
		return false;
	}
}

/* Two bytes side by side that each place with the sign has. */
static const struct look {
	enum rt_sign sign;
	uint8_t first, second, second_counts; /* its bits */
	bool (*is)(struct search *search, uint32_t at);
} looks[] = {
	{RT_SIGN_PAUSE, 0xf3, 0x90, 0xff, is_instruction},
	{RT_SIGN_LOCK, 0xf0, 0, 0, is_locked},
	{RT_SIGN_FUTEX, __NR_futex, 0, 0xff, is_futex},
	{RT_SIGN_GS, 0x0f, 0xae, 0xff, sets_gs},
	{RT_SIGN_GS, ARCH_SET_GS & 0xff, ARCH_SET_GS >> 8, 0xff, asks_for_gs},
};

/* A bit for each of the block's bytes that begins such a pair; the byte behind the block is read. */
static unsigned find_pairs(const struct look *look, const uint8_t *block)
{
	__m128i first = _mm_loadu_si128((const __m128i *)block);
	__m128i second = _mm_loadu_si128((const __m128i *)(block + 1));
	first = _mm_cmpeq_epi8(first, _mm_set1_epi8((char)look->first));
	second = _mm_and_si128(second, _mm_set1_epi8((char)look->second_counts));
	second = _mm_cmpeq_epi8(second, _mm_set1_epi8((char)look->second));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, second));
}

/* The last bytes, with zeros behind them: those begin nothing. */
static unsigned find_last_pairs(const struct look *look, const struct rt_code *text, uint32_t from)
{
	uint8_t block[BLOCK + 1] = {0};
	rt_bytes_copy(block, text->code + from, text->bytes - from);
	return find_pairs(look, block);
}

static bool is_in_part(struct search *search, const struct look *look, uint32_t from)
{
	const struct rt_code *text = search->text;
	for (uint32_t end = text->bytes - from > PART ? from + PART : text->bytes; from < end;
		from += BLOCK) {
		unsigned pairs = RT_LIKELY(text->bytes - from > BLOCK) ? find_pairs(look, text->code + from)
								       : find_last_pairs(look, text, from);
		for (; RT_UNLIKELY(pairs); pairs &= pairs - 1)
			if (look->is(search, from + (uint32_t)__builtin_ctz(pairs)))
				return true;
	}
	return false;
}

/* Part by part, so that memory is read once for all signs. */
unsigned rt_signs_find(const struct rt_module *module, unsigned wanted)
{
	struct search searches[RT_COUNT(looks)];
	unsigned found = 0;
	for (unsigned i = 0; i < RT_COUNT(looks); i++)
		searches[i] = (struct search){module, &module->text, {UINT32_MAX, 0}};
	for (uint32_t from = 0; from < module->text.bytes && found != wanted; from += PART)
		for (unsigned i = 0; i < RT_COUNT(looks); i++)
			if (wanted & ~found & looks[i].sign && is_in_part(&searches[i], &looks[i], from))
				found |= looks[i].sign;
	return found;
}
