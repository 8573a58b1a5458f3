/* For hooks_exceptions_through_race.cpp: a C function that exceptions pass, without a clean-up. */
int through(void (*function)(int), int argument);

int through(void (*function)(int), int argument)
{
	function(argument);
	return argument + 1;
}
