#include "filter.h"

#include "engine.h"
#include "memory.h"
#include "sys.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

/* The newest one leads to those before. All of them are asked, as the kernel does. */
struct rt_filter {
	struct rt_filter *before;
	uint32_t count;
	struct sock_filter code[BPF_MAXINSNS];
};

bool rt_sys_filtered;
static struct rt_filter *newest;

/* ---- keeping ---- */

struct rt_filter *rt_filter_prepare(void)
{
	return rt_alloc(sizeof(struct rt_filter));
}

void rt_filter_drop(struct rt_filter *filter)
{
	rt_free(filter, sizeof(*filter));
}

void rt_filter_installed(struct rt_filter *filter, const struct sock_fprog *program)
{
	filter->count = program->len <= BPF_MAXINSNS ? program->len : 0;
	rt_bytes_copy(filter->code, program->filter, filter->count * sizeof(*filter->code));
	filter->before = __atomic_load_n(&newest, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(
		&newest, &filter->before, filter, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	__atomic_store_n(&rt_sys_filtered, true, __ATOMIC_RELEASE);
}

/* ---- asking ---- */

/* What an instruction of a filter sees and changes. */
struct machine {
	const struct seccomp_data *data;
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static uint32_t loaded(const struct machine *machine, const struct sock_filter *op)
{
	uint32_t value = 0;
	switch (BPF_MODE(op->code)) {
	case BPF_IMM:
		return op->k;
	case BPF_LEN:
		return sizeof(*machine->data);
	case BPF_MEM:
		return op->k < BPF_MEMWORDS ? machine->memory[op->k] : 0;
	default:
		if (op->k <= sizeof(*machine->data) - sizeof(value))
			rt_bytes_copy(&value, (const char *)machine->data + op->k, sizeof(value));
		return value;
	}
}

static uint32_t computed(uint32_t a, unsigned operation, uint32_t b)
{
	switch (operation) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	default:
		return -a;
	}
}

/* How many instructions to leave out. */
static uint32_t jumps(uint32_t a, const struct sock_filter *op, uint32_t b)
{
	bool met;
	switch (BPF_OP(op->code)) {
	case BPF_JA:
		return op->k;
	case BPF_JEQ:
		met = a == b;
		break;
	case BPF_JGT:
		met = a > b;
		break;
	case BPF_JGE:
		met = a >= b;
		break;
	default:
		met = a & b;
	}
	return met ? op->jt : op->jf;
}

static void move(struct machine *machine, const struct sock_filter *op)
{
	if (BPF_MISCOP(op->code) == BPF_TAX)
		machine->x = machine->a;
	else
		machine->a = machine->x;
}

static void store(struct machine *machine, const struct sock_filter *op)
{
	if (op->k < BPF_MEMWORDS)
		machine->memory[op->k] = BPF_CLASS(op->code) == BPF_ST ? machine->a : machine->x;
}

/* The kernel has checked the filter: it jumps forwards only, and ends with a return. */
static uint32_t answer_of(const struct rt_filter *filter, const struct seccomp_data *data)
{
	struct machine machine = {.data = data};
	for (uint32_t i = 0; i < filter->count; i++) {
		const struct sock_filter *op = &filter->code[i];
		uint32_t operand = BPF_SRC(op->code) == BPF_X ? machine.x : op->k;
		switch (BPF_CLASS(op->code)) {
		case BPF_LD:
			machine.a = loaded(&machine, op);
			break;
		case BPF_LDX:
			machine.x = loaded(&machine, op);
			break;
		case BPF_ST:
		case BPF_STX:
			store(&machine, op);
			break;
		case BPF_ALU:
			machine.a = computed(machine.a, BPF_OP(op->code), operand);
			break;
		case BPF_JMP:
			i += jumps(machine.a, op, operand);
			break;
		case BPF_RET:
			return BPF_RVAL(op->code) == BPF_A ? machine.a : op->k;
		default:
			move(&machine, op);
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

/* Of several answers the one counts that forbids most; ends of the process are negative, and so less than all others. */
static bool is_harmless(int32_t answer)
{
	return answer == (int32_t)SECCOMP_RET_ALLOW || answer == (int32_t)SECCOMP_RET_LOG ||
	       answer == (int32_t)SECCOMP_RET_ERRNO;
}

bool rt_sys_is_refused(long number, const long arguments[6])
{
	struct seccomp_data data = {.nr = (int)number, .arch = AUDIT_ARCH_X86_64};
	rt_bytes_copy(data.args, arguments, sizeof(data.args));
	int32_t least = (int32_t)SECCOMP_RET_ALLOW;
	const struct rt_filter *filter = __atomic_load_n(&newest, __ATOMIC_ACQUIRE);
	for (; filter; filter = filter->before) {
		int32_t answer = (int32_t)(answer_of(filter, &data) & SECCOMP_RET_ACTION_FULL);
		least = answer < least ? answer : least;
	}
	/* Whoever ends the process means to, and a filter that forbids it ends it as well. */
	return !is_harmless(least) && number != __NR_exit_group && number != __NR_exit;
}

bool rt_filter_lets_load(void)
{
	static const long made[] = {__NR_openat, __NR_read, __NR_pread64, __NR_newfstatat, __NR_fstat,
		__NR_mmap, __NR_mprotect, __NR_munmap, __NR_close};
	if (rt_sys_filtered)
		for (size_t i = 0; i < RT_COUNT(made); i++)
			if (rt_sys_is_refused(made[i], (const long[6]){0}))
				return false;
	return true;
}
