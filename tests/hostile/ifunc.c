// hostile: an IFUNC resolver of a library, and one of the program, calls memcpy and strlen while relocating
// library: -Wl,-z,lazy
// cflags: -Wl,-z,now
#include <stdio.h>
#include <string.h>
int library_chosen(int);
static char copy[20];
static int plus(int n)
{
	return n + 10;
}
static void *resolve(void)
{
	memcpy(copy, "resolved", 9);
	return plus;
}
int chosen(int) __attribute__((ifunc("resolve")));
int main(void)
{
	printf("%d %d\n", chosen(1), library_chosen(2));
	return 0;
}
