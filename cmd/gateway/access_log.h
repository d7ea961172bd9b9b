/* access_log.h - a line a request, to a file or standard output, without ever waiting for whoever
 * reads it: what is not taken is kept for a while, then dropped and counted. Loop thread. */
#ifndef CMD_GATEWAY_ACCESS_LOG_H
#define CMD_GATEWAY_ACCESS_LOG_H

#include "middleware/access_line.h"
#include "tool/core/loop.h"
#include "tool/metrics/metrics.h"

#define ACCESS_LOG_JSON "json"
#define ACCESS_LOG_COMBINED "combined"

enum { ACCESS_LOG_KEPT_BYTES = 256 * 1024 };

struct access_log;

/** file: a path, which is appended to and made for its owner and group, or "-" for standard output;
 * format: one of the two above. NULL when it cannot be opened: errno. */
struct access_log *access_log_create(struct loop *loop, struct metrics *metrics, const char *file,
                                     const char *format);
/** NULL is fine here and below: no log is kept. */
void access_log_add(struct access_log *self, const struct access_entry *entry);
/** Writes into a new file of that name from now on, where the old one was put away. */
void access_log_reopen(struct access_log *self);
/** What is kept is written within half a second, or lost. The loop makes no turn any more. */
void access_log_destroy(struct access_log *self);

#endif
