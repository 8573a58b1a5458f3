#include "../hostile/allocator_shared_library.c"
