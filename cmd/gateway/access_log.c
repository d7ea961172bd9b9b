/* access_log.c - see access_log.h. */
#include "cmd/gateway/access_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/fd_write.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/metrics/metric.h"

enum {
    AGAIN_MS = 50, /* until it is tried again whether there is room */
    END_MS = 500,
    FILE_MODE = 0640,
};

struct access_log {
    const char *file;
    access_line_fn line;
    int fd;
    enum fd_way way;
    bool failing; /* and that has been said */
    bool inside;  /* of a line ends what was written last ... */
    bool torn;    /* ... and the rest of it was dropped */
    struct metric *dropped;
    size_t len; /* of what is kept */
    char kept[ACCESS_LOG_KEPT_BYTES];
};

static int open_file(const char *file)
{
    if (strcmp(file, "-") == 0)
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, FILE_MODE);
}

static void drop(struct access_log *self)
{
    int64_t lines = 0;

    for (size_t i = 0; i < self->len; i++)
        lines += self->kept[i] == '\n';
    metric_add(self->dropped, lines);
    self->torn = self->torn || self->inside;
    self->inside = false;
    self->len = 0;
}

static void fail(struct access_log *self, int error)
{
    if (!self->failing)
        log_warn("the access log cannot be written", LOG_TEXT("file", self->file),
                 LOG_TEXT("why", strerror(error)));
    self->failing = true;
    drop(self);
}

static ssize_t write_some(struct access_log *self, const char *text, size_t len)
{
    ssize_t n = fd_write_now(self->fd, &self->way, text, len);

    return n < 0 && errno == EAGAIN && self->way == FD_BLOCKS
               ? fd_write_wait(self->fd, self->way, text, len, 0)
               : n;
}

/* What has no room now stays. */
static void flush(struct access_log *self)
{
    size_t done = 0;
    ssize_t n = self->torn ? write_some(self, "\n", 1) : 1;

    self->torn = self->torn && n != 1;
    while (n > 0 && done < self->len &&
           (n = write_some(self, self->kept + done, self->len - done)) > 0)
        done += (size_t)n;
    if (done > 0) {
        self->failing = false;
        self->inside = self->kept[done - 1] != '\n';
    }
    self->len -= done;
    memmove(self->kept, self->kept + done, self->len);
    if (n < 0 && errno != EAGAIN)
        fail(self, errno);
}

static int on_turn(void *arg)
{
    struct access_log *self = arg;

    if (self->len > 0)
        flush(self);
    return self->len > 0 ? AGAIN_MS : -1;
}

struct access_log *access_log_create(struct loop *loop, struct metrics *metrics, const char *file,
                                     const char *format)
{
    int fd = open_file(file);
    struct access_log *self;

    if (fd < 0)
        return NULL;
    self = MEM_NEW(struct access_log);
    self->file = file;
    self->line = strcmp(format, ACCESS_LOG_COMBINED) == 0 ? access_line_combined : access_line_json;
    self->fd = fd;
    self->way = fd_way_of(fd);
    self->dropped = metrics_counter(metrics, "hanok_access_log_lines_dropped_total",
                                    "Lines of the access log that could not be written.", "");
    loop_add_turn(loop, on_turn, self);
    return self;
}

void access_log_add(struct access_log *self, const struct access_entry *entry)
{
    if (!self)
        return;
    if (sizeof(self->kept) - self->len < ACCESS_LINE_MAX)
        flush(self);
    if (sizeof(self->kept) - self->len < ACCESS_LINE_MAX)
        metric_add(self->dropped, 1);
    else
        self->len += self->line(entry, self->kept + self->len);
}

void access_log_reopen(struct access_log *self)
{
    int fd;

    if (!self || strcmp(self->file, "-") == 0)
        return;
    fd = open_file(self->file);
    if (fd < 0) {
        log_error("the access log stays where it was", LOG_TEXT("file", self->file),
                  LOG_TEXT("why", strerror(errno)));
        return;
    }
    flush(self);
    close(self->fd);
    self->fd = fd;
    self->way = fd_way_of(fd);
    self->inside = self->torn = false;
}

void access_log_destroy(struct access_log *self)
{
    if (!self)
        return;
    if (!fd_write_all(self->fd, self->kept, self->len, END_MS))
        log_warn("the end of the access log is lost", LOG_TEXT("file", self->file));
    close(self->fd);
    free(self);
}
