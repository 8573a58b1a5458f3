// transparent: calls over data to where its address is popped, as hand-written code has it
// cflags: -fcf-protection=none
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The text behind the call, and how long it is; the second way goes on in the middle of the function, and by another register. */
extern const char *text(int *calls);
extern const char *numbers(int *calls, int more);
__asm__(".text\n"
	".globl text\n"
	".type text, @function\n"
	"text:\n"
	".cfi_startproc\n"
	"incl (%rdi)\n"
	"call 1f\n"
	".string \"inline text of 34 characters long!\"\n"
	"1: pop %rax\n"
	"incl (%rdi)\n"
	"ret\n"
	".cfi_endproc\n"
	".size text, . - text\n"
	".globl numbers\n"
	".type numbers, @function\n"
	"numbers:\n"
	".cfi_startproc\n"
	"test %esi, %esi\n"
	"je 2f\n"
	"addl %esi, (%rdi)\n"
	"2: call 3f\n"
	".byte 0xe8, 0x05, 0x0f, 0xff, 0x25, 0xc3, 0x66, 0x90, 0\n"
	"3: pop %r9\n"
	"addl $10, (%rdi)\n"
	"mov %r9, %rax\n"
	"ret\n"
	".cfi_endproc\n"
	".size numbers, . - numbers\n");

static int calls;

static void *read_all(void *unused)
{
	for (int i = 0; i < 3; i++) {
		const unsigned char *bytes = (const unsigned char *)numbers(&calls, i);
		printf("%s %02x %02x %zu %d\n", text(&calls), bytes[0], bytes[7], strlen((const char *)bytes),
			calls);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	read_all(NULL);
	pthread_create(&thread, NULL, read_all, NULL);
	pthread_join(thread, NULL);
	read_all(NULL);
	return 0;
}
