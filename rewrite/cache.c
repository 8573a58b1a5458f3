#include "cache.h"

#include "file.h"
#include "shadow/engine.h"
#include "shadow/process.h"
#include "shadow/sys.h"
#include "shadow/text.h"

/* ---- the format ---- */

enum { LISTS = 8, VERSION = 9, CODE_ALIGN = 16 };
static const char magic[8] = "rtclones";

struct part {
	struct rt_digest digest;
	uint64_t count; /* of elements */
};

struct header {
	char magic[8];
	uint32_t version, code_bytes;
	struct rt_digest key;
	uint64_t text, code; /* addresses */
	uint64_t map_bytes;
	struct rt_coverage coverage;
	struct part lists[LISTS], maps, clones_code;
	struct rt_digest digest; /* of what comes before */
};

/* A list of the unit, whatever its elements are. */
struct list {
	void **at;
	uint32_t *count, *room;
	uint32_t bytes; /* of an element */
};

static void find_lists(struct rt_unit *unit, struct list lists[LISTS])
{
	unsigned count = 0;
#define LIST(name)                                                                                           \
	lists[count++] = (struct list){                                                                      \
		(void **)&unit->name.at, &unit->name.count, &unit->name.room, sizeof(*unit->name.at)}
	LIST(clones);
	LIST(paddings);
	LIST(sites);
	LIST(victims);
	LIST(entries);
	LIST(calls);
	LIST(moves);
	LIST(waited);
#undef LIST
}

static struct rt_digest digest_header(const struct header *header)
{
	return rt_digest_of(header, offsetof(struct header, digest));
}

/* What is told of a module's file, where the options ask for it. */
static void say(const struct rt_unit *unit, int64_t verbosity, const char *what)
{
	char line[1024];
	if (rt_options.verbosity < verbosity)
		return;
	struct rt_text text = rt_text_init(line, sizeof(line));
	rt_text_add(&text, rt_file_base(unit->file->path));
	rt_text_add(&text, what);
	rt_process_say(line, "");
}

/* ---- is it sound? ---- */

static uint64_t file_bytes(const struct header *header, const struct list lists[LISTS])
{
	uint64_t bytes = sizeof(*header) + header->map_bytes + header->code_bytes;
	for (unsigned i = 0; i < LISTS; i++)
		bytes += header->lists[i].count * lists[i].bytes;
	return bytes;
}

/* Counts are less than 2^32 each, so that their sum is what it is. */
static bool header_is_sound(const struct header *header, const struct rt_unit *unit,
	const struct list lists[LISTS], uint64_t bytes)
{
	if (!rt_bytes_equal(header->magic, magic, sizeof(magic)) || header->version != VERSION ||
		!rt_digest_equal(header->digest, digest_header(header)) ||
		!rt_digest_equal(header->key, unit->key))
		return false;
	for (unsigned i = 0; i < LISTS; i++)
		if (header->lists[i].count > INT32_MAX)
			return false;
	if ((header->text ^ unit->module.text.start) % RT_PAGE_BYTES || header->code % CODE_ALIGN)
		return false;
	return header->map_bytes <= bytes && header->code_bytes && header->code_bytes <= INT32_MAX &&
	       header->code <= INT64_MAX && file_bytes(header, lists) == bytes;
}

struct bounds {
	uint32_t text, code; /* bytes */
	uintptr_t start;     /* of the code */
};

static bool clones_are_sound(const struct rt_unit *unit, const struct bounds *bounds, uint64_t map_bytes)
{
	uint32_t end = 0;
	uintptr_t code = bounds->start;
	for (uint32_t i = 0; i < unit->clones.count; i++) {
		const struct rt_clone *clone = &unit->clones.at[i];
		uint64_t at = clone->code - bounds->start;
		if (clone->start < end || clone->end <= clone->start || clone->end > bounds->text ||
			clone->code < code || at > bounds->code || clone->bytes > bounds->code - at ||
			clone->map.count > map_bytes)
			return false;
		end = clone->end;
		code = clone->code + clone->bytes;
		map_bytes -= clone->map.count;
	}
	return !map_bytes;
}

static bool sites_are_sound(const struct rt_patch_site *sites, uint32_t count, const struct bounds *bounds)
{
	for (uint32_t i = 0; i < count; i++) {
		uint8_t is_call;
		rt_bytes_copy_few(&is_call, &sites[i].is_call, sizeof(is_call));
		if (sites[i].offset > bounds->text || sites[i].bytes > bounds->text - sites[i].offset ||
			is_call > 1 || (sites[i].clone && sites[i].clone - bounds->start >= bounds->code))
			return false;
	}
	return true;
}

