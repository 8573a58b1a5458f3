// cflags: -std=c++17
// The last std::shared_ptr goes while another thread has a std::weak_ptr, whose count lies beside the other one.
#include <memory>
#include <string>
extern "C" {
#include "pair.h"
}

static std::shared_ptr<std::string> owner;
static std::weak_ptr<std::string> looker;

static void own(void)
{
	owner.reset();
}

static void look(void)
{
	looker.reset();
}

static void make(void)
{
	owner = std::make_shared<std::string>(100, 'x');
	looker = owner;
}

static void nothing(void)
{
}

int main()
{
	pair_run(nothing, nothing); /* counts are plain ones until there was a second thread */
	make();
	pair_run(own, look);
	make();
	pair_run(look, own);
	return 0;
}
