/* Single characters through streams: only their descriptor's object, as the characters are values. */
#include "memory_stream.h"
#include "stream.h"
#include "wrap.h"

/* ---- out ---- */

#define TELL_PUT(name, file) RT_TELL(name, RT_RELEASES_STREAM(file))

int rt_wrap_fputc(int c, FILE *file)
{
	TELL_PUT(fputc, file);
	return rt_real.fputc(c, file);
}

int rt_wrap_putc(int c, FILE *file)
{
	TELL_PUT(putc, file);
	return rt_real.putc(c, file);
}

int rt_wrap_putchar(int c)
{
	TELL_PUT(putchar, stdout);
	return rt_real.putchar(c);
}

int rt_wrap_fputc_unlocked(int c, FILE *file)
{
	TELL_PUT(fputc_unlocked, file);
	return rt_real.fputc_unlocked(c, file);
}

int rt_wrap_putc_unlocked(int c, FILE *file)
{
	TELL_PUT(putc_unlocked, file);
	return rt_real.putc_unlocked(c, file);
}

int rt_wrap_putchar_unlocked(int c)
{
	TELL_PUT(putchar_unlocked, stdout);
	return rt_real.putchar_unlocked(c);
}

int rt_wrap_putw(int word, FILE *file)
{
	TELL_PUT(putw, file);
	return rt_real.putw(word, file);
}

int rt_wrap__IO_putc(int c, FILE *file)
{
	TELL_PUT(_IO_putc, file);
	return rt_real._IO_putc(c, file);
}

/* What the inline forms of the unlocked ones call when the buffer is full. */
int rt_wrap___overflow(FILE *file, int c)
{
	TELL_PUT(__overflow, file);
	return rt_real.__overflow(file, c);
}

wint_t rt_wrap_fputwc(wchar_t c, FILE *file)
{
	TELL_PUT(fputwc, file);
	return rt_real.fputwc(c, file);
}

wint_t rt_wrap_putwc(wchar_t c, FILE *file)
{
	TELL_PUT(putwc, file);
	return rt_real.putwc(c, file);
}

wint_t rt_wrap_putwchar(wchar_t c)
{
	TELL_PUT(putwchar, stdout);
	return rt_real.putwchar(c);
}

wint_t rt_wrap_fputwc_unlocked(wchar_t c, FILE *file)
{
	TELL_PUT(fputwc_unlocked, file);
	return rt_real.fputwc_unlocked(c, file);
}

wint_t rt_wrap_putwc_unlocked(wchar_t c, FILE *file)
{
	TELL_PUT(putwc_unlocked, file);
	return rt_real.putwc_unlocked(c, file);
}

wint_t rt_wrap_putwchar_unlocked(wchar_t c)
{
	TELL_PUT(putwchar_unlocked, stdout);
	return rt_real.putwchar_unlocked(c);
}

wint_t rt_wrap___woverflow(FILE *file, wint_t c)
{
	TELL_PUT(__woverflow, file);
	return rt_real.__woverflow(file, c);
}

/* With NULL for all streams nothing is told: what was put into them was told when it was. */
int rt_wrap_fflush(FILE *file)
{
	if (file)
		TELL_PUT(fflush, file);
	RT_FLUSH_BODY(fflush, file, false, rt_real.fflush(file));
}

int rt_wrap_fflush_unlocked(FILE *file)
{
	if (file)
		TELL_PUT(fflush_unlocked, file);
	RT_FLUSH_BODY(fflush_unlocked, file, false, rt_real.fflush_unlocked(file));
}

/* ---- in: also the end of the stream is something that its writer did before ---- */

#define TELL_GOT(name, file) RT_TELL(name, RT_ACQUIRES_STREAM(file))

int rt_wrap_fgetc(FILE *file)
{
	int c = rt_real.fgetc(file);
	TELL_GOT(fgetc, file);
	return c;
}

int rt_wrap_getc(FILE *file)
{
	int c = rt_real.getc(file);
	TELL_GOT(getc, file);
	return c;
}

int rt_wrap_getchar(void)
{
	int c = rt_real.getchar();
	TELL_GOT(getchar, stdin);
	return c;
}

int rt_wrap_fgetc_unlocked(FILE *file)
{
	int c = rt_real.fgetc_unlocked(file);
	TELL_GOT(fgetc_unlocked, file);
	return c;
}

int rt_wrap_getc_unlocked(FILE *file)
{
	int c = rt_real.getc_unlocked(file);
	TELL_GOT(getc_unlocked, file);
	return c;
}

int rt_wrap_getchar_unlocked(void)
{
	int c = rt_real.getchar_unlocked();
	TELL_GOT(getchar_unlocked, stdin);
	return c;
}

int rt_wrap_getw(FILE *file)
{
	int c = rt_real.getw(file);
	TELL_GOT(getw, file);
	return c;
}

int rt_wrap__IO_getc(FILE *file)
{
	int c = rt_real._IO_getc(file);
	TELL_GOT(_IO_getc, file);
	return c;
}

/* What the inline forms of the unlocked ones call when the buffer is empty. */
int rt_wrap___uflow(FILE *file)
{
	int c = rt_real.__uflow(file);
	TELL_GOT(__uflow, file);
	return c;
}

wint_t rt_wrap_fgetwc(FILE *file)
{
	wint_t c = rt_real.fgetwc(file);
	TELL_GOT(fgetwc, file);
	return c;
}

wint_t rt_wrap_getwc(FILE *file)
{
	wint_t c = rt_real.getwc(file);
	TELL_GOT(getwc, file);
	return c;
}

wint_t rt_wrap_getwchar(void)
{
	wint_t c = rt_real.getwchar();
	TELL_GOT(getwchar, stdin);
	return c;
}

wint_t rt_wrap_fgetwc_unlocked(FILE *file)
{
	wint_t c = rt_real.fgetwc_unlocked(file);
	TELL_GOT(fgetwc_unlocked, file);
	return c;
}

wint_t rt_wrap_getwc_unlocked(FILE *file)
{
	wint_t c = rt_real.getwc_unlocked(file);
	TELL_GOT(getwc_unlocked, file);
	return c;
}

wint_t rt_wrap_getwchar_unlocked(void)
{
	wint_t c = rt_real.getwchar_unlocked();
	TELL_GOT(getwchar_unlocked, stdin);
	return c;
}

wint_t rt_wrap___wuflow(FILE *file)
{
	wint_t c = rt_real.__wuflow(file);
	TELL_GOT(__wuflow, file);
	return c;
}
