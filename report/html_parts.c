/* Text, stacks, source excerpts and the drawing of bytes in the HTML page. See html.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "frames.h"
#include "html.h"
#include "rules.h"
#include "shared.h"
#include "source.h"
#include "utf8.h"
#include "words.h"

enum { LINES_AROUND = 4, MOST_COLUMNS = 400, TAB_COLUMNS = 8 };

static void put_code(FILE *out, uint32_t code, const char *bytes, size_t count)
{
	if (code == '&')
		fputs("&amp;", out);
	else if (code == '<')
		fputs("&lt;", out);
	else if (code == '>')
		fputs("&gt;", out);
	else if (code == '"')
		fputs("&quot;", out);
	else if (code == '\'')
		fputs("&#39;", out);
	else if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0) ||
		 code == REPORT_UTF8_BAD || (code & 0xfffe) == 0xfffe)
		fputs("\xef\xbf\xbd", out);
	else
		fwrite(bytes, 1, count, out);
}

void report_html_text(FILE *out, const char *text)
{
	const char *from = text;
	uint32_t code;
	for (; (code = report_utf8_next(&text)); from = text)
		put_code(out, code, from, (size_t)(text - from));
}

/* A source line: tabs become spaces, as the line's number stands before it, and a very long one is cut. */
static void put_line(FILE *out, const char *text)
{
	const char *from = text;
	unsigned column = 0;
	uint32_t code;
	for (; column < MOST_COLUMNS && (code = report_utf8_next(&text)); from = text) {
		unsigned wide = code == '\t' ? TAB_COLUMNS - column % TAB_COLUMNS : 1;
		column += wide;
		if (code == '\t')
			fprintf(out, "%*s", (int)wide, "");
		else if (code != '\r')
			put_code(out, code, from, (size_t)(text - from));
	}
}

void report_html_format(FILE *out, const char *format, ...)
{
	va_list arguments;
	char *text;
	int bytes;
	va_start(arguments, format);
	bytes = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (bytes < 0)
		report_memory_fail();
	report_html_text(out, text);
	free(text);
}

static bool is_dim(const struct report_frame *frame)
{
	return frame->kind == REPORT_FRAME_TOOL || frame->kind == REPORT_FRAME_SYSTEM;
}

static void put_frame(FILE *out, const struct report_frames *frames, size_t index)
{
	const struct report_frame *frame = &frames->frames[index];
	const char *class = frame == frames->top ? "top" : is_dim(frame) ? "dim" : "own";
	fprintf(out, "<li class=\"%s\"><span class=\"no\">#%zu</span> <span class=\"fn\">", class, index);
	report_html_text(out, report_frame_name(frame));
	fputs("</span>", out);
	if (frame->inlined)
		fputs(" <span class=\"tag\">inlined</span>", out);
	if (frame->file) {
		fputs(" <span class=\"at\">", out);
		report_html_text(out, report_frame_where(frame, true));
		fputs("</span>", out);
	}
	if (frame->module) {
		fputs(" <span class=\"mod\" title=\"", out);
		report_html_text(out, frame->module);
		if (*frame->build_id)
			report_html_format(out, ", build id %s", frame->build_id);
		fputs("\">", out);
		report_html_text(out, report_path_base(frame->module));
		if (frame->pc >= RT_PC_FUNCTIONS)
			fprintf(out, "+0x%" PRIx64, frame->offset);
		fputs("</span>", out);
	} else if (frame->kind == REPORT_FRAME_UNKNOWN) {
		fprintf(out, " <span class=\"mod\">%s</span>", report_frame_where(frame, false));
	}
	if (frame->trouble)
		report_html_format(out, " [%s]", frame->trouble);
	fputs("</li>\n", out);
}

void report_html_stack(FILE *out, struct report_process *process, uint32_t stack)
{
	const struct report_frames *frames = report_frames_get(process, stack);
	if (!frames->count) {
		fputs("<p class=\"none\">No stack was recorded.</p>\n", out);
		return;
	}
	fputs("<ol class=\"stack\">\n", out);
	for (size_t i = 0; i < frames->count;) {
		size_t end = i;
		while (end < frames->count && is_dim(&frames->frames[end]) &&
			&frames->frames[end] != frames->top)
			end++;
		if (end - i >= 2) {
			fprintf(out,
				"<li class=\"fold\"><details><summary>%zu frames of the tool or the "
				"system</summary><ol>\n",
				end - i);
			for (; i < end; i++)
				put_frame(out, frames, i);
			fputs("</ol></details></li>\n", out);
		} else {
			put_frame(out, frames, i++);
		}
	}
	fputs("</ol>\n", out);
}

void report_html_source(FILE *out, struct report_process *process, const char *folder, uint32_t stack)
{
	const struct report_frame *top = report_frames_get(process, stack)->top;
	struct report_excerpt excerpt;
	if (!top || !top->path)
		return;
	excerpt = report_source_excerpt(top->path, folder, top->line, LINES_AROUND);
	if (!excerpt.count)
		return;
	fputs("<figure class=\"source\"><figcaption>", out);
	report_html_text(out, top->file);
	fputs("</figcaption><pre>", out);
	for (size_t i = 0; i < excerpt.count; i++) {
		unsigned number = excerpt.first + (unsigned)i;
		fprintf(out, "<span class=\"line%s\"><i>%u</i>", number == top->line ? " hit" : "", number);
		put_line(out, excerpt.lines[i]);
		fputs("\n</span>", out);
	}
	fputs("</pre></figure>\n", out);
}

