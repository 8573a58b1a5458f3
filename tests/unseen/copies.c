// What gcc makes of functions of the C library is behind its hooks' back: each of these is a few moves.
#include "../idiom.h"

#include <sys/wait.h>

struct object {
	char text[512];
};
static struct object *shared, *other;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int form;

#define FORM __attribute__((noinline)) static void
FORM clear(char *to, const char *from)
{
	(void)from;
	memset(to, 0, 40);
}
FORM clear_many(char *to, const char *from)
{
	(void)from;
	memset(to, 0, 400);
}
FORM copy(char *to, const char *from)
{
	memcpy(to, from, 56);
}
FORM copy_many(char *to, const char *from)
{
	memcpy(to, from, 400);
}
FORM copy_text(char *to, const char *from)
{
	(void)from;
	strcpy(to, "so much text that no register has it");
}
FORM print(char *to, const char *from)
{
	(void)from;
	sprintf(to, "so much text that no register has it");
}
FORM compare(char *to, const char *from)
{
	(void)from;
	if (!memcmp(to, "GET ", 4))
		puts("equal");
}
FORM move_words(char *to, const char *from)
{
	size_t bytes = 48;
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes)::"memory");
}
static void (*const forms[])(char *to, const char *from) = {
	clear, clear_many, copy, copy_many, copy_text, print, compare, move_words};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static void *change(void *x)
{
	if (!BROKEN)
		pthread_mutex_lock(&mutex);
	forms[form](shared->text, other->text);
	if (!BROKEN)
		pthread_mutex_unlock(&mutex);
	return x;
}

static void *look(void *x)
{
	pthread_mutex_lock(&mutex);
	shared->text[0]++;
	pthread_mutex_unlock(&mutex);
	return x;
}

static int run_form(void)
{
	shared = calloc(1, sizeof(*shared));
	other = calloc(1, sizeof(*other));
	run_two(change, look);
	free(shared);
	free(other);
	return 0;
}

enum { FOUND = 66 };

/* Each mistake has to be found, in a process of its own. */
static int body(void)
{
	int found = 0;
	for (form = 0; form < FORMS; form++) {
		int status = 0;
		pid_t child = BROKEN ? fork() : 0;
		if (!child)
			run_form();
		if (BROKEN && !child)
			return 0;
		if (BROKEN)
			waitpid(child, &status, 0);
		found += WIFEXITED(status) && WEXITSTATUS(status) == FOUND;
	}
	puts("done");
	return found == FORMS ? FOUND : 0;
}
