// hostile: asks for a symbol that is not there, then calls much for the first time, and is told what went wrong after that
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
static const char *told(void)
{
	const char *words = dlerror();
	return words ? words : "nothing";
}
int main(void)
{
	/* The words that dlerror keeps are freed by the next look-up, by way of the program's own free. */
	dlsym(RTLD_DEFAULT, "no_such_symbol");
	free(NULL);
	char line[200];
	wchar_t wide[4] = L"abc";
	snprintf(line, sizeof(line), "%zu %d", strnlen("abcd", 3), atoi("17"));
	wmemset(wide, L'x', 3);
	close(open("/dev/null", O_RDONLY));
	puts(told());
	printf("%s %ls\n", line, wide);
	void *none = dlopen("./no_such_library.so", RTLD_NOW);
	memset(line, 0, sizeof(line));
	free(calloc(3, 5));
	free(realloc(strdup("abc"), 100));
	if (!none)
		puts(told());
	puts(told());
	return 0;
}
