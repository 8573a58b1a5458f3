/* Stacks as people read them: frames with function, file and line, and which of them is the project's own. */
#ifndef RACETRACK_REPORT_FRAMES_H
#define RACETRACK_REPORT_FRAMES_H

#include "image.h"
#include "model.h"

enum report_frame_kind {
	REPORT_FRAME_PROJECT,
	REPORT_FRAME_SYSTEM,  /* in a library of the distribution, or inlined from its headers */
	REPORT_FRAME_TOOL,    /* a wrapped function, racetrack's library, or its containers in the program */
	REPORT_FRAME_UNKNOWN, /* in no module: generated code */
	REPORT_FRAME_OMITTED, /* stands for frames that were not recorded */
};

struct report_frame {
	enum report_frame_kind kind;
	bool inlined;         /* into the frame behind it */
	const char *function; /* NULL: not known */
	const char *file;     /* for people: without the prefix of report_frames_strip; NULL: not known */
	const char *path;     /* to open it */
	unsigned line, column;
	const char *module;   /* path; NULL: in no module */
	const char *build_id; /* hexadecimal, "" for none */
	const char *trouble;  /* why there are no symbols, or NULL */
	uint64_t pc, offset;  /* the instruction: in memory, and as its module's file counts */
};

struct report_frames {
	size_t count;
	size_t startup; /* how many at the end only start a program or a thread: _start, clone3, ... */
	struct report_frame *frames;
	/* The top project frame: the first that is neither the tool's nor the system's, or else the first that is not the
	 * tool's, or else the first; NULL only without frames. */
	const struct report_frame *top;
};

/* Never NULL: an unknown stack has no frames. */
const struct report_frames *report_frames_get(struct report_process *process, uint32_t stack);

/* From now on this prefix is cut off `file`. Before the first look-up. */
void report_frames_strip(const char *prefix);

/* The part behind the last '/'. */
const char *report_path_base(const char *path);

/* The variable at an address of the process, and its module. False: not known. */
bool report_global_find(struct report_process *process, uint64_t address, struct report_variable *variable,
	struct report_module **module);
/* The same for a finding's location: a global variable, or one of a thread's. */
bool report_location_variable(const struct report_finding *finding, struct report_variable *variable,
	struct report_module **module);

#endif
