// hostile: a library that asks whether it runs under a detector, by a function of its own that a detector's is meant to replace
// library: -O1
#include <stdio.h>

int is_alone(void);

int main(void)
{
	puts(is_alone() ? "alone" : "watched");
	return !is_alone();
}
