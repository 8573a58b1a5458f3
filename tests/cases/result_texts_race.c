// cflags: -fno-builtin
// Numbers, characters, encodings, patterns and tables: what is read of texts, and what is written behind pointers.
#define _GNU_SOURCE
#include <fnmatch.h>
#include <glob.h>
#include <iconv.h>
#include <inttypes.h>
#include <locale.h>
#include <regex.h>
#include <search.h>
#include <string.h>
#include <wordexp.h>
#include "steps.h"

#define AS(type)    ((type *)(void *)WORDS)
#define WIDE(text)  put_wide(WA, L##text)
#define WEND        AS(wchar_t *)
#define END         AS(char *)
#define VALUE(call) ((long)(call))

static locale_t c;

static void numbers(void)
{
	WRITES(wcstol(WIDE("12x"), WEND, 10), WORDS); // race: race-data
	READS(wcstol(WIDE("12x"), WEND, 10), &WA[2]); // race: race-data
	SPARES(wcstol(WIDE("12x"), WEND, 10), &WA[3]);
	SPARES(wcstol(WIDE("12x"), WEND, 99), WORDS);
	WRITES(wcstoul(WIDE("1"), WEND, 10), WORDS);          // race: race-data
	WRITES(wcstoll(WIDE("1"), WEND, 10), WORDS);          // race: race-data
	WRITES(wcstoull(WIDE("1"), WEND, 10), WORDS);         // race: race-data
	WRITES(VALUE(wcstod(WIDE("1.5"), WEND)), WORDS);      // race: race-data
	WRITES(VALUE(wcstof(WIDE("1.5"), WEND)), WORDS);      // race: race-data
	WRITES(VALUE(wcstold(WIDE("1.5"), WEND)), WORDS);     // race: race-data
	WRITES(wcstoimax(WIDE("1"), WEND, 10), WORDS);        // race: race-data
	WRITES(wcstoumax(WIDE("1"), WEND, 10), WORDS);        // race: race-data
	WRITES(strtoimax(put(A, "1"), END, 10), WORDS);       // race: race-data
	WRITES(strtoumax(put(A, "1"), END, 10), WORDS);       // race: race-data
	WRITES(strtoq(put(A, "1"), END, 10), WORDS);          // race: race-data
	WRITES(strtouq(put(A, "1"), END, 10), WORDS);         // race: race-data
	WRITES(strtol_l(put(A, "1"), END, 10, c), WORDS);     // race: race-data
	WRITES(strtoul_l(put(A, "1"), END, 10, c), WORDS);    // race: race-data
	WRITES(strtoll_l(put(A, "1"), END, 10, c), WORDS);    // race: race-data
	WRITES(strtoull_l(put(A, "1"), END, 10, c), WORDS);   // race: race-data
	WRITES(VALUE(strtod_l(put(A, "1"), END, c)), WORDS);  // race: race-data
	WRITES(VALUE(strtof_l(put(A, "1"), END, c)), WORDS);  // race: race-data
	READS(VALUE(strtold_l(put(A, "1"), NULL, c)), A + 1); // race: race-data
}

static const char *source(const char *text)
{
	static __thread const char *at;
	at = text;
	return (const char *)&at;
}

#define FROM(text)      ((const char **)(uintptr_t)source(text))
#define WIDE_FROM(text) ((const wchar_t **)(uintptr_t)source((const char *)(text)))
#define NEW                                                                                                  \
	&(mbstate_t)                                                                                         \
	{                                                                                                    \
		0                                                                                            \
	}

static size_t convert(char *from, char *to, size_t *left)
{
	iconv_t how = iconv_open("UTF-16LE", "UTF-8");
	size_t room = 16;
	*left = 3;
	return iconv(how, &from, left, &to, &room); // race: race-data ICONV_IN ICONV_OUT ICONV_LEFT
}

static void characters(void)
{
	READS(mblen(A, 4), A); // race: race-data
	SPARES(mblen(A, 4), A + 1);
	WRITES(mbtowc(WB, A, 4), WB);       // race: race-data
	WRITES(wctomb(A, L'a'), A);         // race: race-data
	READS(mbrlen(A, 4, NEW), A);        // race: race-data
	WRITES(mbrtowc(WB, A, 4, NEW), WB); // race: race-data
	ONLY_READS(mbrtowc(WB, A, 4, AS(mbstate_t)), WORDS);
	WRITES(wcrtomb(A, L'a', NEW), A); // race: race-data
	SPARES(wcrtomb(A, L'a', NEW), A + 1);
	WRITES(mbsrtowcs(WB, FROM(put(A, "ab")), 16, NEW), &WB[2]); // race: race-data
	SPARES(mbsrtowcs(WB, FROM(put(A, "ab")), 16, NEW), &WB[3]);
	READS(mbsrtowcs(WB, FROM(put(A, "ab")), 16, NEW), A + 2); // race: race-data
	SPARES(mbsrtowcs(WB, FROM(A), 2, NEW), A + 2);
	WRITES(mbsnrtowcs(WB, FROM(A), 2, 16, NEW), &WB[1]); // race: race-data
	SPARES(mbsnrtowcs(WB, FROM(A), 2, 16, NEW), &WB[2]);
	WRITES(wcsrtombs(B, WIDE_FROM(WIDE("ab")), 16, NEW), B + 2); // race: race-data
	READS(wcsnrtombs(B, WIDE_FROM(WA), 2, 16, NEW), &WA[1]);     // race: race-data
	SPARES(wcsnrtombs(B, WIDE_FROM(WA), 2, 16, NEW), &WA[2]);
	STEP(convert(A, B, WORDS), racetrack_write(A + 2, 1)); // race: race-data ICONV_IN
	STEP(convert(A, B, WORDS), racetrack_write(B + 5, 1)); // race: race-data ICONV_OUT
	STEP(convert(A, B, WORDS), racetrack_write(B + 6, 1));
	STEP(convert(A, B, WORDS), racetrack_read(WORDS, 1)); // race: race-data ICONV_LEFT
}

