/* The phrases that all formats for people share. Every string lives as long as the program and is clean (utf8.h). */
#ifndef RACETRACK_REPORT_WORDS_H
#define RACETRACK_REPORT_WORDS_H

#include "frames.h"
#include "model.h"
#include "report.h"

/* A copy that begins with a capital letter. */
const char *report_words_raise(const char *words);

/* "main thread", "thread T2" by its number in its process, "unknown thread"; with its name in quotes where `named` and it
 * has one. */
const char *report_thread_words(const struct report_process *process, uint32_t id, bool named);

/* The same, named; "... of process 4711" where the finding's sides are in different processes, or the thread is in another
 * one than it was found in. `pid` is that of a thread that is not known, 0: the finding's. */
const char *report_thread_whole(const struct report_finding *finding, uint32_t id, uint32_t pid);

/* "running", "finished", "detached"; "" for the main thread, and where another process would know. */
const char *report_thread_state(const struct report_thread *thread);
/* "tid=812" or "tid 812", as the character between says; asynchronous input and output has none. */
const char *report_thread_tid(const struct report_thread *thread, char between);

/* "Write of size 4", "Previous atomic read of size 8", "Previous put": the first party is not 'previous'. */
const char *report_party_words(const struct report_finding *finding, uint32_t index);

/* "by thread T2 'worker'", with its process as report_thread_whole says. */
const char *report_party_thread(const struct report_finding *finding, const struct report_party *party);

/* "Mutex M3 'config_lock'": its kind, id and name, which may be that of the global variable it is. */
const char *report_sync_words(struct report_process *process, const struct report_sync *sync);

/* "app.c:12:3", "app.c:12", or "(app+0x1234)"; "" if nothing is known. `column` may be left out. */
const char *report_frame_where(const struct report_frame *frame, bool column);

/* The function's name, "memcpy", "??" or "frames left out". */
const char *report_frame_name(const struct report_frame *frame);

/* "file:line in function" of the party's top project frame; "" if it has no stack. */
const char *report_party_summary(const struct report_finding *finding, const struct report_party *party);

/* Processes have memory there: it is neither a key of something else nor a peer's module. */
bool report_address_is_real(uint64_t address);

/* "heap block of size 64 at 0x7f.., allocated by thread T1", ... */
const char *report_location_words(const struct report_finding *finding);

/* What became of it: "block was freed", "descriptor was closed", "mapping was unmapped". */
const char *report_location_end(const struct report_finding *finding);

/* Why a finding is no more than inferred: "Inferred: ..."; "" if it is more. */
const char *report_inference_words(const struct report_finding *finding);

/* False for a thread of another process: what made it is known there. */
bool report_thread_is_told(const struct report_thread *thread);

/* False for a side in another process. */
bool report_locks_are_known(const struct report_finding *finding, const struct report_party *party);

/* A lock that both hold, or 0. Of two that race, both hold it shared. */
uint32_t report_locks_common(const struct report_party *a, const struct report_party *b);

/* Ids of the threads in a finding (those of its parties, of its location and mappings, and their creators), each once. */
size_t report_threads_collect(const struct report_finding *finding, uint32_t *ids, size_t most);

/* Ids of the locks that its parties hold, each once. */
size_t report_syncs_collect(const struct report_finding *finding, uint32_t *ids, size_t most);

#endif
