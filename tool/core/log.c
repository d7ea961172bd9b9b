/* log.c - levels, lines kept back in a thread, and the last words of a process that crashes. */
#include "tool/core/log.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "tool/core/fd_write.h"
#include "tool/core/log_line.h"
#include "tool/core/log_out.h"
#include "tool/core/mem.h"

enum { CRASH_MS = 1000 };

static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* What a thread keeps back. Never freed, but used again by another thread: so a crash can find the
 * lines of all threads. */
struct gathered {
    struct gathered *next;
    atomic_bool used;
    atomic_size_t len;
    char text[LOG_LINE_MAX];
};

static atomic_int lowest_level = LOG_INFO;
static _Atomic(struct gathered *) all_gathered;
static _Thread_local struct gathered *gathered; /* NULL = lines are written at once */
static struct sigaction before_crash[ARRAY_LEN(CRASHES)];

void log_init(const char *service, enum log_level lowest)
{
    log_line_name(service);
    atomic_store(&lowest_level, (int)lowest);
}

void log_set_fd(int fd)
{
    log_out_set_fd(fd);
}

static struct gathered *take_gathered(void)
{
    struct gathered *g = atomic_load(&all_gathered);
    bool no = false;

    for (; g; g = g->next, no = false)
        if (atomic_compare_exchange_strong(&g->used, &no, true))
            return g;
    g = MEM_NEW(struct gathered);
    g->used = true;
    g->next = atomic_load(&all_gathered);
    while (!atomic_compare_exchange_weak(&all_gathered, &g->next, g)) {
    }
    return g;
}

void log_flush(void)
{
    if (!gathered || gathered->len == 0)
        return;
    log_out(gathered->text, gathered->len);
    gathered->len = 0;
}

void log_gather(bool on)
{
    log_flush();
    if (on && !gathered) {
        gathered = take_gathered();
    } else if (!on && gathered) {
        gathered->used = false;
        gathered = NULL;
    }
}

void log_write(enum log_level level, const char *msg, const struct log_field *fields)
{
    char line[LOG_LINE_MAX];
    size_t len;

    if ((int)level < atomic_load(&lowest_level) || log_out_fd() < 0)
        return;
    len = log_line(line, level, msg, fields);
    if (!gathered) {
        log_out(line, len);
        return;
    }
    if (gathered->len + len > sizeof(gathered->text))
        log_flush();
    memcpy(gathered->text + gathered->len, line, len);
    gathered->len += len;
    if (level >= LOG_ERROR)
        log_flush();
}

bool log_drain(int max_ms)
{
    log_flush();
    return log_out_drain(max_ms);
}

uint64_t log_dropped(void)
{
    return log_out_dropped();
}

/* ---- a crash ---- */

static bool write_last(const char *text, size_t len, bool waits)
{
    return fd_write_all(log_out_fd(), text, len, waits ? CRASH_MS : 0);
}

static void say_signal(int number, bool waits)
{
    char line[] = "{\"level\":\"error\",\"msg\":\"ended by a fatal signal\",\"signal\":00}\n";
    char *digits = strstr(line, "00");

    digits[0] = (char)('0' + number / 10);
    digits[1] = (char)('0' + number % 10);
    if (digits[0] == '0')
        digits[0] = ' '; /* a JSON number does not begin with 0 */
    write_last(line, sizeof(line) - 1, waits);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    for (size_t i = 0; i < ARRAY_LEN(CRASHES); i++)
        sigaction(CRASHES[i], &before_crash[i], NULL);
    if (log_out_fd() >= 0) {
        bool waits = log_out_crash(CRASH_MS); /* once a second is over, for no more */

        for (struct gathered *g = atomic_load(&all_gathered); g; g = g->next)
            waits = write_last(g->text, g->len, waits) && waits;
        say_signal(number, waits);
    }
    /* A fault happens again when this returns; what was sent is sent again. */
    if (info->si_code <= 0)
        raise(number);
}

void log_catch_crashes(void)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    for (size_t i = 0; i < ARRAY_LEN(CRASHES); i++)
        sigaction(CRASHES[i], &action, &before_crash[i]);
}
