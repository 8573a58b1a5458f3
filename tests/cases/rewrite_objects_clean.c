// Objects of synchronisation that are made, used and destroyed in order, in code that is rewritten.
// cflags: -Itests/cases
#include "hooks_objects_clean.c"
