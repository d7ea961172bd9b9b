/* main.c - the gateway: HTTP to the outside, messages to the inside. Tables, no logic. */
#include "cmd/gateway/gateway.h"
#include "cmd/gateway/issuers.h"
#include "cmd/gateway/routes_bucket.h"
#include "cmd/gateway/routing.h"
#include "cmd/gateway/site_answer.h"
#include "protocol/auth.h"
#include "tool/core/mem.h"
#include "tool/http/listen_address.h"

static const char *const NOTHING[] = {NULL};
static const char *const ACCESS_LOG_FORMATS[] = {ACCESS_LOG_JSON, ACCESS_LOG_COMBINED, NULL};
static const char *const TRUST_HEADERS[] = {TRUST_X_FORWARDED, TRUST_FORWARDED, NULL};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct gateway, routes_help, "routes-help", SETTING_FLAG, "off", .needs = NOTHING,
            .doc = "print what may stand in a file of routes, and exit"),
    SETTING(struct gateway, issuers_help, "issuers-help", SETTING_FLAG, "off", .needs = NOTHING,
            .doc = "print what may stand in a file of issuers, and exit"),
    SETTING(struct gateway, routes_schema, "routes-schema", SETTING_FLAG, "off", .needs = NOTHING,
            .doc = "print the JSON Schema of a file of routes in JSON, and exit"),
    SETTING(struct gateway, asyncapi_told, "asyncapi", SETTING_FLAG, "off", .needs = NOTHING,
            .doc = "print the AsyncAPI document, and exit"),
    SETTING(struct gateway, listen, "listen", SETTING_TEXT, "127.0.0.1:8080",
            .check = listen_address_check, .doc = "address of the HTTP port, host:port or [v6]:port"),
    SETTING(struct gateway, share_port, "share-port", SETTING_SWITCH, "off",
            .doc = "another gateway of this user may listen there too: a new one takes over while the old one drains"),
    SETTING(struct gateway, routes_file, "routes", SETTING_TEXT, "/etc/hanok/routes.conf",
            .check = routing_check, .doc = "file of the routes; read again on SIGHUP"),
    SETTING(struct gateway, routes_bucket, "routes-bucket", SETTING_TEXT, "", .check = routes_bucket_check,
            .doc = "NATS key-value bucket whose key routes is taken instead of the file while it is there; empty: none"),
    SETTING(struct gateway, issuers_file, "issuers", SETTING_TEXT, "", .check = issuers_check,
            .doc = "file of the issuers outside whose access tokens are good too; empty: none; read again on SIGHUP"),
    SETTING(struct gateway, site_dir, "site", SETTING_TEXT, "",
            .check = site_check, .doc = "folder of files that are served where no route is; read at start and on SIGHUP, empty: none"),
    SETTING(struct gateway, site_policy, "site-policy", SETTING_TEXT, SITE_POLICY,
            .check = site_policy_check, .doc = "Content-Security-Policy of its pages and scripts"),
    SETTING(struct gateway, trusted_proxies, "trusted-proxies", SETTING_TEXT, "", .check = trusted_proxies_check,
            .doc = "addresses and networks of proxies in front, who say who asks; nobody else is believed"),
    SETTING(struct gateway, trust.header, "trusted-proxies-header", SETTING_TEXT, TRUST_X_FORWARDED,
            .choices = TRUST_HEADERS, .doc = "by which header they say it; the other one is not read"),
    SETTING(struct gateway, rate_limit, "rate-limit", SETTING_SWITCH, "on",
            .doc = "clients are held to the rates of the routes; off for load tests"),
    SETTING(struct gateway, entry.proxy_protocol, "proxy-protocol", SETTING_SWITCH, "off",
            .doc = "connections from trusted proxies begin with a header of the PROXY protocol, version 2"),
    SETTING(struct gateway, entry.tls_certificate, "tls-certificate", SETTING_TEXT, "",
            .doc = "PEM file of the HTTP port's certificate and those up to its authority: HTTPS alone is spoken then. Read again "
                   "on SIGHUP and when it has changed"),
    SETTING(struct gateway, entry.tls_key, "tls-key", SETTING_TEXT, "",
            .doc = "PEM file of the certificate's key, without a passphrase"),
    SETTING(struct gateway, access_file, "access-log", SETTING_TEXT, "",
            .doc = "file of a line a request, opened again on SIGHUP; - is standard output, empty: none is kept"),
    SETTING(struct gateway, access_format, "access-log-format", SETTING_TEXT, ACCESS_LOG_JSON,
            .choices = ACCESS_LOG_FORMATS, .doc = "of its lines"),
    SETTING(struct gateway, security.hsts, "hsts", SETTING_TEXT, "max-age=31536000; includeSubDomains",
            .check = security_hsts_check, .doc = "Strict-Transport-Security, told to who came by https; empty: nobody"),
    SETTING(struct gateway, security.referrer_policy, "referrer-policy", SETTING_TEXT, "no-referrer",
            .check = security_header_check, .doc = "Referrer-Policy of every answer; empty here and below: none"),
    SETTING(struct gateway, security.permissions_policy, "permissions-policy", SETTING_TEXT, "",
            .check = security_header_check, .doc = "Permissions-Policy of every answer"),
    SETTING(struct gateway, security.opener_policy, "cross-origin-opener-policy", SETTING_TEXT, "",
            .check = security_header_check, .doc = "Cross-Origin-Opener-Policy of every answer"),
    SETTING(struct gateway, security.resource_policy, "cross-origin-resource-policy", SETTING_TEXT, "",
            .check = security_header_check, .doc = "Cross-Origin-Resource-Policy of every answer"),
    SETTING(struct gateway, token_issuer, "token-issuer", SETTING_TEXT, "hanok",
            .doc = "iss of the access tokens accepted"),
    SETTING(struct gateway, token_audience, "token-audience", SETTING_TEXT, "hanok",
            .doc = "aud of the access tokens accepted"),
    SETTING(struct gateway, body_max_bytes, "body-max", SETTING_INT, "65536", .min = 1, .max = 262144,
            .unit = "bytes", .doc = "largest request body where its route says nothing else; more is a 413"),
    SETTING(struct gateway, head_max_bytes, "head-max", SETTING_INT, "8192", .min = 1024, .max = 65536,
            .unit = "bytes", .doc = "largest request head; more is a 431"),
    SETTING(struct gateway, connections_max, "connections-max", SETTING_INT, "0", .min = 0, .max = 1000000,
            .doc = "clients at a time; 0, and at most: what the limit of open files allows"),
    SETTING(struct gateway, live_max, "live-max", SETTING_INT, "10000", .min = 0, .max = 1000000,
            .doc = "requests and streams that wait for a change at a time; beyond, a stream is a 503, and a wait answers at once"),
    SETTING(struct gateway, live_max_of_caller, "live-max-of-caller", SETTING_INT, "100", .min = 1, .max = 1000000,
            .doc = "the same of one caller, or of one address where nobody is named; --rate-limit off turns it off"),
    SETTING(struct gateway, live_beat_ms, "live-beat-ms", SETTING_INT, "15000", .min = 100, .max = 600000, .unit = "ms",
            .doc = "after so long without a word of a change everybody who waits looks; a stream is told a comment"),
    SETTING(struct gateway, head_timeout_ms, "head-timeout-ms", SETTING_INT, "30000", .min = 100, .max = 3600000,
            .unit = "ms", .doc = "from accept or the last answer to the end of the next request's head"),
    SETTING(struct gateway, body_timeout_ms, "body-timeout-ms", SETTING_INT, "30000", .min = 100, .max = 3600000,
            .unit = "ms", .doc = "to send a whole body, and to read a whole answer"),
};
/* clang-format on */

/* Beside those of the routes: what tokens are checked by. */
static const struct operation *const CALLS[] = {&AUTH_JWKS, &AUTH_CHECK, &AUTH_IDENTITY};

static const struct service GATEWAY = {
    .name = "gateway",
    .summary = "Speaks HTTP to the outside: checks, routes, asks the services over NATS.",
    .size = sizeof(struct gateway),
    ROWS_OF(settings, SETTINGS),
    ROWS_OF(calls, CALLS),
    .start = gateway_start,
    .stop = gateway_stop,
    .drain = gateway_drain,
    .busy = gateway_busy,
    .late = gateway_late,
    .ready = gateway_ready,
    .reload = gateway_reload,
    .tells = gateway_tells,
    .more_calls = gateway_more_calls,
    .listens = gateway_listens,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &GATEWAY);
}
