/* entry.c - see entry.h. */
#include "cmd/gateway/entry.h"

#include "cmd/gateway/entry_wire.h"
#include "cmd/gateway/gateway.h"
#include "tool/core/log.h"
#include "tool/metrics/metrics.h"

enum { LOOK_MS = 1000 };

static void say_certificate(const struct entry *entry)
{
    int64_t until_s = tls_server_not_after_s(entry->tls);
    char until[CLOCK_TEXT_MAX + 1];

    metric_set(entry->not_after, until_s);
    log_info("certificate read", LOG_TEXT("file", entry->tls_certificate),
             LOG_TEXT("notAfter", clock_text(until_s * 1000000, until)));
}

void entry_reload(struct gateway *gw)
{
    struct entry *entry = &gw->entry;
    char why[TLS_WHY_MAX + 1];

    if (!entry->tls)
        return;
    if (tls_server_reload(entry->tls, why))
        say_certificate(entry);
    else
        log_error("certificate not changed", LOG_TEXT("why", why));
}

static void look(void *arg)
{
    struct gateway *gw = arg;

    if (tls_server_settled(gw->entry.tls))
        entry_reload(gw);
    loop_timer_set(gw->run.loop, &gw->entry.look, LOOK_MS);
}

static struct metric *failures(struct gateway *gw, const char *where)
{
    char labels[64] = "";

    metrics_label(labels, sizeof(labels), "at", where);
    return metrics_counter(gw->run.metrics, "hanok_http_entries_refused_total",
                           "Connections closed before any request: at TLS, at a proxy's header.",
                           labels);
}

static bool start_tls(struct gateway *gw)
{
    struct entry *entry = &gw->entry;
    char why[TLS_WHY_MAX + 1];

    if (!entry->tls_certificate[0] && !entry->tls_key[0])
        return true;
    entry->tls = tls_server_create(entry->tls_certificate, entry->tls_key, "http/1.1", why);
    if (!entry->tls) {
        log_error("no TLS", LOG_TEXT("why", why));
        return false;
    }
    entry->not_after = metrics_gauge(gw->run.metrics, "hanok_tls_certificate_not_after_seconds",
                                     "When the certificate of the HTTP port is over.", "");
    entry->look = (struct loop_timer){.fn = look, .arg = gw};
    loop_timer_set(gw->run.loop, &entry->look, LOOK_MS);
    say_certificate(entry);
    return true;
}

bool entry_init(struct gateway *gw)
{
    struct entry *entry = &gw->entry;

    if (entry->proxy_protocol && gw->trust.proxies.n == 0) {
        log_error("proxy-protocol needs trusted-proxies: those who write its header");
        return false;
    }
    entry->tls_failed = failures(gw, "tls");
    entry->header_failed = failures(gw, "proxy_header");
    return start_tls(gw);
}

void entry_fini(struct gateway *gw)
{
    loop_timer_cancel(gw->run.loop, &gw->entry.look);
    tls_server_destroy(gw->entry.tls);
}

bool entry_connected(void *gateway, struct http_conn *conn, int fd, struct http_wire *wire)
{
    struct gateway *gw = gateway;
    bool header = gw->entry.proxy_protocol && entry_wire_is_from(fd, &gw->trust.proxies);

    if (header || gw->entry.tls)
        *wire = entry_wire_create(&gw->entry, conn, fd, header);
    return true;
}
