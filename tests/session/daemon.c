// hostile: a daemon, twice forked and in a session of its own, writes what a program wrote that is gone by then
// expect: race-shared
#include "sides.h"

int main(void)
{
	struct gate *gate = make_gate();
	char *mapping = map_shared(make_file("file", PAGE), 0, PAGE);
	pid_t child = fork(), writer;
	MUST(child >= 0);
	if (child == 0) {
		setsid();
		if (fork())
			_exit(0);
		gate_wait(gate, 1);
		second_write(mapping);
		gate_open(gate, 2);
		_exit(0);
	}
	MUST(waitpid(child, NULL, 0) == child);
	writer = fork();
	MUST(writer >= 0);
	if (writer == 0) {
		first_write(mapping);
		_exit(0);
	}
	end_side(writer);
	gate_open(gate, 1);
	gate_wait(gate, 2);
	printf("done\n");
	return 0;
}
