/* Memory that a library's worker writes, and main reads, frees and uses again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hand_over(void (*run)(void *argument), void *argument);

static void fill(void *memory)
{
	memset(memory, 7, 64);
	((char *)memory)[8]++;
}

int main(void)
{
	long sum = 0;
	for (int i = 0; i < 50; i++) {
		char *memory = malloc(64);
		memory[8] = 0;
		hand_over(fill, memory);
		sum += memory[8] + memory[9];
		free(memory);
	}
	hand_over(NULL, NULL);
	printf("%ld\n", sum);
	return 0;
}
