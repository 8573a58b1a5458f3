#include "shape.h"

/* What follows an opcode. Letters, so that the tables below can be read beside the manual's opcode maps (volume 2,
 * appendix A):
 *   .  nothing            m  ModRM              p  a legacy prefix          R  a REX prefix
 *   1  imm8               M  ModRM, imm8        x  left to the decoder      0  the escape to the next map
 *   2  imm16              3  imm16, imm8        V W  a VEX prefix of 2, 3 bytes; E  EVEX
 *   z  imm32, imm16 with prefix 66              Z  ModRM, z
 *   v  like z; imm64 with REX.W                 o  an address of 8 bytes, 4 with prefix 67
 *   s  ModRM, a shift's count                   g G  groups 3: an immediate where reg is 0 or 1 */
static const char one_byte[] = "mmmm1zxxmmmm1zx0" /* 00 */
			       "mmmm1zxxmmmm1zxx"
			       "mmmm1zpxmmmm1zpx"
			       "mmmm1zpxmmmm1zpx"
			       "RRRRRRRRRRRRRRRR" /* 40 */
			       "................"
			       "xxEmppppzZ1M...."
			       "1111111111111111"
			       "MZxMmmmmmmmmmmmx" /* 80 */
			       "..........x....."
			       "oooo....1z......"
			       "11111111vvvvvvvv"
			       "ss2.WVMZ3.2..1x." /* c0 */
			       "mmmmxxx.mmmmmmmm"
			       "11111111zzx1...."
			       "p.pp..gG......mm";
static const char two_bytes[] = "mmmmx....."
				"x.xm.x" /* 00 */
				"mmmmmmmmmmmmmmmm"
				"mmmmxxxxmmmmmmmm"
				"........xxxxxxxx"
				"mmmmmmmmmmmmmmmm" /* 40 */
				"mmmmmmmmmmmmmmmm"
				"mmmmmmmmmmmmmmmm"
				"MMMMmmm.xmmmmmmm"
				"zzzzzzzzzzzzzzzz" /* 80 */
				"mmmmmmmmmmmmmmmm"
				"...msmxx...msmmm"
				"mmmmmmmmmmMmmmmm"
				"mmMmMMMm........" /* c0 */
				"mmmmmmmmmmmmmmmm"
				"mmmmmmmmmmmmmmmm"
				"mmmmmmmmmmmmmmmm";
_Static_assert(sizeof(one_byte) == 257 && sizeof(two_bytes) == 257, "an opcode each");

enum { MAP_ONE, MAP_0F, MAP_0F38, MAP_0F3A, KEY_BYTES = 7 };

struct prefixes {
	bool wide;    /* REX.W */
	bool operand; /* 66 */
	bool address; /* 67 */
	bool evex;
};

static char kind_of(unsigned map, uint8_t opcode)
{
	switch (map) {
	case MAP_ONE:
		return one_byte[opcode];
	case MAP_0F:
		return two_bytes[opcode];
	case MAP_0F3A:
		return 'M';
	default:
		return 'm';
	}
}

/* The opcode's position and map, behind the prefixes. */
static unsigned find_opcode(const uint8_t *code, unsigned *map, struct prefixes *prefixes)
{
	unsigned at = 0;
	*map = MAP_ONE;
	for (; at < KEY_BYTES && one_byte[code[at]] == 'p'; at++) {
		prefixes->operand |= code[at] == 0x66;
		prefixes->address |= code[at] == 0x67;
	}
	if (one_byte[code[at]] == 'R')
		prefixes->wide = code[at++] & 8;
	switch (one_byte[code[at]]) {
	case '0':
		*map = code[at + 1] == 0x38 ? MAP_0F38 : code[at + 1] == 0x3a ? MAP_0F3A : MAP_0F;
		return at + (*map == MAP_0F ? 1 : 2);
	case 'V':
		*map = MAP_0F;
		return at + 2;
	case 'W':
		*map = code[at + 1] & 31;
		return at + 3;
	case 'E':
		*map = code[at + 1] & 7;
		prefixes->evex = true;
		return at + 4;
	default:
		return at;
	}
}

static unsigned imm_bytes_of(char kind, const struct prefixes *prefixes, uint8_t modrm)
{
	unsigned word = prefixes->operand && !prefixes->wide ? 2 : 4;
	bool first = !(modrm & 0x30);
	switch (kind) {
	case '1':
	case 'M':
	case 's':
		return 1;
	case '2':
		return 2;
	case '3':
		return 3;
	case 'z':
	case 'Z':
		return word;
	case 'v':
		return prefixes->wide ? 8 : word;
	case 'g':
		return first;
	case 'G':
		return first ? word : 0;
	default:
		return 0;
	}
}

/* Returns the bytes of ModRM and SIB. */
static unsigned find_address(const uint8_t *modrm, struct rt_shape *shape)
{
	unsigned mod = *modrm >> 6, rm = *modrm & 7, bytes = 1;
	if (mod == 3)
		return bytes;
	if (rm == 4) {
		bytes = 2;
		rm = modrm[1] & 7;
	}
	shape->disp_bytes = mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0;
	return bytes;
}

static uint64_t key_of(const uint8_t *code, unsigned bytes)
{
	typedef uint64_t __attribute__((aligned(1), may_alias)) word;
	return *(const word *)code & (((uint64_t)1 << 8 * bytes) - 1);
}

bool rt_shape_find(const uint8_t *code, struct rt_shape *shape)
{
	struct prefixes prefixes = {false, false, false, false};
	unsigned map, at = find_opcode(code, &map, &prefixes);
	if (at >= KEY_BYTES)
		return false;
	uint8_t opcode = code[at++];
	char kind = kind_of(map, opcode);
	const uint8_t *modrm = code + at;
	*shape = (struct rt_shape){0};
	switch (kind) {
	case 'm':
	case 'M':
	case 'Z':
	case 's':
	case 'g':
	case 'G':
		at += find_address(modrm, shape);
		break;
	case 'o':
		shape->disp_bytes = prefixes.address ? 4 : 8;
		break;
	case '.':
	case '1':
	case '2':
	case '3':
	case 'z':
	case 'v':
		break;
	default:
		return false;
	}
	if (at > KEY_BYTES)
		return false;
	shape->key = key_of(code, at);
	shape->disp_at = (uint8_t)at;
	shape->imm_at = (uint8_t)(at + shape->disp_bytes);
	shape->imm_bytes = (uint8_t)imm_bytes_of(kind, &prefixes, *modrm);
	shape->bytes = shape->imm_at + shape->imm_bytes;
	shape->is_scaled = prefixes.evex && shape->disp_bytes == 1;
	shape->is_shift = kind == 's';
	bool wide = prefixes.wide && (map != MAP_ONE || opcode & 1); /* the operand */
	if (shape->is_shift && code[shape->imm_at] & (wide ? 63 : 31))
		shape->key |= (uint64_t)1 << 63;
	return shape->bytes < RT_SHAPE_ROOM;
}
