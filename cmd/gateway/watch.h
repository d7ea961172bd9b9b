/* watch.h - a request that waits for another version of what it has asked for: a long poll
 * (If-None-Match with Prefer: wait=N), or a stream of server-sent events (Accept:
 * text/event-stream). The exchange asks, here is decided what becomes of the reply. Loop thread
 * only. */
#ifndef CMD_GATEWAY_WATCH_H
#define CMD_GATEWAY_WATCH_H

#include "cmd/gateway/answer.h"
#include "cmd/gateway/live.h"
#include "tool/http/http_request.h"

enum { WATCH_WAIT_MAX_S = 30, WATCH_ETAG_MAX = 127 };

struct watch;

/* What the exchange does for it. */
struct watch_ops {
    /** Asks anew, as at first. */
    void (*ask)(struct watch *self);
    struct asked (*asked)(struct watch *self);
    /** Ends the request. */
    void (*answer)(struct watch *self, struct answer *a);
    /** Adds what every answer has, and begins to tell it as a stream. */
    void (*begin)(struct watch *self, struct answer *head);
};

/* Part of the exchange, zeroed at first; all private. */
struct watch {
    struct live_waiter waiter;
    const struct watch_ops *ops;
    struct http_request *http;
    enum watch_kind { WATCH_NONE, WATCH_POLL, WATCH_STREAM } kind;
    bool seen;      /* one reply has come, etag is of it */
    bool streaming; /* the answer has begun */
    bool missed;    /* a change that the client was too slow for */
    enum status failed;
    char etag[WATCH_ETAG_MAX + 1];
};

/** Whether what route answers can be waited for. */
bool watch_fits(const struct route *route);
/** Before the request's message is sent, each time: whether http waits, as its fields say.
 * ST_OK | ST_OVERLOADED (a stream, and too many wait) */
enum status watch_begin(struct watch *w, const struct watch_ops *ops, struct live *live,
                        struct http_request *http, const struct route_match *match,
                        const struct call *call);
/** Whether it is one that waits. */
bool watch_waits(const struct watch *w);
/** Whether it goes on waiting after a first reply. */
bool watch_has_seen(const struct watch *w);
/** A reply, or why there is none: true when the request goes on waiting. reply NULL unless st is
 * ST_OK. */
bool watch_takes(struct watch *w, enum status st, const struct message *reply);
/** Instead of an answer in the middle of a stream: its last event is the problem of a, if a has a
 * body. False when no stream has begun. */
bool watch_close(struct watch *w, const struct answer *a);
/** The request is over. */
void watch_end(struct watch *w);

#endif
