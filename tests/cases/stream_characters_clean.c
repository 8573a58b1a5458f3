// cflags: -fno-builtin -fno-inline
// What goes through a pipe character by character orders its writer before its reader; so does the end of the stream.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "pipes.h"
#include "scans.h"

/* Names that old programs call, and what the inline forms of other functions call. */
int _IO_getc(FILE *file);
int _IO_putc(int c, FILE *file);
wint_t __woverflow(FILE *file, wint_t c);
wint_t __wuflow(FILE *file);

static FILE *kept[2][2];

#define IS(call)      MUST((call) == 'x')
#define SENDS(leave)  HANDS(IS(leave), IS(fgetc(IN)))
#define TAKES(enter)  HANDS(IS(fputc('x', OUT)), IS(enter))
#define SENDSW(leave) HANDS(IS(leave), IS(fgetwc(IN)))
#define TAKESW(enter) HANDS(IS(fputwc(L'x', OUT)), IS(enter))
#define ENDS(enter)   HANDS(MUST(fclose(OUT) == 0), MUST(enter))

static void steps(void)
{
	char line[8], *text = NULL;
	wchar_t wide[8];
	size_t room = 0;
	SENDS(fputc('x', OUT));
	SENDS(putc('x', OUT));
	SENDS((stdout = OUT, putchar('x')));
	SENDS(fputc_unlocked('x', OUT));
	SENDS(putc_unlocked('x', OUT));
	SENDS((stdout = OUT, putchar_unlocked('x')));
	SENDS(_IO_putc('x', OUT));
	SENDS(__overflow(OUT, 'x'));
	TAKES(fgetc(IN));
	TAKES(getc(IN));
	TAKES((stdin = IN, getchar()));
	TAKES(fgetc_unlocked(IN));
	TAKES(getc_unlocked(IN));
	TAKES((stdin = IN, getchar_unlocked()));
	TAKES(_IO_getc(IN));
	TAKES(__uflow(IN));
	HANDS(MUST(putw(5, OUT) == 0), MUST(getw(IN) == 5));

	SENDSW(fputwc(L'x', OUT));
	SENDSW(putwc(L'x', OUT));
	SENDSW((stdout = OUT, putwchar(L'x')));
	SENDSW(fputwc_unlocked(L'x', OUT));
	SENDSW(putwc_unlocked(L'x', OUT));
	SENDSW((stdout = OUT, putwchar_unlocked(L'x')));
	SENDSW(__woverflow(OUT, L'x'));
	TAKESW(fgetwc(IN));
	TAKESW(getwc(IN));
	TAKESW((stdin = IN, getwchar()));
	TAKESW(fgetwc_unlocked(IN));
	TAKESW(getwc_unlocked(IN));
	TAKESW((stdin = IN, getwchar_unlocked()));
	TAKESW(__wuflow(IN));

	HANDS(MUST(fputws_unlocked(L"x\n", OUT) >= 0), MUST(fgetws_unlocked(wide, 8, IN)));
	SENDSW(((void)fwprintf(OUT, L"x"), L'x'));
	SENDSW((stdout = OUT, (void)wprintf(L"x"), L'x'));
	TAKES((fscanf(IN, "%c", line), line[0]));
	TAKES((stdin = IN, scanf("%c", line), line[0]));
	TAKESW((fwscanf(IN, L"%lc", wide), wide[0]));
	TAKESW((stdin = IN, wscanf(L"%lc", wide), wide[0]));
	TAKES((list_fscanf(IN, "%c", line), line[0]));
	TAKES((stdin = IN, list_scanf("%c", line), line[0]));
	TAKESW((list_fwscanf(IN, L"%lc", wide), wide[0]));
	TAKESW((stdin = IN, list_wscanf(L"%lc", wide), wide[0]));
	TAKES((old_fscanf(IN, "%c", line), line[0]));
	TAKES((stdin = IN, old_scanf("%c", line), line[0]));
	TAKESW((old_fwscanf(IN, L"%lc", wide), wide[0]));
	TAKESW((stdin = IN, old_wscanf(L"%lc", wide), wide[0]));
	TAKES((old_list_fscanf(IN, "%c", line), line[0]));
	TAKES((stdin = IN, old_list_scanf("%c", line), line[0]));
	TAKESW((old_list_fwscanf(IN, L"%lc", wide), wide[0]));
	TAKESW((stdin = IN, old_list_wscanf(L"%lc", wide), wide[0]));
	HANDS((stderr = OUT, perror("x")), MUST(fgets(line, 8, IN)));
	HANDS(MUST(fflush(kept[0][1]) == 0), IS(fgetc(kept[0][0])));
	HANDS(MUST(fflush_unlocked(kept[1][1]) == 0), IS(fgetc(kept[1][0])));

	ENDS(fgetc(IN) == EOF);
	ENDS(fgetwc(IN) == WEOF);
	ENDS(fread(line, 1, 1, IN) == 0);
	ENDS(fgets(line, 8, IN) == NULL);
	ENDS(fgetws(wide, 8, IN) == NULL);
	ENDS(getline(&text, &room, IN) == -1);
}

int main(void)
{
	for (int i = 0; i < 2; i++) {
		int pair[2];
		MUST(pipe(pair) == 0);
		kept[i][0] = fdopen(pair[0], "r");
		kept[i][1] = fdopen(pair[1], "w");
		IS(fputc('x', kept[i][1]));
	}
	steps_run();
	return 0;
}
