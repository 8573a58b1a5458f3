#include "locking.h"

#include "imports.h"
#include "wait.h"

#include <sys/syscall.h>

enum { NEAR = 64 }; /* bytes from the call's number to the call */

static const uint8_t kernel_call[] = {0x0f, 0x05};

static bool calls_kernel(const struct rt_code *text, uint32_t from)
{
	for (uint32_t at = from; at + 2 <= text->bytes && at < from + NEAR; at++)
		if (rt_bytes_equal(text->code + at, kernel_call, sizeof(kernel_call)))
			return true;
	return false;
}

/* mov $__NR_futex, %eax and a call of the kernel, or mov $__NR_futex, %edi where `syscall` is a function that it calls. */
static bool is_futex(const struct rt_code *text, uint32_t number, bool calls_by_name)
{
	enum { MOV_EAX = 0xb8, MOV_EDI = 0xbf };
	uint8_t move = text->code[number - 1];
	return move == MOV_EAX ? calls_kernel(text, number + 4) : move == MOV_EDI && calls_by_name;
}

bool rt_locking_module(const struct rt_module *module)
{
	static const uint8_t number[] = {__NR_futex, 0, 0, 0};
	const struct rt_code *text = &module->text;
	bool calls_by_name = rt_imports(module, "syscall");
	/* Three of its four bytes are 0: where the last one would be something else nothing ends before the next four. */
	for (uint32_t last = 4; last < text->bytes;) {
		uint8_t byte = text->code[last];
		if (byte && byte != __NR_futex) {
			last += 4;
			continue;
		}
		if (rt_bytes_equal(text->code + last - 3, number, sizeof(number)) &&
			is_futex(text, last - 3, calls_by_name))
			return true;
		last++;
	}
	return false;
}

bool rt_locking_body(struct rt_body *body)
{
	rt_wait_find(body);
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->is_locked || body->marks[i] & RT_MARK_WAITS ||
			rt_bytes_equal(body->module->text.code + insn->offset, kernel_call,
				sizeof(kernel_call)))
			return true;
	}
	return false;
}
