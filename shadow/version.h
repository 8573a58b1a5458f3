/* The version, for records and reports. */
#ifndef RACETRACK_SHADOW_VERSION_H
#define RACETRACK_SHADOW_VERSION_H

#define RT_VERSION "0.1.0"

#endif