void report_html_part(FILE *out, const char *class, const char *title)
{
	fprintf(out, "<section class=\"part %s\">\n<h3>%s</h3>\n", class, title);
}

/* The drawing's measures, in units of its own. */
enum {
	LABEL_WIDTH = 150,
	DRAWING_WIDTH = 640,
	ROW_HEIGHT = 26,
	MOST_CELLS = 64,
	MOST_ROWS = 8,
	MOST_CELL = 26
};

/* Sides in shared memory are drawn by their place in the object: their addresses may be of several mappings. */
struct drawing {
	uint64_t overlap, low, high;
	unsigned rows;
	double scale; /* units per byte */
};

/* Where a side begins. False: it is not drawn. */
static bool find_bar(const struct report_finding *finding, const struct report_party *party, uint64_t *start)
{
	return party->size && report_party_start(finding, party, start) && *start <= UINT64_MAX - party->size;
}

static bool measure_drawing(struct drawing *drawing, const struct report_finding *finding)
{
	*drawing = (struct drawing){.overlap = report_overlap_start(finding), .low = UINT64_MAX};
	for (uint32_t i = 0; i < finding->party_count && drawing->rows < MOST_ROWS; i++) {
		const struct report_party *party = &finding->parties[i];
		uint64_t start;
		if (!find_bar(finding, party, &start))
			continue;
		drawing->rows++;
		if (start < drawing->low)
			drawing->low = start;
		if (start + party->size > drawing->high)
			drawing->high = start + party->size;
	}
	if (drawing->rows < 2 || !finding->overlap_size)
		return false;
	drawing->scale = (double)DRAWING_WIDTH / (double)(drawing->high - drawing->low);
	if (drawing->scale > MOST_CELL)
		drawing->scale = MOST_CELL;
	return drawing->overlap >= drawing->low &&
	       drawing->overlap <= drawing->high - finding->overlap_size &&
	       finding->overlap_size <= drawing->high - drawing->low;
}

static void draw_bar(FILE *out, const struct drawing *drawing, uint64_t start, uint64_t bytes, unsigned row)
{
	double left = (double)(start - drawing->low) * drawing->scale;
	double width = (double)bytes * drawing->scale;
	unsigned top = row * ROW_HEIGHT;
	fprintf(out, "<rect class=\"bar %s\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%d\"/>\n",
		row ? "b" : "a", LABEL_WIDTH + left, top + 3, width < 2 ? 2 : width, ROW_HEIGHT - 6);
	if (drawing->high - drawing->low <= MOST_CELLS)
		for (uint64_t i = 1; i < bytes; i++)
			fprintf(out, "<path class=\"cut\" d=\"M%.1f %uv%d\"/>\n",
				LABEL_WIDTH + left + (double)i * drawing->scale, top + 3, ROW_HEIGHT - 6);
}

static void draw_label(FILE *out, const struct report_party *party, unsigned row)
{
	fprintf(out, "<text x=\"0\" y=\"%u\">", row * ROW_HEIGHT + 17);
	report_html_format(out, "%s, %" PRIu64 " byte%s", report_kind_word(party->kind), party->size,
		party->size == 1 ? "" : "s");
	fputs("</text>\n", out);
}

static void draw_overlap(
	FILE *out, const struct drawing *drawing, const struct report_finding *finding, unsigned height)
{
	double left = LABEL_WIDTH + (double)(drawing->overlap - drawing->low) * drawing->scale;
	double width = (double)finding->overlap_size * drawing->scale;
	width = width < 2 ? 2 : width;
	fprintf(out, "<rect class=\"both\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%u\"/>\n", left, width,
		height);
	fprintf(out, "<text x=\"%.1f\" y=\"%u\">both: %" PRIu64 " byte%s from %s0x%" PRIx64 "</text>\n",
		left + width > 480 ? 480.0 : left, height + 15, finding->overlap_size,
		finding->overlap_size == 1 ? "" : "s", finding->object ? "offset " : "", drawing->overlap);
}

void report_html_bytes(FILE *out, const struct report_finding *finding)
{
	struct drawing drawing;
	unsigned row = 0, height;
	if (!measure_drawing(&drawing, finding))
		return;
	height = drawing.rows * ROW_HEIGHT;
	fprintf(out,
		"<svg class=\"bytes\" viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"the bytes both "
		"touch\">\n",
		LABEL_WIDTH + DRAWING_WIDTH + 10, height + 22);
	for (uint32_t i = 0; i < finding->party_count && row < drawing.rows; i++) {
		const struct report_party *party = &finding->parties[i];
		uint64_t start;
		if (!find_bar(finding, party, &start))
			continue;
		draw_label(out, party, row);
		draw_bar(out, &drawing, start, party->size, row++);
	}
	draw_overlap(out, &drawing, finding, height);
	fputs("</svg>\n", out);
}
