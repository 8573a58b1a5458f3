// cflags: -fPIC -Wl,--no-relax
// As rewrite_vptr: in a library the address of a class's virtual table that others may have, too, comes from a table of addresses.
extern "C" {
#include "pair.h"
}

struct base {
	long apart; /* or both pointers would be one store */
	virtual void call() = 0;
	virtual ~base() = default;
};

struct other {
	virtual void call_other() = 0;
	virtual ~other() = default;
};

struct last final : base, other {
	void call() override;
	void call_other() override;
	~last() override;
};

void last::call()
{
}

void last::call_other()
{
}

__attribute__((noinline)) static void look(last *)
{
	__asm__ volatile("" : : : "memory");
}

last::~last()
{
	look(this); /* or the stores would be left out */
	look(this);
}

static last *object;

static void call()
{
	static_cast<base *>(object)->call();
	static_cast<other *>(object)->call_other();
}

static void end()
{
	object->last::~last();
}

int main()
{
	object = new last;
	pair_run(call, end);
	return 0;
}