static bool entries_are_sound(const struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->entries.count; i++) {
		const struct rt_entry *entry = &unit->entries.at[i];
		uint8_t is_detour;
		rt_bytes_copy_few(&is_detour, &entry->is_detour, sizeof(is_detour));
		if (is_detour > 1 || !entry->site_count || entry->first_site > unit->sites.count ||
			entry->site_count > unit->sites.count - entry->first_site)
			return false;
	}
	return true;
}

static bool lists_are_sound(const struct rt_unit *unit, const struct bounds *bounds, uint64_t map_bytes)
{
	for (uint32_t i = 0; i < unit->paddings.count; i++) {
		const struct rt_padding *padding = &unit->paddings.at[i];
		if (padding->start > padding->end || padding->end > bounds->text)
			return false;
	}
	for (uint32_t i = 0; i < unit->calls.count; i++)
		if (unit->calls.at[i].offset >= bounds->text || unit->calls.at[i].target >= bounds->text)
			return false;
	return clones_are_sound(unit, bounds, map_bytes) &&
	       sites_are_sound(unit->sites.at, unit->sites.count, bounds) &&
	       sites_are_sound(unit->victims.at, unit->victims.count, bounds) && entries_are_sound(unit);
}

/* ---- reading ---- */

/* A file while it is read. */
struct reading {
	struct rt_unit *unit;
	int file;
	struct header header;
	struct list lists[LISTS];
	uint8_t *maps; /* mapped pages, which last if all goes well */
	uintptr_t run; /* where the code is to run; 0: there is no room yet */
};

static bool read_part(struct reading *reading, void *to, size_t bytes, const struct part *part)
{
	rt_sys_populate(to, bytes);
	return rt_store_read(reading->file, to, bytes) &&
	       rt_digest_equal(rt_digest_of(to, bytes), part->digest);
}

static bool read_lists(struct reading *reading)
{
	for (unsigned i = 0; i < LISTS; i++) {
		const struct list *list = &reading->lists[i];
		uint32_t count = (uint32_t)reading->header.lists[i].count;
		size_t bytes = (size_t)count * list->bytes;
		if (!count)
			continue;
		*list->at = rt_alloc(bytes);
		if (!*list->at)
			return false;
		*list->count = *list->room = count;
		if (!read_part(reading, *list->at, bytes, &reading->header.lists[i]))
			return false;
	}
	return true;
}

static bool read_maps(struct reading *reading)
{
	size_t bytes = reading->header.map_bytes;
	reading->maps = rt_sys_pages(bytes + 1);
	return reading->maps && read_part(reading, reading->maps, bytes, &reading->header.maps);
}

static bool read_code(struct reading *reading)
{
	struct rt_unit *unit = reading->unit;
	const struct header *header = &reading->header;
	reading->run = rt_arena_code(unit->arena, header->code_bytes);
	if (!reading->run)
		return false;
	uint8_t *code = rt_arena_at(unit->arena, reading->run);
	return read_part(reading, code, header->code_bytes, &header->clones_code) &&
	       rt_moves_apply(&unit->moves, code, header->code_bytes, (intptr_t)(reading->run - header->code),
		       (intptr_t)(unit->module.text.start - header->text));
}

static bool read_all(struct reading *reading, uint64_t bytes)
{
	const struct header *header = &reading->header;
	struct bounds bounds = {reading->unit->module.text.bytes, 0, 0};
	if (!rt_store_read(reading->file, &reading->header, sizeof(reading->header)) ||
		!header_is_sound(header, reading->unit, reading->lists, bytes))
		return false;
	bounds.code = header->code_bytes;
	bounds.start = header->code;
	return read_lists(reading) && lists_are_sound(reading->unit, &bounds, header->map_bytes) &&
	       read_maps(reading) && read_code(reading);
}

static void move_sites(struct rt_patch_site *sites, uint32_t count, intptr_t by)
{
	for (uint32_t i = 0; i < count; i++)
		sites[i].clone += sites[i].clone ? (uintptr_t)by : 0;
}

/* What is an address in the lists, as it is here. */
static void move_lists(struct reading *reading)
{
	struct rt_unit *unit = reading->unit;
	intptr_t by = (intptr_t)(reading->run - reading->header.code);
	uint8_t *map = reading->maps;
	for (uint32_t i = 0; i < unit->clones.count; i++) {
		struct rt_clone *clone = &unit->clones.at[i];
		clone->code += (uintptr_t)by;
		clone->map.bytes = map;
		map += clone->map.count;
	}
	move_sites(unit->sites.at, unit->sites.count, by);
	move_sites(unit->victims.at, unit->victims.count, by);
}

static void undo(struct reading *reading)
{
	if (reading->run)
		rt_arena_trim(reading->unit->arena, reading->run, 0);
	if (reading->maps)
		rt_sys_munmap(reading->maps, reading->header.map_bytes + 1);
	for (unsigned i = 0; i < LISTS; i++) {
		const struct list *list = &reading->lists[i];
		rt_free(*list->at, (size_t)*list->room * list->bytes);
		*list->at = NULL;
		*list->count = *list->room = 0;
	}
}

