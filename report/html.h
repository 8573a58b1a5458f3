/* The pieces of the HTML page. Only html_*.c include it.
 *
 * The page is one file: no request leaves it, and everything works without its script but the filter. All text that comes
 * from a record or a source file goes through report_html_text. */
#ifndef RACETRACK_REPORT_HTML_H
#define RACETRACK_REPORT_HTML_H

#include <stdio.h>

#include "report.h"

extern const char report_html_style[];
extern const char report_html_script[];

/* Escaped, valid UTF-8, whatever `text` holds. */
void report_html_text(FILE *out, const char *text);

/* As printf, and the result escaped. */
void report_html_format(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The frames, innermost first; those of the tool and the system are dimmed, runs of them folded. */
void report_html_stack(FILE *out, struct report_process *process, uint32_t stack);

/* The source around the stack's top project frame, that line marked; nothing if there is no source. `folder` is what its
 * path may be relative to. */
void report_html_source(FILE *out, struct report_process *process, const char *folder, uint32_t stack);

/* Opens a part of a finding: a section with a heading. */
void report_html_part(FILE *out, const char *class, const char *title);

/* A drawing of the bytes that each side touches. */
void report_html_bytes(FILE *out, const struct report_finding *finding);

/* The processes of its sides, where there are several; who maps the memory. html_shared.c. */
void report_html_processes(FILE *out, const struct report_finding *finding);
void report_html_history(FILE *out, const struct report_finding *finding);

/* The whole of one finding. `number` counts from 1 and is its anchor: f1, f2, ... */
void report_html_finding(FILE *out, const struct report_group *group, size_t number);

/* How much was checked by rewriting, and why not all. */
void report_html_rewritten(FILE *out, const struct report *report);

/* What the report covers, and what it lost. */
void report_html_footer(FILE *out, const struct report *report);

#endif
