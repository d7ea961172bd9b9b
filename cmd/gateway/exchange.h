/* exchange.h - one HTTP request on its way: matched, checked, sent, answered. It ends exactly once:
 * by an answer, or by its client leaving. */
#ifndef CMD_GATEWAY_EXCHANGE_H
#define CMD_GATEWAY_EXCHANGE_H

#include "cmd/gateway/gateway.h"
#include "middleware/route.h"

struct exchange {
    struct gateway *gw;
    struct http_request *http;
    struct routing *routing;
    struct call call;
    int64_t begun_us; /* wall clock */
    uint64_t token;   /* of the message sent */
    bool sent;        /* a reply will come */
    bool parked;      /* waits for keys */
    bool keys_asked;  /* has waited for keys: a token of an unknown key is now a bad one */
    bool token_bad;   /* a bearer token came, and was no good */
    struct exchange *next, **prev; /* of those parked */
    struct route_match match;
};

/** A whole request of the server's. */
void exchange_begin(struct gateway *gw, struct http_request *http);
/** A request the server refuses by itself. */
void exchange_refuse(struct gateway *gw, struct http_request *http, const struct problem *problem);
/** Its client is gone. */
void exchange_abandon(struct http_request *http);
/** New keys came, or could not be had. */
void exchange_keys_settled(struct exchange *x, bool fetched);
/** Counts, logs and frees it; the answer has been handed over. */
void exchange_end(struct exchange *x, int http_status);

#endif
