/* entry.h - what stands between a client's socket and HTTP: the header of a proxy that hands a
 * connection on, and TLS. Loop thread. */
#ifndef CMD_GATEWAY_ENTRY_H
#define CMD_GATEWAY_ENTRY_H

#include "tool/core/loop_timer.h"
#include "tool/http/http_wire.h"
#include "tool/metrics/metric.h"
#include "tool/tls/tls_server.h"

struct gateway;

struct entry {
    /* settings; "" = none */
    char tls_certificate[256], tls_key[256];
    bool proxy_protocol;
    /* wired */
    struct tls_server *tls; /* NULL = HTTP in clear */
    struct loop_timer look; /* whether the certificate has changed */
    struct metric *not_after, *tls_failed, *header_failed;
};

/** False after a log line that says what is wrong with its settings. */
bool entry_init(struct gateway *gw);
/** Reads the certificate again; a bad one changes nothing. */
void entry_reload(struct gateway *gw);
/** All connections are closed. */
void entry_fini(struct gateway *gw);

/** For http_server_config.connected, with the gateway as its argument. */
bool entry_connected(void *gateway, struct http_conn *conn, int fd, struct http_wire *wire);

#endif