static regex_t compiled, without;
static glob_t lists[STEPS_MOST];

static void patterns(void)
{
	READS(fnmatch(put(A, "a*"), "abc", 0), A);                          // race: race-data
	READS(fnmatch("a*", put(A, "abc"), 0), A + 3);                      // race: race-data
	WRITES(regcomp((regex_t *)(void *)A, "x", 0), A);                   // race: race-data
	READS(regcomp((regex_t *)(void *)A, put(B, "x"), 0), B);            // race: race-data
	READS(regexec(&compiled, put(A, "abc"), 0, NULL, 0), A + 3);        // race: race-data
	WRITES(regexec(&compiled, "abc", 2, AS(regmatch_t), 0), &WORDS[1]); // race: race-data
	SPARES(regexec(&compiled, "abc", 2, AS(regmatch_t), 0), &WORDS[2]);
	SPARES(regexec(&compiled, "xyz", 2, AS(regmatch_t), 0), WORDS);
	SPARES(regexec(&without, "abc", 2, AS(regmatch_t), 0), WORDS);
	ONLY_READS(regexec(&compiled, "abc", 0, NULL, 0), &compiled);
	WRITES(regerror(REG_NOMATCH, &compiled, A, 4), A + 3); // race: race-data
	SPARES(regerror(REG_NOMATCH, &compiled, A, 4), A + 4);
	WRITES(glob("/", 0, NULL, (glob_t *)(void *)A), A);          // race: race-data
	READS(glob(put(B, "/"), 0, NULL, (glob_t *)(void *)A), B);   // race: race-data
	WRITES(glob64("/", 0, NULL, (glob64_t *)(void *)A), A);      // race: race-data
	READS(wordexp(put(B, "a b"), (wordexp_t *)(void *)A, 0), B); // race: race-data
	WRITES(VOID(globfree(&lists[__LINE__])), &lists[__LINE__]);  // race: race-data
}

static int compare(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

static int compare_by(const void *a, const void *b, void *argument)
{
	(void)argument;
	return compare(a, b);
}

static void *tree[STEPS_MOST];
static struct hsearch_data table, other, tables[STEPS_MOST];

static void searching(void)
{
	size_t count = 2;
	ENTRY *found;
	WRITES(VOID(qsort(A, 4, 1, compare)), A + 3); // race: race-data
	SPARES(VOID(qsort(A, 4, 1, compare)), A + 4);
	SPARES(VOID(qsort(A, 1, 1, compare)), A);
	WRITES(VOID(qsort_r(A, 4, 1, compare_by, NULL)), A);             // race: race-data
	WRITES(lsearch("z", A, &count, 1, compare), A + 2);              // race: race-data
	READS(lfind("z", A, AS(size_t), 1, compare), WORDS);             // race: race-data
	WRITES(tsearch("z", &tree[__LINE__], compare), &tree[__LINE__]); // race: race-data
	READS(tfind("z", &tree[__LINE__], compare), &tree[__LINE__]);    // race: race-data
	ONLY_READS(tfind("z", &tree[__LINE__], compare), &tree[__LINE__]);
	WRITES(tdelete("z", &tree[__LINE__], compare), &tree[__LINE__]); // race: race-data
	WRITES(hcreate_r(4, &tables[__LINE__]), &tables[__LINE__]);      // race: race-data
	ONLY_READS(hsearch_r((ENTRY){A, NULL}, FIND, &found, &other), &other);
	WRITES(hsearch_r((ENTRY){A, NULL}, ENTER, &found, &table), &table); // race: race-data
	WRITES(VOID(hdestroy_r(&tables[__LINE__])), &tables[__LINE__]);     // race: race-data
}

static void steps(void)
{
	numbers();
	characters();
	patterns();
	searching();
}

int main(void)
{
	glob64_t names;
	wordexp_t words;
	regex_t third;
	MUST(c = newlocale(LC_ALL_MASK, "C", NULL));
	MUST(!regcomp(&compiled, "\\(b\\)", 0));
	MUST(!regcomp(&without, "b", REG_NOSUB));
	MUST(!regcomp(&third, "b", 0) && !wordexp("a", &words, 0) && !glob64("/", 0, NULL, &names));
	MUST(hcreate_r(4, &table) && hcreate_r(4, &other));
	regfree(&third);
	wordfree(&words);
	globfree64(&names);
	steps_run();
	return 0;
}
