// hostile: has 40,000 shared mappings of a page each, as many as it may have without the detector, and uses some
// seconds: 60
#include "sides.h"

enum { MAPS = 40000 };

int main(void)
{
	int fd = make_file("file", 2 * PAGE), failed = 0;
	char *first = NULL;
	for (int i = 0; i < MAPS; i++) {
		/* Pages that do not follow each other, so that the kernel does not make one mapping of two. */
		char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, i % 2 * PAGE);
		failed += at == MAP_FAILED;
		if (at != MAP_FAILED && i % 100 == 0)
			memset(at, i, 16);
		first = first ? first : at;
	}
	printf("%d failed, %d\n", failed, first[0]);
	return 0;
}