bool rt_cache_load(struct rt_unit *unit)
{
	uint64_t bytes = 0;
	int file = unit->is_cached ? rt_store_find(unit->cache_name, &bytes) : RT_STORE_NONE;
	if (file < 0)
		return false;
	struct reading reading;
	rt_bytes_zero(&reading, sizeof(reading));
	reading.unit = unit;
	reading.file = file;
	find_lists(unit, reading.lists);
	bool is_read = read_all(&reading, bytes);
	rt_sys_close(file);
	if (is_read) {
		move_lists(&reading);
		rt_bytes_copy(&unit->coverage, &reading.header.coverage, sizeof(unit->coverage));
		say(unit, 2, ": its clones are from the cache");
		return true;
	}
	undo(&reading);
	rt_store_remove(unit->cache_name);
	say(unit, 1, ": its file in the cache is damaged, and not used");
	return false;
}

/* ---- writing ---- */

/* Maps lie in pieces: together for as long as it takes. */
static uint8_t *gather_maps(const struct rt_unit *unit, uint64_t *bytes)
{
	*bytes = 0;
	for (uint32_t i = 0; i < unit->clones.count; i++)
		*bytes += unit->clones.at[i].map.count;
	uint8_t *maps = rt_sys_pages(*bytes + 1), *at = maps;
	for (uint32_t i = 0; maps && i < unit->clones.count; i++) {
		const struct rt_map *map = &unit->clones.at[i].map;
		rt_bytes_copy(at, map->bytes, map->count);
		at += map->count;
	}
	return maps;
}

static bool write_all(int file, const struct header *header, const struct list lists[LISTS],
	const uint8_t *maps, const uint8_t *code)
{
	bool is_whole = rt_store_write(file, header, sizeof(*header));
	for (unsigned i = 0; i < LISTS && is_whole; i++)
		is_whole = rt_store_write(file, *lists[i].at, (size_t)*lists[i].count * lists[i].bytes);
	return is_whole && rt_store_write(file, maps, header->map_bytes) &&
	       rt_store_write(file, code, header->code_bytes);
}

static void describe(struct header *header, const struct rt_unit *unit, const struct list lists[LISTS],
	const uint8_t *maps, const uint8_t *code)
{
	rt_bytes_copy(header->magic, magic, sizeof(magic));
	header->version = VERSION;
	header->key = unit->key;
	header->text = unit->module.text.start;
	header->code = unit->clones.at[0].code;
	for (unsigned i = 0; i < LISTS; i++)
		header->lists[i] =
			(struct part){rt_digest_of(*lists[i].at, (size_t)*lists[i].count * lists[i].bytes),
				*lists[i].count};
	header->maps.digest = rt_digest_of(maps, header->map_bytes);
	header->clones_code.digest = rt_digest_of(code, header->code_bytes);
	header->digest = digest_header(header);
}

static void write_file(struct rt_unit *unit, struct header *header, const uint8_t *maps)
{
	struct list lists[LISTS];
	const uint8_t *code = rt_arena_at(unit->arena, unit->clones.at[0].code);
	find_lists(unit, lists);
	rt_moves_drop_inner(&unit->moves, code, header->code_bytes);
	describe(header, unit, lists, maps, code);
	int file = rt_store_begin(file_bytes(header, lists));
	if (file < 0)
		return;
	bool is_whole = write_all(file, header, lists, maps, code);
	rt_store_end(file, unit->cache_name, is_whole);
	say(unit, 2,
		is_whole ? ": its clones are in the cache now" : ": its clones can't be put into the cache");
}

/* Clones that lie in several pieces of the arena can't move together. */
void rt_cache_save(struct rt_unit *unit, const struct rt_coverage *coverage)
{
	if (!unit->is_cached || !unit->clones.count || unit->moves.failed)
		return;
	const struct rt_clone *first = &unit->clones.at[0], *last = &unit->clones.at[unit->clones.count - 1];
	struct header header;
	rt_bytes_zero(&header, sizeof(header));
	uint64_t bytes = last->code + last->bytes - first->code;
	if (last->code < first->code || bytes > INT32_MAX ||
		!rt_arena_is_piece(unit->arena, first->code, bytes))
		return;
	header.code_bytes = (uint32_t)bytes;
	rt_bytes_copy(&header.coverage, coverage, sizeof(*coverage));
	uint8_t *maps = gather_maps(unit, &header.map_bytes);
	if (!maps)
		return;
	write_file(unit, &header, maps);
	rt_sys_munmap(maps, header.map_bytes + 1);
}
