// A routine of call_once that throws leaves the flag as it was; what the one that succeeded did is ordered.
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include "pair.h"

static std::once_flag flag;
static int attempts, data;

static void routine()
{
	if (attempts++ == 0)
		throw std::runtime_error("not yet");
	racetrack_write(&data, sizeof data);
}

static void use()
{
	for (int i = 0; i < 2; i++)
		try {
			std::call_once(flag, routine);
		} catch (const std::runtime_error &error) {
			std::puts(error.what());
		}
	racetrack_read(&data, sizeof data);
}

int main()
{
	pair_run(use, use);
	return 0;
}
