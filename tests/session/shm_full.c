// hostile: there is little room, or none, in /dev/shm while two processes write all over a shared mapping
// expect: race-shared
// lost
// with: 4k 1m 40m 1g
// needs: unshare -m true
// run: R=${RACETRACK_OPTIONS#record_dir=}; R=${R%%:*}; export R TRACK
// run: [ "$IN" ] || exec env IN=1 unshare -m bash -c 'mkdir keep; [ ! "$R" ] || mount --bind "$R" keep; mount -t tmpfs -o size=$1 none /dev/shm; [ ! "$R" ] || { mkdir -p "$R"; mount --bind keep "$R"; }; export LD_PRELOAD="$TRACK"; exec "$0" "$@"' "$0" "$@"
#include "sides.h"

#define BYTES (8 << 20)

static char *mapping;

static void fill(void)
{
	for (int i = 0; i < BYTES; i += 3 * 16)
		racetrack_write(mapping + i + 8, 3);
	memset(mapping + BYTES / 2, 1, BYTES / 4);
}
static void first(void)
{
	first_write(mapping);
}
static void second(void)
{
	second_write(mapping);
	fill();
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	fill();
	run_processes(0, first, second);
	printf("%d\n", mapping[BYTES / 2]);
	return 0;
}
