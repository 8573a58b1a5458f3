/* Loaded late: its variables are made for each thread when that one first uses them. */
static __thread char library_local[256];

char *library_address(void);
char *library_address(void)
{
	return library_local + 5;
}
