/* exchange_private.h - what the files exchange*.c share; for them only. */
#ifndef CMD_GATEWAY_EXCHANGE_PRIVATE_H
#define CMD_GATEWAY_EXCHANGE_PRIVATE_H

#include "cmd/gateway/admission.h"
#include "cmd/gateway/answer.h"
#include "cmd/gateway/asking.h"
#include "cmd/gateway/caller.h"
#include "cmd/gateway/exchange.h"
#include "cmd/gateway/gateway.h"
#include "cmd/gateway/gathering.h"
#include "cmd/gateway/in_flight.h"
#include "cmd/gateway/routing.h"
#include "cmd/gateway/watch.h"
#include "tool/core/loop_timer.h"

struct exchange {
    struct gateway *gw;
    struct http_request *http;
    struct routing *routing;
    struct call call;
    int64_t begun_us;      /* wall clock */
    struct asking asking;  /* while it waits for a service */
    bool https;            /* the client speaks TLS, with us or with a proxy of ours */
    char *shared_key;      /* under which the reply is kept for others; NULL = it is not */
    const char *token_bad; /* an access token came and was no good: why, for the log */
    struct caller caller;
    struct gathering *gathering; /* NULL = none under way */
    struct rated rated;
    struct in_flight in_flight;
    struct loop_timer hold;
    enum status held; /* it is refused with, when the timer says so */
    struct watch watch;
    struct route_match match;
};

struct asked exchange_asked(const struct exchange *x);
/** Adds what every answer carries, and sends it: whole, or as the head of a stream. */
void exchange_answer(struct exchange *x, struct answer *a,
                     void (*send)(struct http_request *, const struct http_response *));
/** Answers, or ends the stream: x is gone. */
void exchange_finish(struct exchange *x, struct answer *a);
/** Ends it by that problem. */
void exchange_deny(struct exchange *x, const struct problem *problem);
/** Ends it by that status, unless it waits for a change and st passes. */
void exchange_fail(struct exchange *x, enum status st);
/** Finds who asks, then asks what is behind the route: at first, and each time that it looks. */
void exchange_go_on(struct exchange *x);

/** exchange_ways.c: exchange_fail, a second later where many are refused. */
void exchange_hold(struct exchange *x, enum status st);
/** exchange_ways.c: it ends. */
void exchange_release(struct exchange *x);
/** exchange_ways.c: asks all that the route gathers. */
void exchange_gather(struct exchange *x);
/** exchange_ways.c: finds out whether it waits for a change. ST_OK | ST_OVERLOADED */
enum status exchange_watch(struct exchange *x);

#endif
