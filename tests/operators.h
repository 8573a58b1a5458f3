/* Every form of the operators new and delete, by the number of the pair. */
#include <cstddef>
#include <new>

enum { FORMS = 12, ALIGNED_FORMS = 6 };

static const std::align_val_t ALIGNMENT{128};

static void *make(int form, std::size_t bytes)
{
	switch (form) {
	case 0:
	case 1:
		return operator new(bytes);
	case 2:
	case 3:
		return operator new[](bytes);
	case 4:
		return operator new(bytes, std::nothrow);
	case 5:
		return operator new[](bytes, std::nothrow);
	case 6:
	case 7:
		return operator new(bytes, ALIGNMENT);
	case 8:
	case 9:
		return operator new[](bytes, ALIGNMENT);
	case 10:
		return operator new(bytes, ALIGNMENT, std::nothrow);
	default:
		return operator new[](bytes, ALIGNMENT, std::nothrow);
	}
}

static void unmake(int form, void *block, std::size_t bytes)
{
	switch (form) {
	case 0:
		return operator delete(block);
	case 1:
		return operator delete(block, bytes);
	case 2:
		return operator delete[](block);
	case 3:
		return operator delete[](block, bytes);
	case 4:
		return operator delete(block, std::nothrow);
	case 5:
		return operator delete[](block, std::nothrow);
	case 6:
		return operator delete(block, ALIGNMENT);
	case 7:
		return operator delete(block, bytes, ALIGNMENT);
	case 8:
		return operator delete[](block, ALIGNMENT);
	case 9:
		return operator delete[](block, bytes, ALIGNMENT);
	case 10:
		return operator delete(block, ALIGNMENT, std::nothrow);
	default:
		return operator delete[](block, ALIGNMENT, std::nothrow);
	}
}
