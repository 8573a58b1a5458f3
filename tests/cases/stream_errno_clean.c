// Streams without a descriptor: a call that succeeds leaves errno alone.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "steps.h"

#define KEEPS(call) (errno = 0, (void)(call), MUST(errno == 0))

static ssize_t take(void *cookie, char *to, size_t bytes)
{
	(void)cookie;
	for (size_t i = 0; i < bytes; i++)
		to[i] = 'x';
	return (ssize_t)bytes;
}

static void use_streams(void)
{
	char text[64] = "some words\nand more\n", line[16], *made = NULL, *grown = NULL;
	size_t bytes = 0, room = 0;
	FILE *memory = fmemopen(text, sizeof text, "r+");
	FILE *growing = open_memstream(&made, &bytes);
	FILE *own = fopencookie(NULL, "r", (cookie_io_functions_t){.read = take});
	KEEPS(fgets(line, sizeof line, memory));
	KEEPS(getline(&grown, &room, memory));
	KEEPS(fputs("text", growing));
	KEEPS(fprintf(growing, "%d", 5));
	KEEPS(fwrite("text", 4, 1, growing));
	KEEPS(fread(line, 4, 1, own));
	KEEPS(fclose(memory));
	KEEPS(fclose(growing));
	KEEPS(fclose(own));
	free(made);
	free(grown);
}

/* While there are two threads. */
static void nothing(void)
{
}

int main(void)
{
	pair_run(use_streams, nothing);
	return 0;
}
