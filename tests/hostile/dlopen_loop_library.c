#include <stdlib.h>
#include <string.h>
static __thread char buffer[3000];
static char global[100];
int library_function(const char *text)
{
	char *copy = strdup(text);
	strcpy(buffer, copy);
	strcpy(global, buffer);
	free(copy);
	return (int)strlen(global);
}
__attribute__((constructor)) static void start(void)
{
	memset(global, 'a', 50);
}
__attribute__((destructor)) static void end(void)
{
	memset(global, 'b', 50);
}
