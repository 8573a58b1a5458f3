// Loops that look like waits and are none: what they look at is a variable like others. Each as gcc 12 made it of a program's source.
// compilers: gcc clang clang-19
#include "pair.h"

#define FUNCTION(name, code)                                                                                 \
	__asm__(".text\n"                                                                                    \
		".type " name ", @function\n" name ":\n"                                                     \
		"	.cfi_startproc\n" code "	.cfi_endproc\n"                                             \
		"	.size " name ", . - " name "\n")

/* A decoder whose states are told apart by comparisons: do switch (how) { ... } while (!have && !end). None of the cases is none. */
FUNCTION("decode", "1:	movl (%rdi), %eax\n"
		   "	cmpl $1, %eax\n"
		   "	je 2f\n"
		   "	cmpl $2, %eax\n"
		   "	je 3f\n"
		   "	testl %eax, %eax\n"
		   "	je 4f\n"
		   "	cmpl $0, 4(%rdi)\n"
		   "	jne 5f\n"
		   "	cmpl $0, 8(%rdi)\n"
		   "	je 1b\n"
		   "	ret\n"
		   "2:	movl $2, (%rdi)\n"
		   "	jmp 1b\n"
		   "3:	movl $3, 4(%rdi)\n"
		   "	ret\n"
		   "4:	movl $1, (%rdi)\n"
		   "	jmp 1b\n"
		   "5:	ret\n");

/* for (i = 0; i < length; i++) if (list->elements[i] == 7) break; the compiler turned the loop when it no longer moved loads. */
FUNCTION("find", "	xorl %edx, %edx\n"
		 "	testl %esi, %esi\n"
		 "	jle 2f\n"
		 "1:	movq (%rdi), %rcx\n"
		 "	cmpq $7, (%rcx,%rdx,8)\n"
		 "	je 2f\n"
		 "	addq $1, %rdx\n"
		 "	cmpl %edx, %esi\n"
		 "	jg 1b\n"
		 "2:	ret\n");

/* for (i = 0; i < 2; i++) if (bytes[i]) break; the index is a constant each time. */
FUNCTION("both", "	xorl %eax, %eax\n"
		 "	jmp 2f\n"
		 "1:	movl $1, %eax\n"
		 "2:	cmpb $0, (%rdi,%rax)\n"
		 "	jne 3f\n"
		 "	testq %rax, %rax\n"
		 "	je 1b\n"
		 "3:	ret\n");

/* A place that is free in a table, on from the beginning behind its end: a loop in a loop. */
FUNCTION("probe", "1:	movl %edx, %eax\n"
		  "	leaq (%rdi,%rax,8), %rax\n"
		  "	jmp 3f\n"
		  "2:	addl $1, %edx\n"
		  "	addq $8, %rax\n"
		  "	cmpl %esi, %edx\n"
		  "	jae 4f\n"
		  "3:	cmpq $0, (%rax)\n"
		  "	jne 2b\n"
		  "	ret\n"
		  "4:	xorl %edx, %edx\n"
		  "	jmp 1b\n");

/* A list whose last one has no mark: while (at != last) { next = at->next; if (!at->more) at = last; else if (next) { count++; at = next; } } */
FUNCTION("walk", "1:	cmpq %rsi, %rdi\n"
		 "	je 3f\n"
		 "	movq 8(%rdi), %rax\n"
		 "	testb $1, 16(%rdi)\n"
		 "	je 2f\n"
		 "	testq %rax, %rax\n"
		 "	je 1b\n"
		 "	addl $1, (%rdx)\n"
		 "	movq %rax, %rdi\n"
		 "	jmp 1b\n"
		 "2:	movq %rsi, %rdi\n"
		 "	jmp 1b\n"
		 "3:	ret\n");

/* The widest of characters of 16 bits: once more with a mask for wider ones, which none has. */
FUNCTION("widest", "	movl $0xffffff80, %ecx\n"
		   "	jmp 2f\n"
		   "1:	cmpl $0xffffff00, %ecx\n"
		   "	je 3f\n"
		   "	movl $0xffff0000, %ecx\n"
		   "2:	cmpq %rsi, %rdi\n"
		   "	jae 3f\n"
		   "	movzwl (%rdi), %eax\n"
		   "	testl %ecx, %eax\n"
		   "	jne 1b\n"
		   "	addq $2, %rdi\n"
		   "	jmp 2b\n"
		   "3:	ret\n");

struct decoder {
	int how, have, end;
};

struct list {
	long *elements;
};

struct node {
	long value;
	struct node *next;
	char more;
};

void decode(struct decoder *decoder);
void find(struct list *list, int length);
void both(char *bytes);
void probe(long *table, unsigned size, unsigned start);
void widest(unsigned short *characters, unsigned short *end);
void walk(struct node *at, struct node *last, int *count);

static struct decoder decoder;
static long elements[4];
static struct list list = {elements};
static char bytes[2];
static long table[4] = {1, 1, 0, 1};
static struct node last, first = {0, &last, 1};

static unsigned short characters[2] = {1, 300};

static volatile int nothing; /* a constant might be a flag's */

static void *other(void *argument)
{
	int value = nothing;
	gate_wait(argument, 1);
	decoder.how = value;                   // race: race-data how
	list.elements = elements;              // race: race-data elements
	bytes[0] = (char)value;                // race: race-data bytes
	table[3] = value;                      // race: race-data table
	first.more = (char)value;              // race: race-data more
	characters[1] = (unsigned short)value; // race: race-data characters
	return NULL;
}

int main(void)
{
	struct gate gate = {0};
	pthread_t thread;
	int count = 0;
	pthread_create(&thread, NULL, other, &gate);
	decode(&decoder);                   // race: race-data how
	find(&list, 4);                     // race: race-data elements
	both(bytes);                        // race: race-data bytes
	probe(table, 4, 3);                 // race: race-data table
	walk(&first, &last, &count);        // race: race-data more
	widest(characters, characters + 2); // race: race-data characters
	gate_open(&gate, 1);
	pthread_join(thread, NULL);
	return 0;
}
