/* What Zydis says of an instruction is remembered by the instruction's shape: programs have millions of instructions, and
 * some ten thousand of those. */
#include "decode.h"

#include "describe.h"
#include "shape.h"
#include "shadow/sys.h"

enum { FORM_BITS = 13 };

/* An instruction whose displacement and immediate are 0 (1 where it is a shift's count, unless that was 0). */
struct form {
	uint64_t key;
	struct rt_insn insn; /* bytes 0: nothing is remembered here */
	int64_t relative;
	uint8_t scale; /* of the displacement; 0: nothing depends on it */
	bool has_relative;
};
static struct form *forms; /* 1 << FORM_BITS */

const char *rt_decode_open(void)
{
	const char *trouble = rt_describe_open();
	if (!trouble && !forms)
		forms = rt_sys_mmap(NULL, sizeof(*forms) << FORM_BITS, RT_PROT_READ | RT_PROT_WRITE,
			RT_MAP_PRIVATE | RT_MAP_ANONYMOUS, -1, 0);
	return trouble || forms ? trouble : "there is no memory";
}

bool rt_decode_is_open(void)
{
	return forms;
}

/* ---- bytes and words ---- */

static int64_t read_signed(const uint8_t *at, unsigned bytes)
{
	int64_t word;
	switch (bytes) {
	case 1:
		return (int8_t)*at;
	case 4:
		return rt_word_get(at);
	case 8:
		return (int64_t) * (const rt_uint64_anywhere_t *)at;
	default:
		word = 0;
		rt_bytes_copy(&word, at, bytes);
		return word;
	}
}

/* ---- making a form ---- */

static bool has_address(const struct rt_insn *insn)
{
	return insn->memories || insn->prefetches || insn->addresses;
}

static bool has_displacement(const struct rt_description *description)
{
	return has_address(&description->insn) && description->disp_bytes;
}

static bool fits(const struct rt_description *description, const struct rt_shape *shape)
{
	return description->insn.bytes == shape->bytes && description->disp_bytes == shape->disp_bytes &&
	       (!shape->disp_bytes || description->disp_at == shape->disp_at) &&
	       description->imm_bytes == shape->imm_bytes &&
	       (!shape->imm_bytes || description->imm_at == shape->imm_at);
}

/* EVEX has displacements of one byte in units of the operand's bytes or of its elements'. */
static bool find_scale(
	uint8_t *code, const struct rt_shape *shape, const struct rt_description *zero, uint8_t *scale)
{
	struct rt_description one;
	*scale = has_displacement(zero);
	if (!*scale || !shape->is_scaled)
		return true;
	code[shape->disp_at] = 1;
	if (!rt_describe(code, shape->bytes, &one))
		return false;
	*scale = (uint8_t)(one.insn.memory[0].displacement - zero->insn.memory[0].displacement);
	return true;
}

/* From nothing but what the key tells, so that it is right for all that have the key. */
static bool make_form(const uint8_t *code, const struct rt_shape *shape, struct form *form)
{
	uint8_t bare[RT_SHAPE_ROOM] = {0};
	struct rt_description description;
	for (unsigned i = 0; i < shape->disp_at; i++)
		bare[i] = code[i];
	bare[shape->imm_at] = shape->is_shift && shape->key >> 63;
	if (!rt_describe(bare, shape->bytes, &description) || !fits(&description, shape) ||
		!find_scale(bare, shape, &description, &form->scale))
		return false;
	form->key = shape->key;
	form->relative = description.relative;
	form->has_relative = description.has_relative;
	rt_insn_copy(&form->insn, &description.insn);
	return true;
}

static struct form *form_of(const uint8_t *code, const struct rt_shape *shape)
{
	struct form *form = &forms[shape->key * 0x9e3779b97f4a7c15ull >> (64 - FORM_BITS)];
	if (RT_LIKELY(form->key == shape->key && form->insn.bytes))
		return form;
	form->insn.bytes = 0;
	return make_form(code, shape, form) ? form : NULL;
}

/* ---- an instruction at its place ---- */

static void place(const struct rt_code *text, uint32_t offset, bool has_relative, int64_t relative,
	struct rt_insn *insn)
{
	insn->offset = offset;
	if (insn->memory[0].base == RT_REG_PC && has_address(insn))
		insn->memory[0].displacement += offset;
	if (!has_relative)
		return;
	relative += offset;
	insn->target = relative >= 0 && relative < text->bytes ? (int32_t)relative : RT_FAR_TARGET;
}

static bool decode_slowly(
	const struct rt_code *text, const uint8_t *code, uint32_t offset, uint32_t end, struct rt_insn *insn)
{
	struct rt_description description;
	if (!rt_describe(code, end - offset < RT_INSN_BYTES ? end - offset : RT_INSN_BYTES, &description))
		return false;
	rt_insn_copy(insn, &description.insn);
	place(text, offset, description.has_relative, description.relative, insn);
	return true;
}

bool rt_decode(const struct rt_code *text, uint32_t offset, uint32_t end, struct rt_insn *insn)
{
	const uint8_t *code = text->code + offset;
	uint8_t last[RT_SHAPE_ROOM] = {0};
	struct rt_shape shape;
	struct form *form;
	if (end > text->bytes || offset >= end)
		return false;
	if (RT_UNLIKELY(text->bytes - offset < RT_SHAPE_ROOM)) {
		rt_bytes_copy(last, code, text->bytes - offset);
		code = last;
	}
	if (!rt_shape_find(code, &shape) || !(form = form_of(code, &shape)))
		return decode_slowly(text, code, offset, end, insn);
	if (shape.bytes > end - offset)
		return false;
	rt_insn_copy(insn, &form->insn);
	if (form->scale)
		insn->memory[0].displacement +=
			read_signed(code + shape.disp_at, shape.disp_bytes) * form->scale;
	int64_t relative = form->relative;
	if (form->has_relative)
		relative += read_signed(code + shape.imm_at, shape.imm_bytes);
	place(text, offset, form->has_relative, relative, insn);
	return true;
}
