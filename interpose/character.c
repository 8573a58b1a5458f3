/* Single characters through streams: only their descriptor's object, as the characters are values. */
#include "memory_stream.h"
#include "stream.h"
#include "wrap.h"

/* ---- out ---- */

#define TELL_PUT(name, file) RT_TELL(name, RT_RELEASES_STREAM(file))

#define PUTS(result, name, character)                                                                        \
	result rt_wrap_##name(character c, FILE *file)                                                       \
	{                                                                                                    \
		TELL_PUT(name, file);                                                                        \
		return rt_real.name(c, file);                                                                \
	}
#define PUTS_TO_STDOUT(result, name, character)                                                              \
	result rt_wrap_##name(character c)                                                                   \
	{                                                                                                    \
		TELL_PUT(name, stdout);                                                                      \
		return rt_real.name(c);                                                                      \
	}
/* What the inline forms of the unlocked ones call when the buffer is full. */
#define MAKES_ROOM(result, name)                                                                             \
	result rt_wrap_##name(FILE *file, result c)                                                          \
	{                                                                                                    \
		TELL_PUT(name, file);                                                                        \
		return rt_real.name(file, c);                                                                \
	}
/* With NULL for all streams nothing is told: what was put into them was told when it was. */
#define FLUSHES(name)                                                                                        \
	int rt_wrap_##name(FILE *file)                                                                       \
	{                                                                                                    \
		if (file)                                                                                    \
			TELL_PUT(name, file);                                                                \
		RT_FLUSH_BODY(name, file, false, rt_real.name(file));                                        \
	}

PUTS(int, fputc, int)
PUTS(int, putc, int)
PUTS(int, fputc_unlocked, int)
PUTS(int, putc_unlocked, int)
PUTS(int, putw, int)
PUTS(int, _IO_putc, int)
PUTS_TO_STDOUT(int, putchar, int)
PUTS_TO_STDOUT(int, putchar_unlocked, int)
MAKES_ROOM(int, __overflow)

PUTS(wint_t, fputwc, wchar_t)
PUTS(wint_t, putwc, wchar_t)
PUTS(wint_t, fputwc_unlocked, wchar_t)
PUTS(wint_t, putwc_unlocked, wchar_t)
PUTS_TO_STDOUT(wint_t, putwchar, wchar_t)
PUTS_TO_STDOUT(wint_t, putwchar_unlocked, wchar_t)
MAKES_ROOM(wint_t, __woverflow)

FLUSHES(fflush)
FLUSHES(fflush_unlocked)

/* ---- in: also the end of the stream is something that its writer did before ---- */

#define TELL_GOT(name, file) RT_TELL(name, RT_ACQUIRES_STREAM(file))

#define GETS(result, name)                                                                                   \
	result rt_wrap_##name(FILE *file)                                                                    \
	{                                                                                                    \
		result c = rt_real.name(file);                                                               \
		TELL_GOT(name, file);                                                                        \
		return c;                                                                                    \
	}
#define GETS_FROM_STDIN(result, name)                                                                        \
	result rt_wrap_##name(void)                                                                          \
	{                                                                                                    \
		result c = rt_real.name();                                                                   \
		TELL_GOT(name, stdin);                                                                       \
		return c;                                                                                    \
	}

/* The last is what the inline forms of the unlocked ones call when the buffer is empty. */
GETS(int, fgetc)
GETS(int, getc)
GETS(int, fgetc_unlocked)
GETS(int, getc_unlocked)
GETS(int, getw)
GETS(int, _IO_getc)
GETS_FROM_STDIN(int, getchar)
GETS_FROM_STDIN(int, getchar_unlocked)
GETS(int, __uflow)

GETS(wint_t, fgetwc)
GETS(wint_t, getwc)
GETS(wint_t, fgetwc_unlocked)
GETS(wint_t, getwc_unlocked)
GETS_FROM_STDIN(wint_t, getwchar)
GETS_FROM_STDIN(wint_t, getwchar_unlocked)
GETS(wint_t, __wuflow)
