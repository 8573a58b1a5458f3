// cflags: -O0
// The same where they are called.
#include "cases/rewrite_operations_named_clean.c"
