/* Writing JSON: valid whatever the strings hold.
 *
 * `key` is NULL inside an array. Calls nest as the text does; every open has its close. */
#ifndef RACETRACK_REPORT_JSON_H
#define RACETRACK_REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report_json {
	FILE *out;
	unsigned depth;
	bool filled; /* the innermost array or object has an item already */
};

void report_json_open(struct report_json *json, const char *key, char bracket);
void report_json_close(struct report_json *json, char bracket);
void report_json_text(struct report_json *json, const char *key, const char *text); /* NULL: null */
void report_json_number(struct report_json *json, const char *key, uint64_t number);
/* 1234 is 12.34 */
void report_json_hundredths(struct report_json *json, const char *key, uint32_t number);
void report_json_bool(struct report_json *json, const char *key, bool yes);
/* An address as a string, "0x7f..": JSON's readers keep 53 bits of a number. */
void report_json_address(struct report_json *json, const char *key, uint64_t address);

#endif
