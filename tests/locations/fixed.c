/* Loaded late, and its variables lie where all threads have room for some. */
static __thread __attribute__((tls_model("initial-exec"))) char fixed_local[32];

char *fixed_address(void);
char *fixed_address(void)
{
	return fixed_local + 7;
}
