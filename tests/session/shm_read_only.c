// hostile: nothing can be made in /dev/shm
// expect: race-shared
// needs: unshare -m true
// run: R=${RACETRACK_OPTIONS#record_dir=}; R=${R%%:*}; export R TRACK
// run: [ "$IN" ] || exec env IN=1 unshare -m bash -c 'mkdir keep; [ ! "$R" ] || mount --bind "$R" keep; mount -t tmpfs -o size=64k none /dev/shm; [ ! "$R" ] || { mkdir -p "$R"; mount --bind keep "$R"; }; mount -o remount,ro /dev/shm; export LD_PRELOAD="$TRACK"; exec "$0" "$@"' "$0" "$@"
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
int main(int count, char **arguments)
{
	mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	run_processes(0, first, second);
	return 0;
}
