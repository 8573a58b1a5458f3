#include "allocator_operators_library.cpp"
