/* The part of the JSON format about rewriting: coverage.rewritten. Only format_json.c includes it. */
#ifndef RACETRACK_REPORT_JSON_REWRITTEN_H
#define RACETRACK_REPORT_JSON_REWRITTEN_H

#include "json.h"
#include "report.h"

void report_json_rewritten(struct report_json *json, const struct report *report);

#endif
