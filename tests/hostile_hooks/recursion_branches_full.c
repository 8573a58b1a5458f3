// hostile: recursion that branches: more distinct stacks than have room where memory is limited; they are cut to their innermost frames
// compilers: gcc clang
// expect: race-data
// run: ulimit -v 1000000
// at: race_first<first race_second<second
// loses: contexts_cut
// peak: 150
#define DEPTH 18
#include "recursion_branches.c"
