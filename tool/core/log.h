/* log.h - one JSON object a line on standard error; never a secret in it, nor what only a person
 * may tell of himself (names, addresses, login ids): ids say who it was.
 *
 *   log_info("signup started", LOG_CALL(call), LOG_UUID("sagaId", id), LOG_INT("step", 1));
 *
 * gives {"time":"...","level":"info","service":"auth","msg":"signup started","requestId":...}.
 * Any thread; one write(2) a line (but see log_gather), lines up to LOG_LINE_MAX bytes, longer
 * values are cut. Logging waits for nobody: what a full disk or a stopped reader does not take is
 * kept for a while (log_out.h), then dropped, counted, and said when there is room again.
 *
 * What a level means to an operator:
 *   error  somebody must act: a bug, a broken set-up, data at risk. Alarm on each.
 *   warn   something is away, slow or refused that should not be; Hanok goes on and mends itself
 *          when it is back. Look when they last.
 *   info   what happens in normal operation, one line a request and one a change of state.
 *   debug  why, for who looks for a mistake; off in operation. */
#ifndef TOOL_CORE_LOG_H
#define TOOL_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/call.h"
#include "tool/core/uuid.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum { LOG_LINE_MAX = 4096 };
enum log_kind {
    LOG_KIND_END,
    LOG_KIND_TEXT,
    LOG_KIND_INT,
    LOG_KIND_MS, /* milliseconds, given in microseconds */
    LOG_KIND_BOOL,
    LOG_KIND_UUID,
    LOG_KIND_CALL
};

struct log_field {
    enum log_kind kind;
    const char *key;
    const char *text; /* LOG_KIND_TEXT; NULL = the field is left out */
    int64_t num;
    struct uuid id;
    const struct call *call; /* LOG_KIND_CALL: requestId, traceparent, caller, client; when set */
};

/* clang-format off */
#define LOG_TEXT(k, v) ((struct log_field){.kind = LOG_KIND_TEXT, .key = (k), .text = (v)})
#define LOG_INT(k, v)  ((struct log_field){.kind = LOG_KIND_INT, .key = (k), .num = (int64_t)(v)})
#define LOG_MS(k, us)  ((struct log_field){.kind = LOG_KIND_MS, .key = (k), .num = (us)})
#define LOG_BOOL(k, v) ((struct log_field){.kind = LOG_KIND_BOOL, .key = (k), .num = (v)})
#define LOG_UUID(k, v) ((struct log_field){.kind = LOG_KIND_UUID, .key = (k), .id = (v)})
#define LOG_CALL(c)    ((struct log_field){.kind = LOG_KIND_CALL, .call = (c)})
#define LOG_STATUS(s)  LOG_TEXT("status", status_name(s))
#define LOG_END        ((struct log_field){.kind = LOG_KIND_END})

#define LOG_LINE(level, msg, ...) log_write((level), (msg), (const struct log_field[]){__VA_ARGS__})
#define log_debug(...) LOG_LINE(LOG_DEBUG, __VA_ARGS__, LOG_END)
#define log_info(...)  LOG_LINE(LOG_INFO,  __VA_ARGS__, LOG_END)
#define log_warn(...)  LOG_LINE(LOG_WARN,  __VA_ARGS__, LOG_END)
#define log_error(...) LOG_LINE(LOG_ERROR, __VA_ARGS__, LOG_END)
/* clang-format on */

/** Call once at start: the service's name (kept by pointer) and the lowest level written. */
void log_init(const char *service, enum log_level lowest);
/** Where lines go instead of standard error; for tests. -1 = nowhere. What was kept for the old
 * descriptor is forgotten. */
void log_set_fd(int fd);
/** From now on this thread's lines are kept back until log_flush(), an error, or 4 KiB of them: for
 * a loop thread that flushes at the end of every turn. Off again, which a thread that ends must
 * say: what is kept is written. */
void log_gather(bool on);
void log_flush(void);
/** Waits, max_ms at most, until all lines are where they go to; false when some are not yet. What
 * ends by exit() need not ask: exit waits half a second for them. */
bool log_drain(int max_ms);
/** Lines dropped since the start. */
uint64_t log_dropped(void);
/** From now on a fatal signal (a failed ASSERT too) writes the lines that are kept back before the
 * process ends as it would have. Call once, in the main thread. */
void log_catch_crashes(void);
void log_write(enum log_level level, const char *msg, const struct log_field *fields);

#endif
