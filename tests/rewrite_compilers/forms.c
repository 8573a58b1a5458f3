/* What compilers make of C: jump tables, computed gotos, tail calls, frames of variable length, long jumps, vectors, structures
 * by value, in several threads that hold a lock where they share. Each form checks itself; the sum of all is printed. */
#include <alloca.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 3, ROUNDS = 40, ELEMENTS = 500 };

#define NOINLINE __attribute__((noinline))

static void expect(int line, int right)
{
	if (!right) {
		printf("wrong in line %d\n", line);
		exit(1);
	}
}
#define EXPECT(condition) expect(__LINE__, condition)

static uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * 0x9e3779b97f4a7c15u + (sum >> 29);
}

/* ---- jump tables ---- */

NOINLINE static uint64_t choose(unsigned how, uint64_t value)
{
	switch (how) {
	case 0:
		return value + 11;
	case 1:
		return value * 7;
	case 2:
		value ^= 0x55;
		/* fall through */
	case 3:
		return value << 3 | value >> 61;
	case 4:
		return ~value;
	case 5:
		return value - how;
	case 6:
		return value / 3;
	case 7:
		return value % 1000003;
	case 9:
		return __builtin_bswap64(value);
	case 12:
		return (uint64_t)__builtin_popcountll(value);
	default:
		return value >> 1;
	}
}

/* The same by comparisons. */
static uint64_t choose_slowly(unsigned how, uint64_t value)
{
	if (how == 2)
		value ^= 0x55;
	return how == 0    ? value + 11
	       : how == 1  ? value * 7
	       : how <= 3  ? (value << 3 | value >> 61)
	       : how == 4  ? ~value
	       : how == 5  ? value - 5
	       : how == 6  ? value / 3
	       : how == 7  ? value % 1000003
	       : how == 9  ? __builtin_bswap64(value)
	       : how == 12 ? (uint64_t)__builtin_popcountll(value)
			   : value >> 1;
}

static uint64_t switches(uint64_t seed)
{
	for (unsigned i = 0; i < 200; i++) {
		unsigned how = (unsigned)(seed >> 7) % 15;
		uint64_t next = choose(how, seed);
		EXPECT(next == choose_slowly(how, seed));
		seed = mix(seed, next);
	}
	return seed;
}

/* ---- computed gotos ---- */

enum operation { PUSH, ADD, MULTIPLY, SWAP, DUPLICATE, LOOP, END };

NOINLINE static int64_t interpret(const int8_t *code, int64_t *counter)
{
	static void *const labels[] = {&&push, &&add, &&multiply, &&swap, &&duplicate, &&loop, &&end};
	int64_t stack[16], *top = stack, first;
	const int8_t *at = code;
#define NEXT goto *labels[*at++]
	NEXT;
push:
	*top++ = *at++;
	NEXT;
add:
	top--;
	top[-1] += *top;
	NEXT;
multiply:
	top--;
	top[-1] *= *top;
	NEXT;
swap:
	first = top[-1];
	top[-1] = top[-2];
	top[-2] = first;
	NEXT;
duplicate:
	*top = top[-1];
	top++;
	NEXT;
loop:
	at = --*counter > 0 ? code + *at : at + 1;
	NEXT;
end:
	return top[-1];
}

static uint64_t gotos(uint64_t seed)
{
	static const int8_t code[] = {
		PUSH, 1, PUSH, 3, ADD, DUPLICATE, PUSH, 2, MULTIPLY, SWAP, ADD, LOOP, 2, END};
	int64_t counter = 5 + (int64_t)(seed % 20), rounds = counter;
	int64_t value = interpret(code, &counter), same = 1;
	for (int64_t i = 0; i < rounds; i++)
		same = 3 * (same + 3);
	EXPECT(value == same && counter == 0);
	return mix(seed, (uint64_t)value);
}

/* ---- tail calls, and calls by pointers ---- */

typedef uint64_t (*step)(uint64_t value, unsigned left, const void *steps);
NOINLINE static uint64_t odd(uint64_t value, unsigned left, const void *steps);

