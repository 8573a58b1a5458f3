/* C++ names as people write them. */
#ifndef RACETRACK_REPORT_DEMANGLE_H
#define RACETRACK_REPORT_DEMANGLE_H

/* The readable form of a mangled C++ name, or `name` itself. Lives as long as the program. libstdc++ is loaded only when
 * the first mangled name comes; without it names stay as they are. */
const char *report_name_demangle(const char *name);

#endif
