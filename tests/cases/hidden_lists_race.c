// cflags: -fno-builtin
// Places in the system's other lists, and in a command's arguments: both threads call.
#define _GNU_SOURCE
#include <getopt.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <utmp.h>
#include <utmpx.h>
#include "steps.h"

#define BOTH(call) STEP(call, (steps_sink = (uintptr_t)(call)))

static FILE *passwords;
static char text[] = "one:*:1:0:99999:7:::";
static char *words[] = {"command", "-a", "file", NULL};

static void steps(void)
{
	BOTH(sgetspent(text));                     // race: race-hidden-state
	BOTH(fgetspent(passwords));                // race: race-hidden-state
	STEP(VOID(setspent()), VOID(endspent()));  // race: race-hidden-state
	STEP(VOID(setutent()), VOID(endutxent())); // race: race-hidden-state
	BOTH(getopt(1, words, ""));                // race: race-hidden-state; race-data OPTIND OPTIND
}

int main(void)
{
	passwords = fopen("passwords", "w+");
	MUST(passwords && fputs("one:*:1:0:99999:7:::\ntwo:*:1:0:99999:7:::\n", passwords) >= 0);
	rewind(passwords);
	steps_run();
	MUST(!remove("passwords"));
	return 0;
}
