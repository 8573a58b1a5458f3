// cflags: -fno-builtin
// Writing a log and reading another file is no synchronisation: the race stays visible.
#include <string.h>
#include "descriptors.h"
#include "pair.h"

static int log_file, other_file;
static int data;

static void first(void)
{
	memset(&data, 1, sizeof data); // race: race-data a
	MUST(write(log_file, "data is set\n", 12) == 12);
}

static void second(void)
{
	char line[64];
	MUST(read(other_file, line, sizeof line) > 0);
	memset(&data, 2, sizeof data); // race: race-data a
}

int main(void)
{
	log_file = supply_file();
	other_file = supply_file();
	pair_run(first, second);
	return 0;
}