NOINLINE static uint64_t even(uint64_t value, unsigned left, const void *steps)
{
	const step *table = steps;
	return left ? table[left & 1](mix(value, left), left - 1, steps) : value;
}

NOINLINE static uint64_t odd(uint64_t value, unsigned left, const void *steps)
{
	return left ? even(value * 3 + left, left - 1, steps) : ~value;
}

static uint64_t tails(uint64_t seed)
{
	static const step table[] = {even, odd};
	uint64_t value = even(seed, 300, table), same = seed;
	unsigned left = 300;
	for (int is_even = 1; left; left--)
		if (is_even) {
			is_even = !(left & 1);
			same = mix(same, left);
		} else {
			is_even = 1;
			same = same * 3 + left;
		}
	EXPECT(value == same || value == ~same);
	return mix(seed, value);
}

/* ---- frames ---- */

NOINLINE static long variable(unsigned count, long value)
{
	long array[count];
	char *more = alloca(count + 1);
	memset(more, (int)value & 0x7f, count);
	more[count] = 0;
	for (unsigned i = 0; i < count; i++)
		array[i] = value * i + more[i];
	long sum = strlen(more) ? array[count - 1] : array[0];
	return count > 3 ? sum + variable(count / 2, value + 1) : sum;
}

struct wide {
	uint64_t words[9];
	char text[13];
	double number;
};

NOINLINE static struct wide turn(struct wide by_value, long amount)
{
	for (unsigned i = 0; i < 9; i++)
		by_value.words[i] += (uint64_t)amount * (i + 1);
	by_value.text[amount % 13] ^= 0x21;
	by_value.number = by_value.number * 1.5 + (double)amount;
	return by_value;
}

NOINLINE static double sum_up(unsigned count, ...)
{
	va_list list;
	double sum = 0;
	va_start(list, count);
	for (unsigned i = 0; i < count; i++)
		sum += i & 1 ? va_arg(list, double) : (double)va_arg(list, long);
	va_end(list);
	return sum;
}

static uint64_t frames(uint64_t seed)
{
	struct wide one = {.number = 1};
	long value = (long)(seed % 100) + 1;
	for (unsigned i = 0; i < 9; i++)
		one.words[i] = i;
	for (long i = 0; i < 9; i++)
		one = turn(one, value + i);
	EXPECT(one.words[3] == 3 + 4 * (9 * (uint64_t)value + 36));
	EXPECT(sum_up(6, 1L, 2.5, 3L, 4.5, value, 6.5) == 17.5 + (double)value);
	return mix(mix(seed, (uint64_t)variable(60, value)), (uint64_t)one.number + (uint64_t)one.text[5]);
}

/* ---- vectors, bits, strings ---- */

struct arrays {
	float single[ELEMENTS];
	double twice[ELEMENTS];
	int32_t whole[ELEMENTS];
	uint8_t bytes[ELEMENTS];
	uint16_t halves[ELEMENTS];
};

NOINLINE static void compute(struct arrays *restrict to, const struct arrays *restrict from, int amount)
{
	for (int i = 0; i < ELEMENTS; i++)
		to->single[i] = from->single[i] * 2 + (float)amount;
	for (int i = 0; i < ELEMENTS; i++)
		to->twice[i] = sqrt(from->twice[i] * from->twice[i]) - amount;
	for (int i = 0; i < ELEMENTS; i++)
		to->whole[i] = from->whole[i] > amount ? from->whole[i] : amount - from->whole[i];
	for (int i = 0; i < ELEMENTS; i++)
		to->bytes[i] = (uint8_t)(from->bytes[ELEMENTS - 1 - i] + amount);
	for (int i = 0; i < ELEMENTS; i += 3)
		to->halves[i] = (uint16_t)(from->halves[i] * amount);
	for (int i = 0; i < ELEMENTS; i++) /* masked, where the processor can */
		if (from->whole[i] & 1)
			to->whole[i] += from->halves[from->bytes[i]];
}

