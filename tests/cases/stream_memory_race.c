// What a stream leaves in memory as it is flushed and closed: where it is, how much, and the text with its null character.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "steps.h"

static char *texts[STEPS_MOST];
static wchar_t *wide_texts[STEPS_MOST];
static size_t counts[STEPS_MOST];
static FILE *streams[STEPS_MOST];

/* Open and with text in it, nothing of which the other thread may know by another order. */
static void open_all(void)
{
	for (int i = 0; i < 60; i++) {
		streams[i] = i % 2 ? open_memstream(&texts[i], &counts[i])
				   : open_wmemstream(&wide_texts[i], &counts[i]);
		MUST(streams[i]);
		if (i % 2)
			fputs("text", streams[i]);
		else
			fputws(L"text", streams[i]);
		fflush(streams[i]);
	}
}

static void steps(void)
{
	WRITES(fflush(streams[1]), &texts[1]);           // race: race-data
	WRITES(fflush_unlocked(streams[3]), &counts[3]); // race: race-data
	WRITES(fflush(streams[5]), texts[5] + 4);        // race: race-data
	SPARES(fflush(streams[7]), texts[7] + 5);
	WRITES(fclose(streams[9]), &counts[9]);                      // race: race-data
	WRITES(fclose(streams[11]), texts[11] + 4);                  // race: race-data
	WRITES(fclose(streams[2]), &wide_texts[2]);                  // race: race-data
	WRITES(fclose(streams[4]), (char *)(wide_texts[4] + 5) - 1); // race: race-data
	SPARES(fclose(streams[6]), wide_texts[6] + 5);
}

int main(void)
{
	open_all();
	steps_run();
	return 0;
}
