// A race is benign where all of its bytes were declared so: one that reaches beyond them is reported.
#include "steps.h"

void AnnotateBenignRace(const char *file, int line, const volatile void *memory, const char *why);
void AnnotateBenignRaceSized(
	const char *file, int line, const volatile void *memory, size_t bytes, const char *why);
#define HERE __FILE__, __LINE__

static struct {
	char whole[8], part[8], joined[8], tail[8], start[8], after[8];
} memory __attribute__((aligned(8)));

#define BOTH_WRITE(place, bytes) STEP((racetrack_write(place, bytes), 0), racetrack_write(place, bytes))

static void steps(void)
{
	BOTH_WRITE(memory.whole, 4);
	BOTH_WRITE(memory.part, 4); // race: race-data
	BOTH_WRITE(memory.joined, 4);
	BOTH_WRITE(memory.tail, 4); // race: race-data
	/* the size was not said: what touches the first byte is meant */
	BOTH_WRITE(memory.start, 4);
	BOTH_WRITE(memory.after + 1, 3); // race: race-data
}

int main(void)
{
	AnnotateBenignRaceSized(HERE, memory.whole, 4, "all that is written");
	AnnotateBenignRaceSized(HERE, memory.part, 2, "its first half");
	AnnotateBenignRaceSized(HERE, memory.joined + 2, 2, "its second half");
	AnnotateBenignRaceSized(HERE, memory.joined, 2, "and its first one");
	AnnotateBenignRaceSized(HERE, memory.tail + 2, 6, "its second half, and more");
	AnnotateBenignRace(HERE, memory.start, "of any size");
	AnnotateBenignRace(HERE, memory.after, "of any size");
	steps_run();
	return 0;
}
