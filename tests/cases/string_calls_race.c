// cflags: -fno-builtin -fno-inline
// Every byte that the string functions touch: the last one of each extent, and what is done to it.
#define _GNU_SOURCE
#include <locale.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "steps.h"

static char *cut, *rest;
static locale_t locale;
static struct tm day = {.tm_mday = 1}, shared_day = {.tm_mday = 1};

static void steps(void)
{
	/* A and B hold 16 characters and the NUL */
	READS(strlen(A), A + 16);                                              // race: race-data
	READS(strnlen(A, 7), A + 6);                                           // race: race-data
	READS(strnlen(A, 70), A + 16);                                         // race: race-data
	READS(strcpy(A, B), B + 16);                                           // race: race-data
	WRITES(strcpy(A, B), A + 16);                                          // race: race-data
	READS(stpcpy(A, B), B + 16);                                           // race: race-data
	WRITES(stpcpy(A, B), A + 16);                                          // race: race-data
	READS(strncpy(A, B, 7), B + 6);                                        // race: race-data
	WRITES(strncpy(A, B, 40), A + 39);                                     // race: race-data
	READS(stpncpy(A, B, 7), B + 6);                                        // race: race-data
	WRITES(stpncpy(A, B, 40), A + 39);                                     // race: race-data
	READS(strcat(A, B), B + 16);                                           // race: race-data
	READS(strcat(A, B), A);                                                // race: race-data
	WRITES(strcat(A, B), A + 32);                                          // race: race-data
	READS(strncat(A, B, 7), B + 6);                                        // race: race-data
	WRITES(strncat(A, B, 7), A + 23);                                      // race: race-data
	READS(strcmp(A, B), A + 16);                                           // race: race-data
	READS(strcmp(A, B), B + 16);                                           // race: race-data
	READS(strncmp(A, B, 7), A + 6);                                        // race: race-data
	READS(strncmp(A, B, 7), B + 6);                                        // race: race-data
	READS(strcasecmp(put(A, "ABC"), put(B, "abd")), A + 2);                // race: race-data
	READS(strcasecmp(put(A, "ABC"), put(B, "abd")), B + 2);                // race: race-data
	READS(strncasecmp(put(A, "ABC"), put(B, "abd"), 2), A + 1);            // race: race-data
	READS(strncasecmp(put(A, "ABC"), put(B, "abd"), 2), B + 1);            // race: race-data
	READS(strcasecmp_l(put(A, "ABC"), put(B, "abc"), locale), A + 3);      // race: race-data
	READS(strcasecmp_l(put(A, "ABC"), put(B, "abc"), locale), B + 3);      // race: race-data
	READS(strncasecmp_l(put(A, "ABC"), put(B, "abc"), 3, locale), A + 2);  // race: race-data
	READS(strncasecmp_l(put(A, "ABC"), put(B, "abc"), 3, locale), B + 2);  // race: race-data
	READS(strcoll(A, B), A + 16);                                          // race: race-data
	READS(strcoll(A, B), B + 16);                                          // race: race-data
	READS(strcoll_l(A, B, locale), A + 16);                                // race: race-data
	READS(strcoll_l(A, B, locale), B + 16);                                // race: race-data
	READS(strverscmp(A, B), A + 16);                                       // race: race-data
	READS(strverscmp(A, B), B + 16);                                       // race: race-data
	READS(strxfrm(A, B, 64), B + 16);                                      // race: race-data
	WRITES(strxfrm(A, B, 64), A + 16);                                     // race: race-data
	READS(strchr(A, 'd'), A + 3);                                          // race: race-data
	READS(strchr(A, 'z'), A + 16);                                         // race: race-data
	READS(strrchr(A, 'd'), A + 16);                                        // race: race-data
	READS(strchrnul(A, 'd'), A + 3);                                       // race: race-data
	READS(strchrnul(A, 'z'), A + 16);                                      // race: race-data
	READS(index(A, 'd'), A + 3);                                           // race: race-data
	READS(rindex(A, 'd'), A + 16);                                         // race: race-data
	READS(strstr(A, "fg"), A + 6);                                         // race: race-data
	READS(strstr("fg", B), B);                                             // race: race-data
	READS(strcasestr(A, "FG"), A + 6);                                     // race: race-data
	READS(strcasestr("FG", B), B);                                         // race: race-data
	READS(strspn(A, "abc"), A + 3);                                        // race: race-data
	READS(strspn("abc", B), B + 2);                                        // race: race-data
	READS(strcspn(A, "d"), A + 3);                                         // race: race-data
	READS(strcspn("z", B), B + 16);                                        // race: race-data
	READS(strpbrk(A, "de"), A + 3);                                        // race: race-data
	READS(strpbrk("z", B), B + 16);                                        // race: race-data
	READS(strftime(A, 64, put(B, "%d"), &day), B + 2);                     // race: race-data
	READS(strftime(A, 64, "%d", &shared_day), &shared_day.tm_mday);        // race: race-data
	WRITES(strftime(A, 64, "%d", &day), A + 2);                            // race: race-data
	READS((cut = A, strsep(&cut, "d")), A + 2);                            // race: race-data
	WRITES((cut = A, strsep(&cut, "d")), A + 3);                           // race: race-data
	READS((cut = A, strsep(&cut, put(B, "xd"))), B + 1);                   // race: race-data
	WRITES((WORDS[0] = (uintptr_t)A, strsep((char **)WORDS, "d")), WORDS); // race: race-data
	READS(strtok(A, "d"), A + 2);                                          // race: race-data
	WRITES(strtok(A, "d"), A + 3);                                         // race: race-data
	READS(strtok(A, put(B, "xd")), B + 1);                                 // race: race-data
	READS(strtok_r(A, "d", &rest), A + 2);                                 // race: race-data
	WRITES(strtok_r(A, "d", &rest), A + 3);                                // race: race-data
	READS(strtok_r(A, put(B, "xd"), &rest), B + 1);                        // race: race-data
	WRITES(strtok_r(A, "d", (char **)WORDS), WORDS);                       // race: race-data
	READS(strdup(A), A + 16);                                              // race: race-data
	READS(strndup(A, 7), A + 6);                                           // race: race-data
	READS(strndup(A, 70), A + 16);                                         // race: race-data
}

int main(void)
{
	locale = newlocale(LC_ALL_MASK, "C", NULL);
	steps_run();
	return 0;
}
