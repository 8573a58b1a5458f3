// hostile: /dev/shm becomes full, but for a little or for nothing, while two processes write all over a shared mapping
// expect: race-shared
// lost
// with: 0 4096 65536 1048576 8388608 1073741824
// needs: unshare -m true
// run: R=${RACETRACK_OPTIONS#record_dir=}; R=${R%%:*}; export R TRACK
// run: [ "$IN" ] || exec env IN=1 unshare -m bash -c 'mkdir keep; [ ! "$R" ] || mount --bind "$R" keep; mount -t tmpfs -o size=256m none /dev/shm; [ ! "$R" ] || { mkdir -p "$R"; mount --bind keep "$R"; }; export LD_PRELOAD="$TRACK"; exec "$0" "$@"' "$0" "$@"
#include <sys/statvfs.h>
#include "sides.h"

#define BYTES (8 << 20)

static char *mapping;

static void fill(void)
{
	for (int i = 0; i < BYTES; i += 3 * 16)
		racetrack_write(mapping + i + 8, 3);
	for (int i = 0; i < BYTES; i += 3 * 16)
		mapping[i + 12]++;
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
/* Less than that is left afterwards, if so much was there. */
static void leave(size_t bytes)
{
	struct statvfs state;
	int fd = open("/dev/shm/filler", O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && statvfs("/dev/shm", &state) == 0);
	size_t there = state.f_bsize * state.f_bavail;
	MUST(there <= bytes || posix_fallocate(fd, 0, there - bytes) == 0);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	leave(atol(arguments[1]));
	fill();
	run_processes(0, first, second);
	printf("%d %d\n", mapping[BYTES / 2], mapping[12]);
	return 0;
}
