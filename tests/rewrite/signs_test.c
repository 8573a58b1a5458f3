/* Signs in texts: parts of the C library's and of this program's text, and texts of bytes that signs are made of, are looked through place
 * by place, and what is found by blocks has to be the same. Whatever begins in one block and ends in the next, or at the end. */
#include "rewrite/decode.h"
#include "rewrite/imports.h"
#include "rewrite/signs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { WINDOWS = 3000, WINDOW_MOST = 1 << 14, TEXTS = 20000, TEXT_MOST = 80, FAR_TEXTS = 400 };

static unsigned failed, found_of[RT_SIGNS_ALL + 1];

/* ---- place by place ---- */

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

static bool is_locked(const struct rt_module *module, uint32_t at)
{
	struct rt_insn insn;
	return module->text.code[at] == 0xf0 && rt_decode(&module->text, at, module->text.bytes, &insn) &&
	       insn.is_locked && insn.bytes > 2 && is_instruction(module, at);
}

static bool calls_futex(const struct rt_module *module, uint32_t at)
{
	const struct rt_code *text = &module->text;
	static const uint8_t number[] = {__NR_futex, 0, 0, 0};
	if (text->bytes - at < 5 || memcmp(text->code + at + 1, number, sizeof(number)) != 0)
		return false;
	if (text->code[at] == 0xbf)
		return rt_imports(module, "syscall");
	for (uint32_t call = at + 5; call + 2 <= text->bytes && call < at + 5 + 64; call++)
		if (text->code[at] == 0xb8 && text->code[call] == 0x0f && text->code[call + 1] == 0x05)
			return true;
	return false;
}

/* Of the ways to ask the kernel the one without another name. */
static bool asks_for_gs(const struct rt_code *text, uint32_t at)
{
	static const uint8_t asks[] = {0xbf, 0x01, 0x10, 0, 0}, number[] = {0xb8, __NR_arch_prctl, 0, 0, 0};
	bool near = false, calls = false;
	if (text->bytes - at < sizeof(asks) || memcmp(text->code + at, asks, sizeof(asks)) != 0)
		return false;
	for (uint32_t i = at < 63 ? 0 : at - 63; i + 5 <= text->bytes && i + 5 <= at + 65; i++)
		near |= !memcmp(text->code + i, number, sizeof(number));
	for (uint32_t i = at + 1; i + 2 <= text->bytes && i < at + 65; i++)
		calls |= text->code[i] == 0x0f && text->code[i + 1] == 0x05;
	return near && calls;
}

static unsigned find_slowly(const struct rt_module *module)
{
	const struct rt_code *text = &module->text;
	unsigned found = 0;
	for (uint32_t at = 0; at < text->bytes; at++) {
		const uint8_t *code = text->code + at;
		uint32_t left = text->bytes - at;
		if (!(found & RT_SIGN_PAUSE) && left > 1 && code[0] == 0xf3 && code[1] == 0x90 &&
			is_instruction(module, at))
			found |= RT_SIGN_PAUSE;
		if (!(found & RT_SIGN_LOCK) && left > 6 && is_locked(module, at))
			found |= RT_SIGN_LOCK;
		if (calls_futex(module, at))
			found |= RT_SIGN_FUTEX;
		if (left > 4 && code[0] == 0xf3 && (code[1] & 0xf8) == 0x48 && code[2] == 0x0f &&
			code[3] == 0xae && (code[4] & 0xf8) == 0xd8)
			found |= RT_SIGN_GS;
		if (asks_for_gs(text, at))
			found |= RT_SIGN_GS;
	}
	return found;
}

static void compare(const struct rt_module *module, const char *what)
{
	unsigned expected = find_slowly(module), found = rt_signs_find(module, RT_SIGNS_ALL);
	unsigned wanted = (unsigned)rand() & RT_SIGNS_ALL;
	found_of[found]++;
	if (found == expected && rt_signs_find(module, wanted) == (found & wanted))
		return;
	failed++;
	printf("%s: signs %x, expected %x, in %u bytes\n", what, found, expected, module->text.bytes);
}

/* ---- texts ---- */

static void look_at_windows(struct rt_module *module, void *data)
{
	(void)data;
	if (strstr(module->path, "libZydis"))
		return;
	for (unsigned i = 0; i < WINDOWS / 2; i++) {
		struct rt_module part = *module;
		uint32_t from = (uint32_t)rand() % module->text.bytes;
		uint32_t most = module->text.bytes - from, bytes = (uint32_t)rand() % WINDOW_MOST;
		part.text.start += from;
		part.text.code += from;
		part.text.bytes = bytes < most ? bytes : most;
		compare(&part, module->path[0] ? module->path : "the program");
	}
}

/* Of the bytes that signs are made of, in memory that is no longer than it has to be. */
static void look_at_text(uint32_t bytes)
{
	static const uint8_t pieces[] = {
		0xf3, 0x48, 0x49, 0x0f, 0xae, 0xd8, 0xd9, 0xb8, 0xbf, __NR_futex, 0, 0, 0, 5, 0xf0, 0x90};
	static const uint8_t gs[] = {0xf3, 0x48, 0x0f, 0xae, 0xd8},
			     futex[] = {0xb8, __NR_futex, 0, 0, 0, 0x0f, 0x05},
			     asked[] = {0xb8, __NR_arch_prctl, 0, 0, 0, 0xbf, 0x01, 0x10, 0, 0, 0x0f, 0x05};
	uint8_t *code = malloc(bytes);
	struct rt_module module = {.path = "", .text = {(uintptr_t)code, bytes, code}};
	for (uint32_t i = 0; i < bytes; i++)
		code[i] = bytes > TEXT_MOST ? 0xcc : pieces[(unsigned)rand() % sizeof(pieces)];
	if (rand() % 2 && bytes >= sizeof(gs))
		memcpy(code + (unsigned)rand() % (bytes - sizeof(gs) + 1), gs, sizeof(gs));
	if (rand() % 2 && bytes >= sizeof(futex))
		memcpy(code + (unsigned)rand() % (bytes - sizeof(futex) + 1), futex, sizeof(futex));
	if (rand() % 2 && bytes >= sizeof(asked))
		memcpy(code + (unsigned)rand() % (bytes - sizeof(asked) + 1), asked, sizeof(asked));
	compare(&module, "bytes");
	free(code);
}

int main(void)
{
	const char *why = rt_decode_open();
	if (why) {
		printf("no decoder: %s\n", why);
		return 1;
	}
	srand(11);
	rt_modules_visit(look_at_windows, NULL);
	for (unsigned i = 0; i < TEXTS; i++)
		look_at_text(1 + (uint32_t)rand() % TEXT_MOST);
	for (unsigned i = 0; i < FAR_TEXTS; i++)
		look_at_text(WINDOW_MOST + (uint32_t)rand() % 64);
	unsigned kinds = 0, looked = 0;
	for (unsigned i = 0; i <= RT_SIGNS_ALL; i++) {
		kinds |= found_of[i] ? i : 0;
		looked += found_of[i];
	}
	if (kinds != RT_SIGNS_ALL) {
		printf("only signs %x were found at all\n", kinds);
		return 1;
	}
	printf("%u texts, %u differ\n", looked, failed);
	return failed != 0;
}
