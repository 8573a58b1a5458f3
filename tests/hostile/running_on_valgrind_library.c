int RunningOnValgrind(void);
int is_alone(void);

static int alone;

__attribute__((weak)) int RunningOnValgrind(void)
{
	alone = 1;
	return 0;
}

int is_alone(void)
{
	alone = 0;
	RunningOnValgrind();
	return alone;
}
