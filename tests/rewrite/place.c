/* Lays generated functions out. */
#include "generate.h"

#include <string.h>
#include <sys/mman.h>

enum { BETWEEN = 24, PAGE = 4096 };

static uint32_t part_offset(const struct generated *it, uint32_t part)
{
	return part < it->part_count ? it->parts[part].offset : it->bytes;
}

static uint32_t target_of(const struct generated *it, const struct generate_part *part)
{
	switch (part->field_kind) {
	case FIELD_PART:
		return part_offset(it, part->target);
	case FIELD_FUNCTION:
		return it->functions[part->target].start;
	default:
		return part->target - GENERATE_TEXT;
	}
}

static void place_parts(struct generated *it)
{
	it->bytes = 0;
	memset(it->code, 0xcc, sizeof(it->code));
	for (uint32_t f = 0; f < it->function_count; f++) {
		struct generate_function *function = &it->functions[f];
		function->start = it->bytes;
		function->escapes = false;
		for (uint32_t i = 0; i < function->part_count; i++) {
			struct generate_part *part = &it->parts[function->first_part + i];
			part->offset = it->bytes;
			it->bytes += part->is_removed ? 0 : part->count;
			function->escapes |= part->is_escape && !part->is_removed;
		}
		function->end = it->bytes;
		it->bytes = (it->bytes + BETWEEN) & ~15u;
	}
}

/* False: a branch of 2 bytes does not reach, and is left out. */
static bool fill_field(struct generated *it, struct generate_part *part)
{
	int32_t distance = (int32_t)(target_of(it, part) - (part->offset + part->field_end));
	if (part->field_bytes == 1 && distance != (int8_t)distance) {
		part->is_removed = true;
		return false;
	}
	memcpy(it->code + part->offset + part->field, &distance, part->field_bytes);
	return true;
}

static bool fill_code(struct generated *it)
{
	bool fits = true;
	for (uint32_t i = 0; i < it->part_count; i++) {
		struct generate_part *part = &it->parts[i];
		if (part->is_removed)
			continue;
		memcpy(it->code + part->offset, part->bytes, part->count);
		if (part->field_kind != FIELD_NONE)
			fits &= fill_field(it, part);
	}
	return fits;
}

static void fill_tables(const struct generated *it)
{
	/* nothing that an earlier text left there: what looks like an address in the text is taken for one */
	mprotect((void *)GENERATE_CONSTANT, PAGE, PROT_READ | PROT_WRITE);
	memset((void *)GENERATE_CONSTANT, 0, GENERATE_VECTORS - GENERATE_CONSTANT);
	memset((void *)GENERATE_POINTERS, 0, GENERATE_END - GENERATE_POINTERS);
	for (uint32_t t = 0; t < it->table_count; t++)
		for (unsigned i = 0; i < GENERATE_TARGETS; i++) {
			uintptr_t table = generate_table_at(it, t),
				  target = GENERATE_TEXT + part_offset(it, it->tables[t].targets[i]);
			int32_t distance = (int32_t)(target - table);
			if (it->tables[t].is_addresses)
				memcpy((uint64_t *)table + i, &target, sizeof(target));
			else
				memcpy((int32_t *)table + i, &distance, sizeof(distance));
		}
	for (uint32_t f = 0; f < it->function_count; f++)
		((uint64_t *)GENERATE_FUNCTION_POINTERS)[f] = GENERATE_TEXT + it->functions[f].start;
	memcpy((void *)GENERATE_VECTORS, it->vectors, sizeof(it->vectors));
	mprotect((void *)GENERATE_CONSTANT, PAGE, PROT_READ);
}

void generate_place(struct generated *it)
{
	do
		place_parts(it);
	while (!fill_code(it));
	fill_tables(it);
}

struct generate_part *generate_part_at(struct generated *it, uint32_t offset)
{
	for (uint32_t i = 0; i < it->part_count; i++) {
		struct generate_part *part = &it->parts[i];
		if (!part->is_removed && offset >= part->offset && offset < part->offset + part->count)
			return part;
	}
	return NULL;
}
