/* pgsim.h - a card company to try payments with: HTTP in front of a book. Everything but the
 * webhooks runs in the loop thread; what a turn of the loop has decided is synced once, at its end,
 * before anybody is answered. */
#ifndef CMD_PGSIM_PGSIM_H
#define CMD_PGSIM_PGSIM_H

#include "cmd/pgsim/book.h"
#include "cmd/pgsim/control.h"
#include "tool/core/loop.h"
#include "tool/service/common_setting.h"

struct admin;
struct book_file;
struct exchange;
struct http_server;
struct metric;
struct metrics;
struct webhooks;

struct pgsim_settings {
    char listen[256], address_file[256], book[256], webhook_url[512], webhook_secret[256];
    bool healthcheck;
    struct common_settings common;
};

enum { PGSIM_FAILING_MAX = 256 };

struct pgsim {
    const struct pgsim_settings *settings;
    const struct clock *clock;
    struct loop *loop;
    struct metrics *metrics;
    struct metric *decided[CHARGE_KINDS][2]; /* by state */
    struct book *book;
    struct book_file *file;
    struct webhooks *webhooks;
    struct http_server *server;
    struct admin *admin;
    struct control control;
    struct exchange *exchanges; /* not yet answered */
    bool draining;
    bool failed; /* the book cannot be written: the process ends with 1 */
    /* keys for which an error was answered so many times; the oldest gives way */
    struct {
        char key[CHARGE_KEY_MAX + 1];
        int errors;
    } failing[PGSIM_FAILING_MAX];
    size_t n_failing;
};

/** Opens the book and listens; false after a log line that says why not. Borrows loop and settings
 * until pgsim_stop, which is called either way. */
bool pgsim_start(struct pgsim *sim, const struct pgsim_settings *settings, struct loop *loop);
/** Answers at once what is to be answered later, and lets nobody in; until pgsim_busy is false. */
void pgsim_drain(struct pgsim *sim);
bool pgsim_busy(const struct pgsim *sim);
/** The loop does not run any more. */
void pgsim_stop(struct pgsim *sim);

/** Writes a decided operation into the book; BOOK_NONE: it is full. It may not be told before
 * pgsim_sync. */
size_t pgsim_record(struct pgsim *sim, const struct charge *op);
/** All that was recorded is on the disk, and who waited for that is answered. False: it cannot be,
 * and the process is about to end. */
bool pgsim_sync(struct pgsim *sim);

#endif
