/* Random code is patched at random places. Started at each of its instructions, it does afterwards what it did before; and
 * where an entry was patched, a clone is run. */
#include "rewrite/patch.h"
#include "shadow/sys.h"

#include "confine.h"
#include "straight.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAIL(...)                                                                                            \
	(fprintf(stderr, "patch_test:%d, text %u: ", __LINE__, text_number), fprintf(stderr, __VA_ARGS__),   \
		exit(1))
#define CHECK(condition)                                                                                     \
	do                                                                                                   \
		if (!(condition))                                                                            \
			FAIL("%s\n", #condition);                                                            \
	while (0)

enum { TEXTS = 2500, LIST_MOST = 7, CLONE_ROOM = 48, PAGE = 4096 };

static unsigned text_number;

/* A text as it is tested. */
struct trial {
	struct straight straight;
	uint8_t *memory; /* mapped pages */
	size_t bytes;    /* of them */
	uint32_t before; /* bytes in front of the text */
	bool is_file, is_changed;
	struct rt_code code;
	struct rt_arena *arena;
	struct rt_patcher *patcher;
	uintptr_t clones[INSNS_MOST + 1];
	uintptr_t helper_clone;
	uint8_t entered[INSNS_MOST]; /* sites that may be the clone's first: 0: not an entry */
	struct straight_result before_patch[INSNS_MOST + 1];
};

/* In reach of the clones: behind the text. The last is the helper's. */
static char *marks;
enum { MARKS = INSNS_MOST + 2 };

/* ---- text and clones ---- */

static const char file_name[] = "build/rewrite_patch_test.text";

/* With something in front of the text in its first page, and a file's pages or none. */
static void map_text(struct trial *trial)
{
	const struct straight *straight = &trial->straight;
	trial->before = random_below(PAGE) & ~15u;
	trial->bytes = (trial->before + straight->bytes + PAGE - 1) / PAGE * PAGE;
	trial->is_file = text_number % 3;
	int file = -1, flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, protection = PROT_READ | PROT_WRITE;
	if (trial->is_file) {
		FILE *out = fopen(file_name, "w");
		CHECK(out && !fseek(out, PAGE + trial->before, SEEK_SET));
		CHECK(fwrite(straight->code, 1, straight->bytes, out) == straight->bytes && !fclose(out));
		CHECK(!truncate(file_name, (long)(PAGE + trial->bytes)));
		file = (int)rt_sys_open(file_name, 0, 0);
		flags = MAP_PRIVATE | MAP_FIXED;
		protection = PROT_READ | PROT_EXEC;
	}
	/* below a low address there is nothing that a jump can go to */
	void *where = text_number % 4 == 2 ? (void *)0x400000 : NULL;
	trial->memory =
		mmap(where, trial->bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(trial->memory != MAP_FAILED);
	marks = (char *)trial->memory + trial->bytes;
	CHECK(mmap(trial->memory, trial->bytes, protection, flags, file, trial->is_file ? PAGE : 0) ==
		trial->memory);
	if (trial->is_file) {
		close(file);
	} else {
		memcpy(trial->memory + trial->before, straight->code, straight->bytes);
		CHECK(!mprotect(trial->memory, trial->bytes, PROT_READ | PROT_EXEC));
	}
	trial->code = (struct rt_code){
		(uintptr_t)trial->memory + trial->before, straight->bytes, trial->memory + trial->before};
}

static uint8_t *write_distance(uint8_t *at, uintptr_t runs_at, uintptr_t target, unsigned behind)
{
	uint32_t distance = (uint32_t)(target - (runs_at + 4 + behind));
	memcpy(at, &distance, 4);
	return at + 4;
}

/* movb $1, mark; the instruction; jmp to what follows it in the text. */
static uintptr_t make_clone(
	struct trial *trial, const uint8_t *insn, uint32_t bytes, uintptr_t follows, char *mark)
{
	uintptr_t clone = rt_arena_code(trial->arena, CLONE_ROOM);
	CHECK(clone);
	uint8_t *start = rt_arena_at(trial->arena, clone), *at = start;
	*at++ = 0xc6;
	*at++ = 0x05;
	at = write_distance(at, clone + 2, (uintptr_t)mark, 1);
	*at++ = 1;
	memcpy(at, insn, bytes);
	at += bytes;
	*at++ = 0xe9;
	write_distance(at, clone + (uintptr_t)(at - start), follows, 0);
	rt_arena_trim(trial->arena, clone, (size_t)(at + 4 - start));
	return clone;
}

static void make_clones(struct trial *trial)
{
	const struct straight *straight = &trial->straight;
	for (uint32_t i = 0; i <= straight->count; i++) {
		const struct straight_insn *insn = &straight->insns[i];
		trial->clones[i] = 0;
		if (insn->kind != CALL)
			trial->clones[i] = make_clone(trial, straight->code + insn->offset,
				insn->kind == JUMP ? 0 : insn->bytes,
				trial->code.start + insn->offset + insn->bytes + insn->padding, &marks[i]);
	}
	trial->helper_clone = make_clone(
		trial, straight->code + straight->helper, 3, trial->code.start, &marks[INSNS_MOST + 1]);
}

/* ---- patching ---- */

static struct rt_patch_site site_of(const struct trial *trial, uint32_t i)
{
	const struct straight_insn *insn = &trial->straight.insns[i];
	return (struct rt_patch_site){insn->offset, insn->bytes, insn->kind == CALL, trial->clones[i]};
}

/* The sites from `first` on, up to what leaves the straight line. */
static uint32_t list_sites(const struct trial *trial, uint32_t first, struct rt_patch_site sites[LIST_MOST])
{
	uint32_t most = 2 + random_below(LIST_MOST - 1), count = 0;
	for (uint32_t i = first; i <= trial->straight.count && count < most; i++) {
		sites[count++] = site_of(trial, i);
		if (trial->straight.insns[i].kind != PLAIN)
			break;
	}
	if (random_below(4) == 0)
		sites[count - 1].clone = 0;
	return count;
}

/* Some of the instructions. */
static void give_victims(const struct trial *trial)
{
	static struct rt_patch_site victims[INSNS_MOST];
	unsigned count = 0;
	for (uint32_t i = 0; i < trial->straight.count; i++)
		if (random_below(2))
			victims[count++] = site_of(trial, i);
	rt_patcher_victims(trial->patcher, victims, count);
}

static void patch_calls(struct trial *trial, unsigned *calls)
{
	for (uint32_t i = 0; i < trial->straight.count; i++) {
		const struct straight_insn *insn = &trial->straight.insns[i];
		CHECK(insn->kind == CALL ||
			!rt_patcher_call(trial->patcher, insn->offset, trial->helper_clone));
		if (insn->kind == CALL && random_below(2)) {
			CHECK(rt_patcher_call(trial->patcher, insn->offset, trial->helper_clone));
			++*calls;
		}
	}
}

struct totals {
	unsigned entries, failed, late, calls, tactics[RT_TACTIC_COUNT];
};

/* What found no room before it is tried once more, with what lies before it. */
struct failed_entry {
	struct rt_patch_site sites[LIST_MOST];
	uint32_t first, count;
};
static struct failed_entry failed_entries[INSNS_MOST];

static bool enter(struct trial *trial, uint32_t first, const struct rt_patch_site *sites, uint32_t count)
{
	struct rt_patch_hint hint = {RT_PATCH_SEARCH, 0};
	if (!rt_patcher_enter(trial->patcher, sites, count, &hint))
		return false;
	trial->entered[first] = (uint8_t)(count - 1);
	return true;
}

static void patch_text(struct trial *trial, struct totals *totals)
{
	const struct straight *straight = &trial->straight;
	struct rt_patch_site sites[LIST_MOST];
	uint32_t gap = 1 + random_below(12);
	unsigned before = totals->calls + totals->entries + totals->late, failed = 0;
	memset(trial->entered, 0, sizeof(trial->entered));
	trial->patcher = rt_patcher_create(&trial->code, trial->arena);
	CHECK(trial->patcher);
	for (uint32_t i = 0; i < straight->count; i++)
		if (straight->insns[i].padding)
			rt_patcher_free_bytes(trial->patcher,
				straight->insns[i].offset + straight->insns[i].bytes,
				straight->insns[i].padding);
	patch_calls(trial, &totals->calls);
	if (random_below(2))
		give_victims(trial);
	for (uint32_t left = straight->count; left-- > 0;) {
		/* The wrong way round, more entries fail, and what is patched must be right all the same. */
		uint32_t i = text_number % 8 == 3 ? straight->count - 1 - left : left;
		uint32_t count = random_below(gap) ? 0 : list_sites(trial, i, sites);
		if (count < 2)
			continue;
		if (enter(trial, i, sites, count)) {
			totals->entries++;
			continue;
		}
		struct failed_entry *entry = &failed_entries[failed++];
		entry->first = i;
		entry->count = count;
		memcpy(entry->sites, sites, sizeof(sites));
	}
	rt_patcher_look_back(trial->patcher);
	for (unsigned i = 0; i < failed; i++) {
		bool late = enter(
			trial, failed_entries[i].first, failed_entries[i].sites, failed_entries[i].count);
		totals->late += late;
		totals->failed += !late;
	}
	trial->is_changed = totals->calls + totals->entries + totals->late > before;
	for (unsigned i = 0; i < RT_TACTIC_COUNT; i++)
		totals->tactics[i] += rt_patcher_tactics(trial->patcher)[i];
}

/* ---- running ---- */

static const uint8_t *start_of(const struct trial *trial, uint32_t insn)
{
	return (const uint8_t *)trial->code.start + trial->straight.insns[insn].offset;
}

static void run_before(struct trial *trial)
{
	for (uint32_t i = 0; i <= trial->straight.count; i++)
		trial->before_patch[i] = straight_run(start_of(trial, i));
}

static bool runs_the_same(const struct trial *trial, uint32_t insn)
{
	struct straight_result now = straight_run(start_of(trial, insn));
	return !memcmp(&now, &trial->before_patch[insn], sizeof(now));
}

static void check_runs(const struct trial *trial, bool is_patched)
{
	for (uint32_t i = 0; i <= trial->straight.count; i++) {
		memset(marks, 0, MARKS);
		if (!runs_the_same(trial, i))
			FAIL("differs from instruction %u on\n", i);
		bool marked = !trial->entered[i] || !is_patched || i == trial->straight.count;
		for (uint32_t k = 0; !marked && k < trial->entered[i]; k++)
			marked = marks[i + k];
		if (!marked)
			FAIL("no clone is entered from instruction %u on\n", i);
		CHECK(is_patched || !memchr(marks, 1, MARKS));
	}
}

static void check_maps(const struct trial *trial, bool keeps_name)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned named = 0;
	while (fgets(line, sizeof(line), maps)) {
		unsigned long low, high;
		char flags[8];
		CHECK(sscanf(line, "%lx-%lx %7s", &low, &high, flags) == 3);
		CHECK(flags[1] != 'w' || flags[2] != 'x');
		bool is_text =
			low < (uintptr_t)trial->memory + trial->bytes && high > (uintptr_t)trial->memory;
		CHECK(!is_text || !strcmp(flags, "r-xp"));
		named += is_text && strstr(line, file_name);
		CHECK(!is_text || !keeps_name || strstr(line, file_name));
	}
	fclose(maps);
}

struct runner {
	const struct trial *trial;
	volatile unsigned runs;
	volatile bool stop;
};

static void *run_always(void *argument)
{
	struct runner *runner = argument;
	for (uint32_t i = 0; !runner->stop; i = (i + 7) % (runner->trial->straight.count + 1)) {
		if (!runs_the_same(runner->trial, i))
			FAIL("differs from instruction %u on, while it is replaced\n", i);
		runner->runs++;
	}
	return NULL;
}

static void wait_for_runs(const struct runner *runner, unsigned more)
{
	unsigned from = runner->runs;
	while (runner->runs - from < more)
		sched_yield();
}

static void commit_beside_runner(struct trial *trial)
{
	struct runner runner = {trial, 0, false};
	pthread_t thread;
	CHECK(!pthread_create(&thread, NULL, run_always, &runner));
	wait_for_runs(&runner, 1);
	CHECK(rt_patcher_commit(trial->patcher, false));
	wait_for_runs(&runner, 8);
	runner.stop = true;
	pthread_join(thread, NULL);
}

/* ---- trials ---- */

static void begin_trial(struct trial *trial, struct totals *totals)
{
	const char *why = "";
	straight_make(&trial->straight, 8 + random_below(text_number % 8 ? 80 : INSNS_MOST - 8));
	map_text(trial);
	run_before(trial);
	struct rt_range near = {(uintptr_t)trial->memory, (uintptr_t)trial->memory + trial->bytes};
	trial->arena = rt_arena_create(near, 1 << 16, &why);
	if (!trial->arena)
		FAIL("%s\n", why);
	make_clones(trial);
	patch_text(trial, totals);
	CHECK(rt_arena_seal(trial->arena));
}

static void end_trial(struct trial *trial)
{
	rt_patcher_destroy(trial->patcher);
	rt_arena_destroy(trial->arena);
	CHECK(!munmap(trial->memory, trial->bytes + PAGE));
}

/* Where executable memory, or memory files, are refused. */
static void commit_confined(struct trial *trial, unsigned how)
{
	if (how == 0)
		confine_memory_files();
	else
		confine_executable_memory(how == 2);
	CHECK(rt_patcher_commit(trial->patcher, text_number % 2) == (how < 2 || !trial->is_changed));
	check_maps(trial, trial->is_file && how != 1);
	check_runs(trial, how < 2);
}

static void check_confined(struct trial *trial)
{
	for (unsigned how = 0; how < 3; how++) {
		int status;
		pid_t child = fork();
		if (!child) {
			commit_confined(trial, how);
			_exit(0);
		}
		CHECK(waitpid(child, &status, 0) == child);
		if (status)
			FAIL("confined, %u: status %d\n", how, status);
	}
}

int main(void)
{
	static struct trial trial;
	struct totals totals = {0};
	for (text_number = 0; text_number < TEXTS; text_number++) {
		begin_trial(&trial, &totals);
		if (text_number % 100 < 3)
			check_confined(&trial);
		if (text_number % 4 == 1)
			commit_beside_runner(&trial);
		else
			CHECK(rt_patcher_commit(trial.patcher, text_number % 4));
		if (text_number % 16 < 4)
			check_maps(&trial, trial.is_file);
		check_runs(&trial, true);
		end_trial(&trial);
	}
	unlink(file_name);
	printf("%u texts, %u calls, %u entries (%u direct, %u punned, %u by prefixes, %u by eviction, %u "
	       "short), %u more with what lies before them, %u not possible\n",
		TEXTS, totals.calls, totals.entries, totals.tactics[RT_TACTIC_DIRECT],
		totals.tactics[RT_TACTIC_PUN], totals.tactics[RT_TACTIC_PREFIX],
		totals.tactics[RT_TACTIC_SUCCESSOR], totals.tactics[RT_TACTIC_SHORT], totals.late,
		totals.failed);
	CHECK(totals.late);
	return 0;
}
