// hostile: strict seccomp: nothing but read, write and exit
// run: ulimit -c 0
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	char text[100];
	char *block = malloc(100);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	for (int i = 0; i < 1000; i++) {
		memset(text, 'a', sizeof(text));
		free(block);
		block = malloc(50);
		memcpy(block, text, 50);
	}
	write(1, block, 50);
	syscall(SYS_exit, 9);
	return 0;
}
