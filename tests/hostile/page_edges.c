// hostile: texts and blocks that end where their page ends, without a NUL where none is needed
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
static char *edge;
static char *at_edge(const char *text, size_t bytes)
{
	return memcpy(edge - bytes, text, bytes);
}
static wchar_t *wide_at_edge(const wchar_t *text, size_t count)
{
	return (wchar_t *)at_edge((const char *)text, count * sizeof(wchar_t));
}
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	char to[200], *end;
	wchar_t wide[200];
	char *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	edge = page + 2 * 4096;
	mprotect(edge, 4096, PROT_NONE);
	pthread_create(&thread, NULL, idle, NULL);
	for (int utf = 0; utf < 2; utf++) {
		setlocale(LC_ALL, utf ? "C.UTF-8" : "C");
		printf("%.3s %.*s\n", at_edge("abc", 3), 2, at_edge("de", 2));
		printf("%-10.4s|%5.1s|\n", at_edge("abcd", 4), at_edge("z", 1));
		snprintf(to, sizeof(to), "%.3ls", wide_at_edge(L"wid", 3));
		puts(to);
		swprintf(wide, 200, L"%.3s %.2ls", at_edge("abc", 3), wide_at_edge(L"xy", 2));
		printf("%ls\n", wide);
		snprintf(to, 3, "%s", at_edge("longer\0", 7));
		snprintf(at_edge("xxxxxx", 6), 6, "%s", "0123456789");
		puts(strncpy(to, at_edge("abc", 3), 3) ? "ok" : "");
		strncpy(at_edge("12345", 5), "ab", 5);
		to[0] = 0;
		puts(strncat(to, at_edge("abcd", 4), 4));
		printf("%zu %zu\n", strnlen(at_edge("abcd", 4), 4), strnlen(at_edge("ab\0", 3), 100));
		printf("%d %d\n", strncmp(at_edge("abcd", 4), "abcd", 4),
			strncmp("abx", at_edge("abx\0", 4), 100) == 0);
		printf("%d\n", strncasecmp(at_edge("aBcD", 4), "abcd", 4));
		printf("%d\n", memchr(at_edge("abcd", 4), 'd', 100) != NULL);
		printf("%d\n", memmem(at_edge("abcd", 4), 4, "cd", 2) != NULL);
		printf("%d\n", memrchr(at_edge("abcd", 4), 'a', 4) != NULL);
		printf("%d\n", rawmemchr(at_edge("abcd", 4), 'd') != NULL);
		free(strndup(at_edge("abcd", 4), 4));
		free(strndup(at_edge("abc\0", 4), 400));
		memccpy(to, at_edge("abcd", 4), 'd', 100);
		printf("%ld %ld\n", strtol(at_edge("42\0", 3), &end, 10),
			strtol(at_edge("z\0", 2), NULL, 10));
		printf("%g\n", strtod(at_edge("1.5\0", 4), &end));
		printf("%zu\n", wcsnlen(wide_at_edge(L"abcd", 4), 4));
		wcsncpy(wide, wide_at_edge(L"abc", 3), 3);
		printf("%d\n", wcsncmp(wide_at_edge(L"abc", 3), L"abc", 3));
		printf("%d\n", wmemchr(wide_at_edge(L"abc", 3), L'c', 100) != NULL);
		printf("%zu\n", mbstowcs(wide, at_edge("ab\0", 3), 200));
		printf("%zu\n", mbstowcs(wide, at_edge("ab", 2), 2));
		printf("%zu\n", wcstombs(to, wide_at_edge(L"ab", 2), 2));
		printf("%zu\n", strxfrm(to, at_edge("abc\0", 4), 100) > 0);
		printf("%zu %zu\n", strspn(at_edge("aaab\0", 5), "a"), strcspn(at_edge("xxa", 3), "a"));
		printf("%s\n", strpbrk(at_edge("xya\0", 4), "a"));
		char *text = at_edge("a,b\0", 4), *rest;
		printf("%s", strtok_r(text, ",", &rest));
		printf("%s", strtok_r(NULL, ",", &rest));
		printf("%d\n", strtok_r(NULL, ",", &rest) == NULL);
		text = at_edge("a,b\0", 4);
		printf("%s", strsep(&text, ","));
		printf("%s%d\n", strsep(&text, ","), text == NULL);
		int pair[2];
		socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
		struct iovec *parts = (struct iovec *)(edge - 2 * sizeof(*parts));
		parts[0] = (struct iovec){"abc", 3};
		parts[1] = (struct iovec){"de", 2};
		printf("%zd\n", writev(pair[0], parts, 2));
		parts[0] = (struct iovec){to, 3};
		printf("%zd\n", readv(pair[1], parts, 1));
		printf("%zd\n", read(pair[1], edge - 2, 2));
		FILE *file = fmemopen("line\n", 5, "r");
		printf("%s", fgets(edge - 6, 6, file));
		fclose(file);
		struct tm time = {.tm_year = 100};
		printf("%zu\n", strftime(edge - 5, 5, "%Y", &time));
		printf("%d\n", memcmp(at_edge("abcd", 4), "abcx", 4) < 0);
		printf("%d %s\n", strcmp(at_edge("ab\0", 3), "ab"), strchr(at_edge("ab\0", 3), 'b'));
		printf("%s\n", strchrnul(at_edge("ab\0", 3), 'x') == edge - 1 ? "end" : "");
		printf("%d\n", strverscmp(at_edge("a1\0", 3), "a2") < 0);
		printf("%s\n", strcasestr(at_edge("xAB\0", 4), "ab"));
	}
	return 0;
}
