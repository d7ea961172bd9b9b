/* gateway.h - HTTP in, messages out. Everything here runs in the loop thread. */
#ifndef CMD_GATEWAY_GATEWAY_H
#define CMD_GATEWAY_GATEWAY_H

#include "cmd/gateway/access_log.h"
#include "cmd/gateway/document.h"
#include "cmd/gateway/entry.h"
#include "cmd/gateway/port.h"
#include "cmd/gateway/request_fields.h"
#include "cmd/gateway/security_headers.h"
#include "cmd/gateway/trace_ids.h"
#include "cmd/gateway/turns.h"
#include "middleware/authenticator.h"
#include "middleware/docs_page.h"
#include "tool/http/http_server.h"
#include "tool/service/service.h"

struct admission;
struct asker;
struct issuers;
struct key_ring;
struct live;
struct routes_bucket;
struct routing;
struct shared_answers;

struct gateway {
    /* settings */
    char listen[256], routes_file[256], issuers_file[256];
    char site_dir[256], site_policy[SECURITY_HEADER_MAX + 1];
    char trusted_proxies[512];
    char access_file[256], access_format[sizeof(ACCESS_LOG_COMBINED)];
    char token_issuer[TOKEN_NAME_MAX + 1], token_audience[TOKEN_NAME_MAX + 1];
    int64_t body_max_bytes, head_max_bytes, connections_max;
    int64_t head_timeout_ms, body_timeout_ms, live_max, live_max_of_caller, live_beat_ms;
    bool rate_limit, share_port, routes_help, routes_schema, issuers_help, asyncapi_told;
    char routes_bucket[64];
    /* wired */
    struct service_run run;
    struct trust trust;
    struct entry entry;
    struct security_headers security;
    struct access_log *access; /* NULL = none is kept */
    struct trace_ids trace_ids;
    struct docs_page docs;
    struct document asyncapi;
    struct http_server *server;
    struct port port;
    struct routes_bucket *bucket; /* NULL = none */
    char *bucket_text;       /* the routes are these, of the bucket; NULL = those of the file */
    struct routing *routing; /* of new requests; those under way hold theirs */
    struct admission *admission;
    struct authenticator *authenticator;
    struct key_ring *keys;
    struct asker *asker;
    struct issuers *issuers;
    struct shared_answers *shared;
    struct live *live;
    struct turns turns;
    unsigned n_held, n_refused; /* not told yet; in the second that has begun then */
    int64_t refusing_since_ms;
    struct metric *connections, *waiting;
};

enum status gateway_start(void *self, const struct service_run *run);
void gateway_stop(void *self);
void gateway_drain(void *self);
bool gateway_busy(void *self);
void gateway_late(void *self);
bool gateway_ready(void *self, const char **why);
void gateway_reload(void *self);
/** Takes the routes that are in the bucket now, or, text NULL, those of the file again. */
void gateway_take_bucket(void *self, const char *text);
/** Prints what --routes-help, --routes-schema, --issuers-help or --asyncapi asks for. */
bool gateway_tells(void *self);
/** The subjects of the routes. */
void gateway_more_calls(void *self, subject_fn say, void *arg);
/** What says that it has changed what the routes wait for. */
void gateway_listens(void *self, subject_fn say, void *arg);

#endif
