#include "proc_maps.h"

#include "hidden.h"
#include "sys.h"

static int open_maps(void *argument)
{
	(void)argument;
	return (int)rt_sys_open("/proc/self/maps", RT_O_CLOEXEC, 0);
}

/* A forked child's takes the place of its parent's, which is better than none where it can't be had. */
void rt_proc_maps_prepare(void)
{
	rt_hidden_open(RT_HIDDEN_MAPS, open_maps, NULL);
}

int rt_proc_maps_open(void)
{
	int hidden = rt_hidden_get(RT_HIDDEN_MAPS);
	return hidden < 0 ? open_maps(NULL) : hidden;
}

void rt_proc_maps_close(int descriptor)
{
	if (descriptor >= 0 && descriptor != rt_hidden_get(RT_HIDDEN_MAPS))
		rt_sys_close(descriptor);
}

static uint64_t parse_number(const char **text, unsigned base)
{
	uint64_t number = 0;
	for (;; (*text)++) {
		unsigned c = (unsigned char)**text;
		unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
		if (digit >= base)
			return number;
		number = number * base + digit;
	}
}

/* "low-high perms offset major:minor inode   path" */
static struct rt_proc_maps_line parse_line(const char *line)
{
	struct rt_proc_maps_line parsed;
	parsed.low = parse_number(&line, 16);
	line++;
	parsed.high = parse_number(&line, 16);
	parsed.executable = line[0] && line[1] && line[2] && line[3] == 'x';
	line += line[0] ? 6 : 0;
	parse_number(&line, 16);
	line += *line == ' ';
	parse_number(&line, 16);
	line += *line == ':';
	parse_number(&line, 16);
	line += *line == ' ';
	parsed.inode = parse_number(&line, 10);
	while (*line == ' ')
		line++;
	parsed.path = line;
	return parsed;
}

void rt_proc_maps_each(
	int descriptor, void (*see)(const struct rt_proc_maps_line *line, void *argument), void *argument)
{
	static RT_SPARSE char buffer[16384];
	size_t used = 0;
	rt_syscall(__NR_lseek, descriptor, 0, 0, 0, 0, 0);
	for (;;) {
		long got = rt_sys_read(descriptor, buffer + used, sizeof(buffer) - 1 - used);
		if (got <= 0)
			return;
		used += (size_t)got;
		size_t start = 0;
		for (size_t i = 0; i < used; i++)
			if (buffer[i] == '\n') {
				buffer[i] = 0;
				struct rt_proc_maps_line line = parse_line(buffer + start);
				see(&line, argument);
				start = i + 1;
			}
		rt_bytes_copy(buffer, buffer + start, used - start);
		used -= start;
	}
}
