/* What compilers make of `if (condition) value = *from;`: a load in any case, and a conditional move. */
#ifndef RACETRACK_TESTS_CHOSEN_H
#define RACETRACK_TESTS_CHOSEN_H

/* The move loads by itself. */
static inline long chosen_by_move(long condition, const long *from)
{
	long value = 3;
	__asm__ volatile("test %1, %1\n\t"
			 "cmovne (%2), %0"
			 : "+&r"(value)
			 : "r"(condition), "r"(from)
			 : "cc", "memory");
	return value;
}

/* What was loaded is moved. */
static inline long chosen_taken(long condition, const long *from)
{
	long value = 3, loaded;
	__asm__ volatile("mov (%3), %1\n\t"
			 "test %2, %2\n\t"
			 "cmovg %1, %0\n\t"
			 "xor %1, %1"
			 : "+&r"(value), "=&r"(loaded)
			 : "r"(condition), "r"(from)
			 : "cc", "memory");
	return value;
}

/* What was loaded is kept. */
static inline long chosen_kept(long condition, const long *from)
{
	long value, other = 3;
	__asm__ volatile("mov (%2), %0\n\t"
			 "cmp $1, %1\n\t"
			 "cmovb %3, %0"
			 : "=&r"(value)
			 : "r"(condition), "r"(from), "r"(other)
			 : "cc", "memory");
	return value;
}

#endif
