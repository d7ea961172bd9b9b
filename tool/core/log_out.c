/* log_out.c - see log_out.h. */
#include "tool/core/log_out.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/fd_write.h"
#include "tool/core/log_line.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"

enum {
    LOOK_MS = 100, /* how long the thread waits for room before it looks whether the fd changed */
    PAUSE_MS = 1,  /* after a descriptor that said it had room and had none */
    EXIT_MS = 500, /* how long the end of the process waits for lines that are kept */
};

static atomic_int log_fd = STDERR_FILENO;
static _Atomic uint64_t dropped;
/* A pipe, nothing is kept, nothing is missing: whole lines may be written without the lock. */
static atomic_bool clear;

static struct {
    pthread_mutex_t lock; /* guards what follows; held for no write that waits */
    pthread_once_t once;
    pthread_cond_t filled, empty;
    pid_t thread_of; /* the process whose thread writes what is kept; 0 = none yet */
    bool way_known;
    enum fd_way way;
    unsigned generation; /* of the descriptor */
    bool torn;           /* what was written last ends inside of a line ... */
    bool continues;      /* ... the rest of which is kept */
    uint64_t missing;    /* dropped and not yet said */
    int64_t missing_since_us;
    uint64_t said; /* by a line that is kept: they are missing again if that one is dropped */
    int64_t said_since_us;
    size_t first, len; /* of what is kept */
    char kept[LOG_KEPT_BYTES];
} out = {.lock = PTHREAD_MUTEX_INITIALIZER, .once = PTHREAD_ONCE_INIT};

/* ---- the ring; the lock is held ---- */

static void keep(const char *text, size_t len)
{
    size_t at = (out.first + out.len) % LOG_KEPT_BYTES;
    size_t head = len < LOG_KEPT_BYTES - at ? len : LOG_KEPT_BYTES - at;

    memcpy(out.kept + at, text, head);
    memcpy(out.kept, text + head, len - head);
    out.len += len;
}

static void forget(size_t n)
{
    out.first = (out.first + n) % LOG_KEPT_BYTES;
    out.len -= n;
    if (out.len == 0) {
        out.first = 0; /* a ring that is hardly used stays small in memory */
        out.said = 0;
    }
}

/* The oldest whole lines, or the rest of one that was begun, as many as go into one write. */
static size_t peek(char piece[LOG_LINE_MAX])
{
    size_t n = out.len < LOG_LINE_MAX ? out.len : LOG_LINE_MAX;
    size_t head = n < LOG_KEPT_BYTES - out.first ? n : LOG_KEPT_BYTES - out.first;

    memcpy(piece, out.kept + out.first, head);
    memcpy(piece + head, out.kept, n - head);
    while (piece[n - 1] != '\n')
        n--;
    return n;
}

static uint64_t lines_in(const char *text, size_t len)
{
    uint64_t n = 0;

    for (const char *end = text + len; text < end; text++)
        n += *text == '\n';
    return n;
}

static void count_dropped(uint64_t n)
{
    if (out.missing == 0)
        out.missing_since_us = clock_wall_us(&CLOCK_SYSTEM);
    out.missing += n;
    atomic_fetch_add_explicit(&dropped, n, memory_order_relaxed);
}

static void look_whether_clear(void)
{
    atomic_store_explicit(&clear,
                          out.way_known && out.way == FD_NOWAIT && out.len == 0 &&
                              out.missing == 0 && !out.torn,
                          memory_order_release);
}

/* What a write of text came to: n as write(2) gives it. The rest is kept, or is to be. */
static void note_written(const char *text, ssize_t n)
{
    if (n > 0)
        out.torn = out.continues = text[n - 1] != '\n';
}

/* What was kept is dropped after all, and with it the line that was to say how many are missing. */
static void drop_piece(const char *piece, size_t len)
{
    count_dropped(lines_in(piece, len) - (out.said > 0));
    if (out.said > 0)
        out.missing_since_us = out.said_since_us;
    out.missing += out.said;
    out.said = 0;
    forget(len);
    out.continues = false;
}

/* ---- the thread ---- */

/* Without the lock: nobody else writes while something is kept. */
static ssize_t write_unlocked(const char *text, size_t len)
{
    enum fd_way way = out.way;
    int fd = log_fd, error;
    ssize_t n;

    pthread_mutex_unlock(&out.lock);
    n = fd_write_wait(fd, way, text, len, LOOK_MS);
    error = errno;
    pthread_mutex_lock(&out.lock);
    errno = error;
    return n;
}

/* False: it fails. Whether it still does, the next line finds out, and nobody before. */
static bool write_piece(void)
{
    bool ends_line = out.torn && !out.continues;
    unsigned generation = out.generation;
    char piece[LOG_LINE_MAX];
    size_t len = peek(piece);
    /* A failing descriptor took only half of the line before. */
    ssize_t n = write_unlocked(ends_line ? "\n" : piece, ends_line ? 1 : len);

    if (generation != out.generation)
        return true;
    if (n > 0 && ends_line) {
        out.torn = false;
    } else if (n > 0) {
        note_written(piece, n);
        forget((size_t)n);
    } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        struct timespec until = waiting_until(PAUSE_MS);

        waiting_on(&out.filled, &out.lock, &until);
    } else {
        drop_piece(piece, len);
        return false;
    }
    return true;
}

static bool say_missing(void);

