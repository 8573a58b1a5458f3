// hostile: a library with an allocator and operators of its own is preloaded before the detector
// library: -DNDEBUG
// run: TRACK="${0%/*}/libcompanion.so:$TRACK"
// times: 3
#include "allocator_operators.cpp"
