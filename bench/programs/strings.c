/* Text, byte by byte: each thread cuts its half into words, folds their case, hashes them and counts them in a table. */
#include "common.h"

enum { TEXT_BYTES = 1 << 20, WORD_BYTES = 32, SLOTS = 1 << 14 };

struct slot {
	uint64_t count;
	char word[WORD_BYTES];
};

static char text[BENCH_THREADS][TEXT_BYTES + 1];
static size_t rounds;

static void write_text(char *bytes, uint64_t state)
{
	size_t at = 0;

	while (at < TEXT_BYTES) {
		uint64_t word = bench_mix(bench_random(&state) % 5000);
		unsigned length = 2 + word % 9;

		for (unsigned i = 0; i < length && at < TEXT_BYTES; i++) {
			word = bench_mix(word);
			bytes[at++] = (char)((word & 64 ? 'a' : 'A') + (word >> 8) % 26);
		}
		if (at < TEXT_BYTES)
			bytes[at++] = " ,.\n"[word % 4];
	}
	bytes[TEXT_BYTES] = 0;
}

static int is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The next word from `from` on, in lower case; NULL after the last. Returns where it ended. */
static const char *next_word(const char *from, char *word)
{
	unsigned length = 0;

	while (*from && !is_letter(*from))
		from++;
	if (!*from)
		return NULL;
	for (; is_letter(*from); from++)
		if (length < WORD_BYTES - 1)
			word[length++] = *from >= 'a' ? *from : (char)(*from + 'a' - 'A');
	word[length] = 0;
	return from;
}

static uint32_t hash_word(const char *word)
{
	uint32_t hash = 2166136261u;

	for (; *word; word++)
		hash = (hash ^ (unsigned char)*word) * 16777619u;
	return hash;
}

static int same_word(const char *left, const char *right)
{
	while (*left && *left == *right) {
		left++;
		right++;
	}
	return *left == *right;
}

static void copy_word(char *to, const char *from)
{
	while ((*to++ = *from++))
		;
}

static void count_word(struct slot *slots, const char *word)
{
	uint32_t at = hash_word(word) % SLOTS;

	while (slots[at].count && !same_word(slots[at].word, word))
		at = (at + 1) % SLOTS;
	if (slots[at].count++ == 0)
		copy_word(slots[at].word, word);
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	struct slot *slots = bench_alloc(SLOTS, sizeof(*slots));
	char word[WORD_BYTES];

	for (size_t round = 0; round < rounds; round++)
		for (const char *at = text[worker->index]; (at = next_word(at, word));)
			count_word(slots, word);
	for (unsigned i = 0; i < SLOTS; i++)
		worker->sum += slots[i].count * hash_word(slots[i].word);
	free(slots);
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	rounds = bench_scaled(argc, argv, 40);
	for (unsigned i = 0; i < BENCH_THREADS; i++)
		write_text(text[i], i);
	bench_start(workers, BENCH_THREADS, work);
	return bench_print("strings", bench_join(workers, BENCH_THREADS));
}
