/* pgsim.c - see pgsim.h. */
#include "cmd/pgsim/pgsim.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pgsim/api.h"
#include "cmd/pgsim/book_file.h"
#include "cmd/pgsim/book_line.h"
#include "cmd/pgsim/exchange.h"
#include "cmd/pgsim/webhooks.h"
#include "tool/core/log.h"
#include "tool/http/http_server.h"
#include "tool/metrics/metrics.h"
#include "tool/service/address_file.h"
#include "tool/service/admin.h"

enum { BODY_MAX = 4096, HEAD_MAX = 8192, SLOW_CLIENT_MS = 30000, ADDRESS_MAX = 320 };

/* ---- the book ---- */

static bool take_line(void *book, const char *line, size_t len)
{
    return book_line_take(book, line, len);
}

size_t pgsim_record(struct pgsim *sim, const struct charge *op)
{
    char line[CHARGE_JSON_MAX + 1];
    size_t entry = book_add(sim->book, op);

    if (entry == BOOK_NONE)
        return entry;
    book_file_add(sim->file, line, book_line_write(op, line));
    metric_add(sim->decided[op->kind][op->state], 1);
    return entry;
}

static bool write_book(struct pgsim *sim)
{
    if (!sim->failed && !book_file_sync(sim->file)) {
        log_error("the book cannot be written", LOG_TEXT("file", sim->settings->book),
                  LOG_TEXT("why", strerror(errno)));
        sim->failed = true;
        loop_stop(sim->loop);
    }
    return !sim->failed;
}

bool pgsim_sync(struct pgsim *sim)
{
    if (write_book(sim))
        exchanges_synced(sim);
    return !sim->failed;
}

/* What is answered here is written in the next turn. */
static int end_of_turn(void *arg)
{
    struct pgsim *sim = arg;

    return write_book(sim) && exchanges_synced(sim) ? 0 : -1;
}

/* ---- start, stop ---- */

static void ready(void *arg, struct readiness *out)
{
    const struct pgsim *sim = arg;

    readiness_add(out, "book", !sim->failed, "it cannot be written");
    readiness_add(out, "running", !sim->draining, "the process is about to end");
}

static void make_metrics(struct pgsim *sim)
{
    sim->metrics = metrics_create();
    for (int kind = 0; kind < CHARGE_KINDS; kind++)
        for (int state = CHARGE_DONE; state <= CHARGE_DECLINED; state++) {
            char labels[64] = "";

            metrics_label(labels, sizeof(labels), "kind", CHARGE_KIND_NAMES[kind]);
            metrics_label(labels, sizeof(labels), "state", CHARGE_STATE_NAMES[state]);
            sim->decided[kind][state] =
                metrics_counter(sim->metrics, "hanok_pgsim_operations_total",
                                "Operations decided, by what became of them.", labels);
        }
}

static bool listen_on(struct pgsim *sim)
{
    const struct pgsim_settings *settings = sim->settings;
    char address[ADDRESS_MAX];
    const char *why = "";

    sim->server = http_server_create(
        &(struct http_server_config){
            .listen = settings->listen,
            .loop = sim->loop,
            .clock = sim->clock,
            .limits = {.head_max = HEAD_MAX, .body_max = BODY_MAX},
            .head_timeout_ms = SLOW_CLIENT_MS,
            .body_timeout_ms = SLOW_CLIENT_MS,
            .handle = api_handle,
            .refuse = api_refuse,
            .gone = api_gone,
            .arg = sim
    },
        &why);
    if (!sim->server) {
        log_error("cannot listen", LOG_TEXT("why", why));
        return false;
    }
    address_of(settings->listen, http_server_port(sim->server), address, sizeof(address));
    if (settings->address_file[0] && !address_file_write(settings->address_file, address)) {
        log_error("the address cannot be told", LOG_TEXT("file", settings->address_file),
                  LOG_TEXT("why", strerror(errno)));
        return false;
    }
    log_info("listening", LOG_TEXT("address", address));
    return true;
}

static bool open_admin(struct pgsim *sim)
{
    const struct common_settings *common = &sim->settings->common;
    const char *why = "";

    sim->admin = admin_create(&(struct admin_config){.listen = common->admin_listen,
                                                     .file = common->admin_file,
                                                     .loop = sim->loop,
                                                     .clock = sim->clock,
                                                     .metrics = sim->metrics,
                                                     .ready = ready,
                                                     .arg = sim},
                              &why);
    if (!sim->admin)
        log_error("no admin listener", LOG_TEXT("why", why));
    return sim->admin != NULL;
}

bool pgsim_start(struct pgsim *sim, const struct pgsim_settings *settings, struct loop *loop)
{
    char why[BOOK_FILE_WHY_MAX + 1];

    *sim = (struct pgsim){.settings = settings, .clock = &CLOCK_SYSTEM, .loop = loop};
    make_metrics(sim);
    sim->book = book_create();
    if (settings->webhook_url[0] && !settings->webhook_secret[0]) {
        log_error("a webhook-url wants a webhook-secret");
        return false;
    }
    sim->file = book_file_open(settings->book, take_line, sim->book, why);
    if (!sim->file) {
        log_error("no book", LOG_TEXT("why", why));
        return false;
    }
    sim->webhooks = webhooks_create(&(struct webhooks_config){.url = settings->webhook_url,
                                                              .secret = settings->webhook_secret,
                                                              .loop = loop,
                                                              .clock = sim->clock,
                                                              .metrics = sim->metrics});
    if (!listen_on(sim) || !open_admin(sim))
        return false;
    loop_add_turn(loop, end_of_turn, sim);
    log_info("book", LOG_INT("operations", (int64_t)book_count(sim->book)));
    return true;
}

void pgsim_drain(struct pgsim *sim)
{
    if (sim->draining)
        return;
    sim->draining = true;
    http_server_drain(sim->server);
    exchanges_hurry(sim);
}

bool pgsim_busy(const struct pgsim *sim)
{
    return sim->exchanges || http_server_busy(sim->server);
}

void pgsim_stop(struct pgsim *sim)
{
    if (sim->settings->address_file[0] && sim->server)
        unlink(sim->settings->address_file);
    admin_destroy(sim->admin);
    http_server_destroy(sim->server);
    webhooks_destroy(sim->webhooks);
    exchanges_free(sim);
    book_file_close(sim->file);
    book_destroy(sim->book);
    metrics_destroy(sim->metrics);
}
