/* As the code of a function-local static of C++ does. */
extern int __cxa_guard_acquire(unsigned long *guard);
extern void __cxa_guard_release(unsigned long *guard);

int made(void);

int made(void)
{
	static unsigned long guard;
	static int value;
	if (__cxa_guard_acquire(&guard)) {
		value = 42;
		__cxa_guard_release(&guard);
	}
	return value;
}
