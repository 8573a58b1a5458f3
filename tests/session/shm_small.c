// hostile: there is little room, or none, in /dev/shm from the start: the session is made in /tmp
// expect: race-shared
// with: 4k 64k 1m 4m
// needs: unshare -m true
// run: R=${RACETRACK_OPTIONS#record_dir=}; R=${R%%:*}; export R TRACK
// run: [ "$IN" ] || exec env IN=1 unshare -m bash -c 'mkdir keep; [ ! "$R" ] || mount --bind "$R" keep; mount -t tmpfs -o size=$1 none /dev/shm; [ ! "$R" ] || { mkdir -p "$R"; mount --bind keep "$R"; }; export LD_PRELOAD="$TRACK"; exec "$0" "$@"' "$0" "$@"
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping);
}
static void second(void)
{
	second_write(mapping);
}
int main(void)
{
	mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	run_processes(0, first, second);
	return 0;
}