static uint64_t vectors(uint64_t seed, struct arrays *from, struct arrays *to)
{
	int amount = (int)(seed % 50);
	uint64_t whole = 0, same = 0;
	for (int i = 0; i < ELEMENTS; i++) {
		from->single[i] = (float)i;
		from->twice[i] = -i;
		from->whole[i] = i * 3 % 101;
		from->bytes[i] = (uint8_t)i;
		from->halves[i] = (uint16_t)(i * 5);
	}
	memset(to, 0, sizeof(*to));
	compute(to, from, amount);
	for (int i = 0; i < ELEMENTS; i++) {
		int32_t value = i * 3 % 101, at = (uint8_t)i;
		whole += (uint64_t)(uint32_t)to->whole[i] * (unsigned)(i + 1);
		same += (uint64_t)(uint32_t)((value > amount ? value : amount - value) +
					     (value & 1 ? at * 5 : 0)) *
			(unsigned)(i + 1);
		EXPECT(to->single[i] == (float)(2 * i + amount) && to->twice[i] == i - amount);
		EXPECT(to->bytes[i] == (uint8_t)(ELEMENTS - 1 - i + amount));
	}
	EXPECT(whole == same);
	return mix(seed, whole);
}

static uint64_t bits(uint64_t seed)
{
	unsigned __int128 wide = (unsigned __int128)seed * (seed | 1);
	char text[64], other[64];
	snprintf(text, sizeof(text), "%llx-%d", (unsigned long long)seed, (int)(seed % 97));
	memcpy(other, text, sizeof(text));
	EXPECT(!strcmp(text, other) && wide / (seed | 1) == seed);
	long double extended = (long double)(seed >> 12) / 4;
	EXPECT((uint64_t)(extended * 4) == seed >> 12);
	return mix(seed, (uint64_t)(wide >> 64) + strlen(text) + (uint64_t)__builtin_ctzll(seed | 1u << 20));
}

/* ---- jumps out of calls, and callbacks ---- */

NOINLINE static void leave(jmp_buf back, int depth)
{
	volatile char room[40] = {(char)depth};
	if (depth == 0)
		longjmp(back, 7);
	leave(back, depth - 1);
	room[1] = room[0];
}

static int compare(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
	return a < b ? -1 : a > b;
}

static uint64_t leaps(uint64_t seed)
{
	jmp_buf back;
	const uint64_t first = seed;
	volatile uint64_t kept = seed;
	uint32_t numbers[64];
	for (unsigned i = 0; i < 64; i++)
		numbers[i] = (uint32_t)(seed = mix(seed, i));
	qsort(numbers, 64, sizeof(*numbers), compare);
	for (unsigned i = 1; i < 64; i++)
		EXPECT(numbers[i - 1] <= numbers[i]);
	if (!setjmp(back)) {
		kept++;
		leave(back, 9);
	}
	EXPECT(kept == first + 1);
	return mix(kept, numbers[10]);
}

/* ---- threads ---- */

static __thread uint64_t own;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t shared, tickets;
static struct {
	uint32_t low : 7, middle : 18, high : 7;
} fields;

static void *run(void *argument)
{
	uint64_t seed = (uint64_t)(uintptr_t)argument;
	struct arrays *arrays = malloc(2 * sizeof(*arrays));
	for (int i = 0; i < ROUNDS; i++) {
		own = mix(own, seed);
		seed = leaps(bits(vectors(frames(tails(gotos(switches(seed)))), &arrays[0], &arrays[1])));
		__atomic_fetch_add(&tickets, 1, __ATOMIC_RELAXED);
		pthread_mutex_lock(&mutex);
		shared += seed;
		fields.middle += 3;
		pthread_mutex_unlock(&mutex);
	}
	free(arrays);
	return (void *)(uintptr_t)mix(seed, own);
}

int main(void)
{
	pthread_t threads[THREADS];
	uint64_t sum = 0;
	for (uintptr_t i = 0; i < THREADS; i++)
		EXPECT(!pthread_create(&threads[i], NULL, run, (void *)(i + 1)));
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		sum = mix(sum, (uint64_t)(uintptr_t)result);
	}
	EXPECT(fields.middle == 3 * THREADS * ROUNDS && tickets == THREADS * ROUNDS);
	printf("%016llx %016llx\n", (unsigned long long)sum, (unsigned long long)shared);
	return 0;
}
