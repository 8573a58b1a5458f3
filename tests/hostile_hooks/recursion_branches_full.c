// hostile: recursion that branches: more distinct stacks than have room where memory is limited; what finds none is counted
// compilers: gcc clang
// expect: race-data
// run: ulimit -v 1000000
// loses: contexts_lost
// peak: 150
#define DEPTH 18
#include "recursion_branches.c"
