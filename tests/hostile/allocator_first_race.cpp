// hostile: as allocator_operators_race, where the library with the operators was preloaded before the detector
// library: -DNDEBUG
// run: TRACK="${0%/*}/libcompanion.so:$TRACK"
// expect: race-free
// times: 5
#include "allocator_operators_race.cpp"
