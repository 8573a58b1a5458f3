// transparent: overwrites functions with jumps to others, and instructions in their middle, while threads run them
// options: rewrite=main
// options: rewrite=all
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define APART __attribute__((noipa, aligned(16)))

static int table[16];

APART static int real(int x)
{
	table[x % 16]++;
	return x + 1;
}

APART static int mock(int x)
{
	table[x % 16]--;
	return -x;
}

APART static int caller(int x)
{
	table[15]++;
	return real(x) * 2 + 1;
}

/* A static key: off while it does nothing, on when it is a jump. */
extern int key(const int *value);
extern unsigned char key_site[], key_number[];
__asm__(".text\n"
	".p2align 4\n"
	".globl key\n"
	".type key, @function\n"
	"key:\n"
	".cfi_startproc\n"
	"movl (%rdi), %eax\n"
	".globl key_site\n"
	"key_site: .byte 0x0f, 0x1f, 0x44, 0, 0\n"
	".byte 0x05\n" /* addl $1000, %eax */
	".globl key_number\n"
	"key_number: .long 1000\n"
	"ret\n"
	"addl (%rdi), %eax\n"
	"ret\n"
	".cfi_endproc\n"
	".size key, . - key\n");

static int by_number;

static void change(void *where, const void *bytes, size_t count)
{
	uintptr_t low = (uintptr_t)where & ~(uintptr_t)4095,
		  high = ((uintptr_t)where + count + 4095) & ~(uintptr_t)4095;
	if (by_number)
		syscall(SYS_mprotect, low, high - low, PROT_READ | PROT_WRITE | PROT_EXEC);
	else
		mprotect((void *)low, high - low, PROT_READ | PROT_WRITE | PROT_EXEC);
	memcpy(where, bytes, count);
	mprotect((void *)low, high - low, PROT_READ | PROT_EXEC);
}

static void jump_to(void *function, const void *target)
{
	unsigned char jump[14] = {0xff, 0x25};
	memcpy(jump + 6, &target, sizeof(target));
	change(function, jump, sizeof(jump));
}

static void *until_mocked(void *unused)
{
	while (caller(3) > 0)
		usleep(100);
	return unused;
}

static void print_all(void)
{
	int five = 5;
	printf("%d %d %d\n", real(3), caller(3), key(&five));
}

static void mocked(void)
{
	unsigned char saved[14];
	pthread_t thread;
	pthread_create(&thread, NULL, until_mocked, NULL);
	usleep(2000);
	memcpy(saved, (void *)real, sizeof(saved));
	jump_to((void *)real, (void *)mock);
	print_all();
	pthread_join(thread, NULL);
	change((void *)real, saved, sizeof(saved));
	print_all();
}

static void *nothing(void *unused)
{
	return unused;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, nothing, NULL);
	pthread_join(thread, NULL);
	print_all();
	by_number = 1;
	change(key_number, &(int){2000}, sizeof(int));
	print_all();
	by_number = 0;
	mocked();
	change(key_site, (unsigned char[]){0xe9, 6, 0, 0, 0}, 5);
	print_all();
	return 0;
}
