// hostile: ends without waiting for a child that was killed: what the session leaves is looked at after all programs
// expect: race-shared
#include <signal.h>
#include "sides.h"

int main(void)
{
	struct gate *gate = make_gate();
	char *mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	pid_t child = fork();
	if (child == 0) {
		first_write(mapping);
		gate_open(gate, 1);
		gate_wait(gate, 2);
	}
	gate_wait(gate, 1);
	second_write(mapping);
	MUST(kill(child, SIGKILL) == 0);
	siginfo_t info;
	MUST(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
	return 0;
}
