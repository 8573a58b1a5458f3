// hostile: linked with -nostartfiles: a _start of its own that calls memcpy, malloc and exit
// cflags: -nostartfiles
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void start(void)
{
	char *block = malloc(100);
	memset(block, 'a', 99);
	block[99] = 0;
	puts(block);
	free(block);
	exit(7);
}
__asm__(".globl _start\n_start: xor %ebp, %ebp\nandq $-16, %rsp\ncall start\n");
