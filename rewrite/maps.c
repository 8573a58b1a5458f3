#include "maps.h"

#include "shadow/engine.h"
#include "shadow/sys.h"

enum { END = -1 };

struct rt_maps *rt_maps_open(void)
{
	struct rt_maps *maps = rt_alloc(sizeof(*maps));
	if (!maps)
		return NULL;
	maps->descriptor = (int)rt_sys_open("/proc/self/maps", RT_O_CLOEXEC, 0);
	if (maps->descriptor >= 0)
		return maps;
	rt_free(maps, sizeof(*maps));
	return NULL;
}

void rt_maps_close(struct rt_maps *maps)
{
	rt_sys_close(maps->descriptor);
	rt_free(maps, sizeof(*maps));
}

static int next_char(struct rt_maps *maps)
{
	if (maps->at == maps->used) {
		long got = rt_sys_read(maps->descriptor, maps->buffer, sizeof(maps->buffer));
		if (got <= 0)
			return END;
		maps->used = (uint32_t)got;
		maps->at = 0;
	}
	return (unsigned char)maps->buffer[maps->at++];
}

/* A number, and the one character that ends it. */
static uint64_t read_number(struct rt_maps *maps, unsigned base, int *end)
{
	uint64_t number = 0;
	for (;;) {
		int c = *end = next_char(maps);
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)c - '0'
				 : c >= 'a' && c <= 'f' ? (unsigned)c - 'a' + 10
							: 99;
		if (digit >= base)
			return number;
		number = number * base + digit;
	}
}

static void read_protection(struct rt_maps *maps, struct rt_mapping *mapping)
{
	mapping->protection = 0;
	for (unsigned i = 0; i < 3; i++)
		if (next_char(maps) != '-')
			mapping->protection |= (uint8_t)(RT_PROT_READ << i);
	_Static_assert(RT_PROT_READ << 2 == RT_PROT_EXEC, "r, w, x are three bits in this order");
	mapping->shared = next_char(maps) == 's';
	next_char(maps);
}

static void read_path(struct rt_maps *maps, struct rt_mapping *mapping, int c)
{
	size_t bytes = 0;
	while (c == ' ')
		c = next_char(maps);
	for (; c != '\n' && c != END; c = next_char(maps))
		if (bytes < RT_MAPS_PATH - 1)
			mapping->path[bytes++] = (char)c;
	mapping->path[bytes] = 0;
}

/* "low-high perms offset major:minor inode   path" */
const struct rt_mapping *rt_maps_next(struct rt_maps *maps)
{
	struct rt_mapping *mapping = &maps->mapping;
	int end;
	mapping->range.low = read_number(maps, 16, &end);
	if (end != '-')
		return NULL;
	mapping->range.high = read_number(maps, 16, &end);
	read_protection(maps, mapping);
	mapping->offset = read_number(maps, 16, &end);
	read_number(maps, 16, &end);
	read_number(maps, 16, &end);
	mapping->inode = read_number(maps, 10, &end);
	read_path(maps, mapping, end);
	return mapping;
}
