/* Bytes read one after another: the forms of numbers that DWARF and the tables of exceptions are made of. Never past the
 * end: what does not fit is 0, and the reader has failed from then on.
 *
 * Who may include it: interpose/, rewrite/. Calls nothing; any thread, signal-safe. Sources: DWARF 5, section 7.6; Linux
 * Standard Base 5.0, chapter 10.5. */
#ifndef RACETRACK_DWARF_READER_H
#define RACETRACK_DWARF_READER_H

#include "shadow/base.h"

struct rt_reader {
	const uint8_t *at, *end;
	bool failed;
};

/* The encoding of a pointer: its form in the low 4 bits, what is added in the next 3. */
enum {
	RT_ENCODING_ABSOLUTE = 0x00, /* 8 bytes */
	RT_ENCODING_ULEB = 0x01,
	RT_ENCODING_2 = 0x02,
	RT_ENCODING_4 = 0x03,
	RT_ENCODING_8 = 0x04,
	RT_ENCODING_SLEB = 0x09,
	RT_ENCODING_SIGNED_2 = 0x0a,
	RT_ENCODING_SIGNED_4 = 0x0b,
	RT_ENCODING_SIGNED_8 = 0x0c,
	RT_ENCODING_FORM = 0x0f,
	RT_ENCODING_PC_RELATIVE = 0x10,
	RT_ENCODING_TABLE = 0x3b, /* of .eh_frame_hdr's table: signed, 4 bytes, relative to the header */
	RT_ENCODING_OMIT = 0xff,
};

static inline uint64_t rt_reader_fail(struct rt_reader *reader)
{
	reader->at = reader->end;
	reader->failed = true;
	return 0;
}

/* 1, 2, 4 or 8 bytes, not signed. */
static inline uint64_t rt_read_fixed(struct rt_reader *reader, unsigned bytes)
{
	typedef uint16_t __attribute__((aligned(1), may_alias)) word16_t;
	typedef uint32_t __attribute__((aligned(1), may_alias)) word32_t;
	typedef uint64_t __attribute__((aligned(1), may_alias)) word64_t;
	const uint8_t *at = reader->at;
	if ((size_t)(reader->end - at) < bytes)
		return rt_reader_fail(reader);
	reader->at += bytes;
	switch (bytes) {
	case 1:
		return *at;
	case 2:
		return *(const word16_t *)at;
	case 4:
		return *(const word32_t *)at;
	default:
		return *(const word64_t *)at;
	}
}

/* The bits of an LEB128 number, and how many they are. */
static inline uint64_t rt_read_leb(struct rt_reader *reader, unsigned *bits, uint8_t *last)
{
	uint64_t value = 0;
	for (*bits = 0; *bits < 64; *bits += 7) {
		*last = (uint8_t)rt_read_fixed(reader, 1);
		value |= (uint64_t)(*last & 0x7f) << *bits;
		if (!(*last & 0x80)) {
			*bits += 7;
			return value;
		}
	}
	return rt_reader_fail(reader);
}

static inline uint64_t rt_read_uleb(struct rt_reader *reader)
{
	unsigned bits;
	uint8_t last;
	return rt_read_leb(reader, &bits, &last);
}

static inline int64_t rt_read_sleb(struct rt_reader *reader)
{
	unsigned bits;
	uint8_t last;
	uint64_t value = rt_read_leb(reader, &bits, &last);
	if (bits < 64 && (last & 0x40))
		value |= ~0ull << bits;
	return (int64_t)value;
}

/* As many bytes as a number before them says. */
static inline struct rt_reader rt_read_block(struct rt_reader *reader)
{
	uint64_t bytes = rt_read_uleb(reader);
	if (bytes > (uint64_t)(reader->end - reader->at)) {
		bytes = 0;
		rt_reader_fail(reader);
	}
	struct rt_reader block = {reader->at, reader->at + bytes, reader->failed};
	reader->at += bytes;
	return block;
}

/* A pointer: absolute, or relative to its own place, where 0 stays 0. */
static inline uint64_t rt_read_encoded(struct rt_reader *reader, uint8_t encoding)
{
	uint64_t place = (uintptr_t)reader->at, value = 0;
	switch (encoding & RT_ENCODING_FORM) {
	case RT_ENCODING_ULEB:
		value = rt_read_uleb(reader);
		break;
	case RT_ENCODING_SLEB:
		value = (uint64_t)rt_read_sleb(reader);
		break;
	case RT_ENCODING_2:
		value = rt_read_fixed(reader, 2);
		break;
	case RT_ENCODING_SIGNED_2:
		value = (uint64_t)(int16_t)rt_read_fixed(reader, 2);
		break;
	case RT_ENCODING_4:
		value = rt_read_fixed(reader, 4);
		break;
	case RT_ENCODING_SIGNED_4:
		value = (uint64_t)(int32_t)rt_read_fixed(reader, 4);
		break;
	case RT_ENCODING_ABSOLUTE:
	case RT_ENCODING_8:
	case RT_ENCODING_SIGNED_8:
		value = rt_read_fixed(reader, 8);
		break;
	default:
		rt_reader_fail(reader);
	}
	switch (encoding & ~RT_ENCODING_FORM) {
	case 0:
		return value;
	case RT_ENCODING_PC_RELATIVE:
		return value ? value + place : 0;
	default: /* indirect, or relative to what is not known here */
		return rt_reader_fail(reader);
	}
}

#endif
