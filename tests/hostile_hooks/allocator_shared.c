// hostile: memory comes from a shared library with hooks that keeps its lists in what was freed, under a lock of its own
// library: -DNDEBUG
#include "../hostile/allocator_shared.c"
