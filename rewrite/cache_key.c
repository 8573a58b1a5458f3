/* What a clone depends on: the text, the tables beside it, where data points into it, what was asked for, and the program that
 * wrote it, down to where the loader put its thread-local words. */
#include "cache.h"

#include "choice.h"
#include "slots.h"
#include "shadow/engine.h"
#include "shadow/text.h"

/* ---- who writes clones ---- */

enum { MAKERS = 2 };

/* This library and the decoder. */
static struct makers {
	struct rt_digest digest;
	unsigned found; /* with a build id */
} makers;

static bool is_maker(const struct rt_module *module)
{
	static const char decoder[] = "libZydis.so";
	uintptr_t own = (uintptr_t)&rt_cache_identify;
	return own - module->text.start < module->text.bytes ||
	       rt_bytes_equal(rt_file_base(module->path), decoder, sizeof(decoder) - 1);
}

static void find_maker(struct rt_module *module, void *data)
{
	(void)data;
	if (!is_maker(module) || !module->build_id_bytes)
		return;
	makers.found++;
	rt_digest_add(&makers.digest, module->build_id, module->build_id_bytes);
}

const struct rt_digest *rt_cache_makers(void)
{
	if (!makers.found)
		rt_modules_visit(find_maker, NULL);
	return makers.found == MAKERS ? &makers.digest : NULL;
}

/* ---- the module ---- */

static void add_number(struct rt_digest *digest, uint64_t number)
{
	rt_digest_add(digest, &number, sizeof(number));
}

static void add_range(struct rt_digest *digest, const struct rt_module *module, struct rt_range range)
{
	add_number(digest, range.low - module->whole.low);
	add_number(digest, range.high - module->whole.low);
}

/* Segments, and what is in those that nobody writes. */
static void add_segments(struct rt_digest *digest, const struct rt_module *module)
{
	add_number(digest, module->text.start - module->whole.low);
	add_number(digest, module->text.bytes);
	add_number(digest, module->base ? 0 : module->whole.low);
	for (unsigned i = 0; i < module->writable_count; i++)
		add_range(digest, module, module->writable[i]);
	for (unsigned i = 0; i < module->readable_count; i++) {
		struct rt_range range = module->readable[i];
		add_range(digest, module, range);
		if (module->constant >> i & 1)
			rt_digest_add(digest, (const void *)range.low, range.high - range.low);
	}
}

/* The places of the text that pointers in data lead to are entries. */
static void add_pointers(struct rt_digest *digest, const struct rt_module *module)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < module->pointer_count; i++) {
		struct rt_range range = module->pointers[i];
		for (uintptr_t at = (range.low + 7) & ~(uintptr_t)7; at < range.high && range.high - at >= 8;
			at += 8) {
			uint64_t offset = *(const uintptr_t *)at - module->text.start;
			if (offset < module->text.bytes)
				sum = rt_hash64(sum + offset + 1);
		}
	}
	add_number(digest, sum);
}

/* ---- the name ---- */

static void add_hex(struct rt_text *text, const uint8_t *bytes, unsigned count)
{
	static const char digits[] = "0123456789abcdef";
	for (unsigned i = 0; i < count; i++) {
		char two[] = {digits[bytes[i] >> 4], digits[bytes[i] & 15], 0};
		rt_text_add(text, two);
	}
}

static void name_file(struct rt_unit *unit)
{
	struct rt_text text = rt_text_init(unit->cache_name, sizeof(unit->cache_name));
	add_hex(&text, unit->module.build_id, unit->module.build_id_bytes);
	rt_text_add(&text, "-");
	add_hex(&text, (const uint8_t *)&unit->key, sizeof(unit->key));
}

void rt_cache_identify(struct rt_unit *unit)
{
	const struct rt_module *module = &unit->module;
	struct rt_digest *key = &unit->key;
	if (!rt_store_is_open() || !module->build_id_bytes || !rt_choice_is_whole(module, unit->file) ||
		!rt_cache_makers())
		return;
	*key = makers.digest;
	rt_digest_add(key, module->build_id, module->build_id_bytes);
	add_number(key, (uint64_t)RT_SLOT(reg));
	add_number(key, (uint64_t)RT_SLOT_EXPECTED);
	add_number(key, unit->partial);
	if (unit->told.high)
		add_range(key, module, unit->told);
	/* A stripped file has the build id of the whole one, and names no functions (named.h). */
	struct rt_range symbols = rt_file_section(unit->file, module, ".symtab");
	add_number(key, symbols.high - symbols.low);
	add_segments(key, module);
	add_pointers(key, module);
	name_file(unit);
	unit->is_cached = true;
}
