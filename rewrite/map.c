#include "map.h"

#include "shadow/engine.h"

/* An entry: the distance in the clone since the last one, shifted left by two, with a bit each for `the instruction is another
 * one` and `other things are borrowed`; then the distance of the instruction's offset, if so; then what is borrowed, if so. All
 * of them numbers of seven bits a byte, lowest first. Offsets ascend within a clone, but for the calls behind it: that distance
 * is signed, its sign in the lowest bit. */
enum { OTHER_INSN = 1, OTHER_BORROWED = 2, ENTRY_BYTES_MOST = 16 };

static void put(struct rt_map_writer *writer, uint32_t number)
{
	for (; number >= 0x80; number >>= 7)
		writer->bytes[writer->count++] = (uint8_t)(number | 0x80);
	writer->bytes[writer->count++] = (uint8_t)number;
}

static uint32_t get_long(const struct rt_map *map, uint32_t *at)
{
	uint32_t number = 0;
	for (unsigned shift = 0; *at < map->count && shift < 35; shift += 7) {
		uint8_t byte = map->bytes[(*at)++];
		number |= (uint32_t)(byte & 0x7f) << (shift < 32 ? shift : 31);
		if (!(byte & 0x80))
			break;
	}
	return number;
}

/* Most have one byte. */
static inline uint32_t get(const struct rt_map *map, uint32_t *at)
{
	if (*at < map->count && map->bytes[*at] < 0x80)
		return map->bytes[(*at)++];
	return get_long(map, at);
}

static uint32_t sign_low(uint32_t distance)
{
	return distance << 1 ^ (uint32_t)((int32_t)distance >> 31);
}

static uint32_t sign_back(uint32_t number)
{
	return number >> 1 ^ (uint32_t) - (int32_t)(number & 1);
}

static uint32_t pack(struct rt_borrowed borrowed)
{
	return borrowed.registers << 1 | borrowed.flags;
}

static bool make_room(struct rt_map_writer *writer)
{
	if (writer->count + ENTRY_BYTES_MOST <= writer->room)
		return true;
	uint32_t room = writer->room ? 2 * writer->room : 4096;
	uint8_t *bytes = rt_alloc(room);
	if (!bytes) {
		writer->no_memory = true;
		return false;
	}
	rt_bytes_copy(bytes, writer->bytes, writer->count);
	rt_free(writer->bytes, writer->room);
	writer->bytes = bytes;
	writer->room = room;
	return true;
}

void rt_map_begin(struct rt_map_writer *writer, uint32_t offset)
{
	writer->count = writer->clone = 0;
	writer->offset = offset;
	writer->borrowed = (struct rt_borrowed){0, false};
}

void rt_map_add(struct rt_map_writer *writer, uint32_t clone, uint32_t offset, struct rt_borrowed borrowed)
{
	unsigned what = (offset != writer->offset ? OTHER_INSN : 0) |
			(pack(borrowed) != pack(writer->borrowed) ? OTHER_BORROWED : 0);
	if (!what || !make_room(writer))
		return;
	put(writer, (clone - writer->clone) << 2 | what);
	if (what & OTHER_INSN)
		put(writer, sign_low(offset - writer->offset));
	if (what & OTHER_BORROWED)
		put(writer, pack(borrowed));
	writer->clone = clone;
	writer->offset = offset;
	writer->borrowed = borrowed;
}

bool rt_map_end(struct rt_map_writer *writer, struct rt_map *map)
{
	map->count = writer->count;
	map->bytes = writer->no_memory || !writer->count ? NULL : rt_alloc(writer->count);
	rt_bytes_copy(map->bytes, writer->bytes, map->bytes ? writer->count : 0);
	return map->bytes || !writer->count;
}

void rt_map_writer_fini(struct rt_map_writer *writer)
{
	rt_free(writer->bytes, writer->room);
	rt_bytes_zero(writer, sizeof(*writer));
}

bool rt_map_next(const struct rt_map *map, struct rt_map_at *at)
{
	if (at->next >= map->count)
		return false;
	uint32_t step = get(map, &at->next);
	at->clone += step >> 2;
	if (step & OTHER_INSN)
		at->place.offset += sign_back(get(map, &at->next));
	if (step & OTHER_BORROWED) {
		uint32_t packed = get(map, &at->next);
		at->place.borrowed = (struct rt_borrowed){packed >> 1, packed & 1};
	}
	return true;
}

struct rt_place rt_map_find(const struct rt_map *map, uint32_t first, uint32_t clone)
{
	struct rt_map_at at = {.place.offset = first};
	struct rt_place place = at.place;
	while (rt_map_next(map, &at) && at.clone <= clone)
		place = at.place;
	return place;
}
