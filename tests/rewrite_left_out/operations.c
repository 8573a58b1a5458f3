/* Atomic operations that a language has in its library, as functions by its names. As libgphobos has D's. */
int load(const int *from) __asm__(
	"_D4core8internal6atomic__T10atomicLoadVEQBmQBb11MemoryOrderi2TiZQBmFNaNbNiNePNgiZNgi");
void store(int *to, int value) __asm__(
	"_D4core8internal6atomic__T11atomicStoreVEQBnQBc11MemoryOrderi3TiZQBnFNaNbNiNePiiZv");

int load(const int *from)
{
	return *from;
}

void store(int *to, int value)
{
	*to = value;
}
