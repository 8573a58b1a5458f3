// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified input functions.
#define _GNU_SOURCE
#include "descriptors.h"
#include "steps.h"

static int file;

static void steps(void)
{
	WRITES(read(supply_file(), A, N(7)), A + 6);                        // race: race-data
	WRITES(pread(file, A, N(7), 0), A + 6);                             // race: race-data
	WRITES(pread64(file, A, N(7), 0), A + 6);                           // race: race-data
	WRITES(recv(supply_socket(1), A, N(16), 0), A + 6);                 // race: race-data
	WRITES(recvfrom(supply_socket(1), A, N(16), 0, NULL, NULL), A + 6); // race: race-data
	WRITES(getcwd(A, N(16) * 4), A);                                    // race: race-data
	WRITES(readlink("/proc/self/exe", A, N(7)), A + 6);                 // race: race-data
	WRITES(readlinkat(-1, "/proc/self/exe", A, N(7)), A + 6);           // race: race-data
	WRITES(gethostname(A, N(16) * 4), A);                               // race: race-data
}

int main(void)
{
	file = supply_file();
	steps_run();
	return 0;
}
