// cflags: -fno-builtin
// What calls leave in the program's memory: lists of texts, what children start with, walks through files, stacks, parts of options.
#define _GNU_SOURCE
#include <argz.h>
#include <dirent.h>
#include <envz.h>
#include <execinfo.h>
#include <fts.h>
#include <ftw.h>
#include <shadow.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "steps.h"

/* A line's list of texts, which it may change: a block of its own. */
static struct texts {
	char *list, *out[8];
	size_t bytes;
} all[STEPS_MOST];
#define LIST    (all[__LINE__].list)
#define BYTES   (all[__LINE__].bytes)
#define OUT     (all[__LINE__].out)
#define CHANGED &LIST, &BYTES

static posix_spawnattr_t attributes[STEPS_MOST];
static posix_spawn_file_actions_t actions[STEPS_MOST];
#define ATTRIBUTES (&attributes[__LINE__])
#define ACTIONS    (&actions[__LINE__])

static char *const texts[] = {"one", NULL};
static struct sched_param priority;

static void lists(void)
{
	WRITES(argz_create(texts, CHANGED), &LIST);            // race: race-data
	WRITES(argz_create_sep("a:b", ':', CHANGED), &BYTES);  // race: race-data
	READS(argz_create_sep(A, ':', CHANGED), A);            // race: race-data
	WRITES(argz_append(CHANGED, "x", 2), LIST);            // race: race-data
	WRITES(argz_add(CHANGED, "x"), LIST);                  // race: race-data
	WRITES(argz_add_sep(CHANGED, "x:y", ':'), &BYTES);     // race: race-data
	WRITES(argz_insert(CHANGED, LIST, "x"), LIST);         // race: race-data
	WRITES(argz_replace(CHANGED, "N=1", "b", NULL), LIST); // race: race-data
	WRITES(VOID(argz_delete(CHANGED, LIST)), &BYTES);      // race: race-data
	READS(argz_count(LIST, BYTES), LIST);                  // race: race-data
	WRITES(VOID(argz_extract(LIST, BYTES, OUT)), OUT);     // race: race-data
	WRITES(VOID(argz_stringify(LIST, BYTES, ' ')), LIST);  // race: race-data
	READS(envz_entry(LIST, BYTES, "N"), LIST);             // race: race-data
	READS(envz_get(LIST, BYTES, "N"), LIST);               // race: race-data
	WRITES(envz_add(CHANGED, "N", "2"), LIST);             // race: race-data
	WRITES(envz_merge(CHANGED, "M=2", 4, 1), LIST);        // race: race-data
	WRITES(VOID(envz_remove(CHANGED, "N")), &BYTES);       // race: race-data
	WRITES(VOID(envz_strip(CHANGED)), &BYTES);             // race: race-data
	WRITES(getsubopt(&LIST, texts, OUT), &LIST);           // race: race-data
}

static void children(void)
{
	WRITES(posix_spawnattr_init(ATTRIBUTES), ATTRIBUTES);                         // race: race-data
	WRITES(posix_spawnattr_setflags(ATTRIBUTES, 0), ATTRIBUTES);                  // race: race-data
	WRITES(posix_spawnattr_setpgroup(ATTRIBUTES, 0), ATTRIBUTES);                 // race: race-data
	WRITES(posix_spawnattr_setschedpolicy(ATTRIBUTES, 0), ATTRIBUTES);            // race: race-data
	READS(posix_spawnattr_setschedparam(ATTRIBUTES, &priority), &priority);       // race: race-data
	READS(posix_spawnattr_setsigmask(ATTRIBUTES, (sigset_t *)(void *)WA), WA);    // race: race-data
	READS(posix_spawnattr_setsigdefault(ATTRIBUTES, (sigset_t *)(void *)WA), WA); // race: race-data
	WRITES(posix_spawnattr_getflags(ATTRIBUTES, (short *)WORDS), WORDS);          // race: race-data
	WRITES(posix_spawnattr_getpgroup(ATTRIBUTES, (pid_t *)WORDS), WORDS);         // race: race-data
	WRITES(posix_spawnattr_getschedpolicy(ATTRIBUTES, (int *)WORDS), WORDS);      // race: race-data
	WRITES(posix_spawnattr_getschedparam(ATTRIBUTES, (void *)WORDS), WORDS);      // race: race-data
	WRITES(posix_spawnattr_getsigmask(ATTRIBUTES, (void *)WA), WA);               // race: race-data
	WRITES(posix_spawnattr_getsigdefault(ATTRIBUTES, (void *)WA), WA);            // race: race-data
	WRITES(posix_spawnattr_destroy(ATTRIBUTES), ATTRIBUTES);                      // race: race-data
	WRITES(posix_spawn_file_actions_init(ACTIONS), ACTIONS);                      // race: race-data
	WRITES(posix_spawn_file_actions_addclose(ACTIONS, 0), ACTIONS);               // race: race-data
	WRITES(posix_spawn_file_actions_addclosefrom_np(ACTIONS, 3), ACTIONS);        // race: race-data
	WRITES(posix_spawn_file_actions_adddup2(ACTIONS, 0, 1), ACTIONS);             // race: race-data
	WRITES(posix_spawn_file_actions_addfchdir_np(ACTIONS, 0), ACTIONS);           // race: race-data
	WRITES(posix_spawn_file_actions_addtcsetpgrp_np(ACTIONS, 0), ACTIONS);        // race: race-data
	READS(posix_spawn_file_actions_addchdir_np(ACTIONS, A), A);                   // race: race-data
	READS(posix_spawn_file_actions_addopen(ACTIONS, 0, A, 0, 0), A);              // race: race-data
	WRITES(posix_spawn_file_actions_destroy(ACTIONS), ACTIONS);                   // race: race-data
}

static int each(const char *path, const void *status, int what)
{
	(void)path, (void)status, (void)what;
	return 1;
}

static int each_more(const char *path, const void *status, int what, struct FTW *where)
{
	(void)where;
	return each(path, status, what);
}

static FTS *walk;
static FTSENT *entry;

static void files(void)
{
	char *paths[] = {"/", NULL};
	READS(ftw(put(A, "/"), (__ftw_func_t)each, 1), A);               // race: race-data
	READS(ftw64(put(A, "/"), (__ftw64_func_t)each, 1), A);           // race: race-data
	READS(nftw(put(A, "/"), (__nftw_func_t)each_more, 1, 0), A);     // race: race-data
	READS(nftw64(put(A, "/"), (__nftw64_func_t)each_more, 1, 0), A); // race: race-data
	WRITES(scandirat(-1, "/", (void *)WORDS, NULL, NULL), WORDS);    // race: race-data
	WRITES(scandirat64(-1, "/", (void *)WORDS, NULL, NULL), WORDS);  // race: race-data
	if (steps_first)
		walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	WRITES(entry = fts_read(walk), &entry->fts_level); // race: race-data
	SPARES(fts_set(walk, entry, FTS_SKIP), A);
	SPARES(fts_children(walk, 0), A);
}

static void stacks(void)
{
	READS(backtrace_symbols((void **)WORDS, 1), WORDS);                         // race: race-data
	READS(VOID(backtrace_symbols_fd((void **)WORDS, 1, STDERR_FILENO)), WORDS); // race: race-data
}

static void steps(void)
{
	lists();
	children();
	files();
	stacks();
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++) {
		MUST(!posix_spawnattr_init(&attributes[i]) && !posix_spawn_file_actions_init(&actions[i]));
		MUST(!argz_create_sep("N=1:b", ':', &all[i].list, &all[i].bytes));
	}
	steps_run();
	fts_close(walk);
	return 0;
}