static void *write_kept(void *arg)
{
    (void)arg;
    pthread_setname_np(pthread_self(), "log");
    pthread_mutex_lock(&out.lock);
    for (;;) {
        bool well = true;

        while (out.len > 0)
            well = write_piece();
        if (out.missing > 0 && well)
            say_missing();
        if (out.len > 0)
            continue;
        look_whether_clear();
        pthread_cond_broadcast(&out.empty);
        pthread_cond_wait(&out.filled, &out.lock);
    }
    return NULL;
}

static void make_conditions(void)
{
    waiting_init(&out.filled);
    waiting_init(&out.empty);
}

static void drain_at_exit(void)
{
    log_out_drain(EXIT_MS);
}

/* False when there can be no thread. The lock is held. */
static bool have_thread(void)
{
    sigset_t all, before;
    pthread_t thread;
    int error;

    if (out.thread_of == getpid())
        return true;
    pthread_once(&out.once, make_conditions);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, NULL, write_kept, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0)
        return false;
    pthread_detach(thread); /* the end of the process does not wait for a write that hangs */
    if (out.thread_of == 0)
        atexit(drain_at_exit);
    out.thread_of = getpid();
    return true;
}

/* ---- one text; the lock is held ---- */

/* As write(2), but 0 when there is no room now. */
static ssize_t write_now(const char *text, size_t len)
{
    ssize_t n;

    if (out.len > 0)
        return 0;
    if (!out.way_known)
        out.way = fd_way_of(log_fd);
    out.way_known = true;
    if (out.torn && fd_write_now(log_fd, &out.way, "\n", 1) != 1)
        return errno == EAGAIN ? 0 : -1;
    out.torn = false;
    n = fd_write_now(log_fd, &out.way, text, len);
    if (n < 0)
        return errno == EAGAIN ? 0 : -1;
    note_written(text, n);
    return n;
}

/* Half of a full ring must be free before lines are taken again: no line about dropped ones for
 * every few that get through. */
static bool has_room(size_t len)
{
    return out.len + len <= (out.missing > 0 ? LOG_KEPT_BYTES / 2 : LOG_KEPT_BYTES);
}

/* How many bytes were written or are kept. */
static size_t put(const char *text, size_t len)
{
    ssize_t n = write_now(text, len);
    size_t done = n > 0 ? (size_t)n : 0;

    if (done == len)
        return len;
    if (n < 0 || !has_room(len - done) || !have_thread()) {
        if (done > 0)
            out.continues = false;
        return done;
    }
    keep(text + done, len - done);
    pthread_cond_signal(&out.filled);
    return len;
}

static bool say_missing(void)
{
    char line[LOG_LINE_MAX], since[CLOCK_TEXT_MAX + 1];
    size_t len = log_line(line, LOG_WARN, "log lines were dropped",
                          (const struct log_field[]){
                              LOG_INT("lines", out.missing),
                              LOG_TEXT("since", clock_text(out.missing_since_us, since)),
                              LOG_END,
                          });

    if (put(line, len) < len)
        return false;
    if (out.len > 0) {
        out.said_since_us = out.said > 0 ? out.said_since_us : out.missing_since_us;
        out.said += out.missing;
    }
    out.missing = 0;
    return true;
}

/* The kernel keeps what is written to a pipe apart up to PIPE_BUF bytes. A lock of our own would
 * make the loop wait for a worker that was sent off its processor while it held it. */
static bool write_without_lock(const char *lines, size_t len)
{
    enum fd_way way = FD_NOWAIT;

    return len <= PIPE_BUF && atomic_load_explicit(&clear, memory_order_acquire) &&
           fd_write_now(log_fd, &way, lines, len) == (ssize_t)len;
}

void log_out(const char *lines, size_t len)
{
    size_t done = 0;

    if (write_without_lock(lines, len))
        return;
    pthread_mutex_lock(&out.lock);
    if (log_fd >= 0) {
        if (out.missing == 0 || say_missing())
            done = put(lines, len);
        if (done < len)
            count_dropped(lines_in(lines + done, len - done));
    }
    look_whether_clear();
    pthread_mutex_unlock(&out.lock);
}

/* ---- from outside ---- */

void log_out_set_fd(int fd)
{
    pthread_mutex_lock(&out.lock);
    log_fd = fd;
    out.generation++;
    out.way_known = out.torn = out.continues = false;
    out.missing = 0;
    forget(out.len);
    look_whether_clear();
    pthread_mutex_unlock(&out.lock);
}

int log_out_fd(void)
{
    return log_fd;
}

bool log_out_drain(int max_ms)
{
    struct timespec until = waiting_until(max_ms);
    bool drained;

    pthread_mutex_lock(&out.lock);
    while (out.len > 0 && waiting_on(&out.empty, &out.lock, &until)) {
    }
    drained = out.len == 0;
    pthread_mutex_unlock(&out.lock);
    return drained;
}

bool log_out_crash(int max_ms)
{
    size_t head = LOG_KEPT_BYTES - out.first;

    /* Whoever holds the lock may be who crashed: it is not waited for. What the thread has just
     * written may so be written twice, which is better than not at all. */
    if (out.torn && !out.continues && !fd_write_all(log_fd, "\n", 1, max_ms))
        return false;
    if (head > out.len)
        head = out.len;
    return fd_write_all(log_fd, out.kept + out.first, head, max_ms) &&
           fd_write_all(log_fd, out.kept, out.len - head, max_ms);
}

uint64_t log_out_dropped(void)
{
    return atomic_load_explicit(&dropped, memory_order_relaxed);
}
