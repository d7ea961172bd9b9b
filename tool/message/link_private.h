/* link_private.h - the link as clients and endpoint servers use it. Loop thread only. */
#ifndef TOOL_MESSAGE_LINK_PRIVATE_H
#define TOOL_MESSAGE_LINK_PRIVATE_H

#include <nats/nats.h>

#include "tool/message/link.h"
#include "tool/message/message.h"

enum { LINK_SUBJECT_MAX = 255, LINK_BACKLOG_MAX = 4 * 1024 * 1024 };

/* A subscription, made anew on each connection; lives in its owner's struct. Set subject, queue,
 * fn and arg, then link_add_sub. */
struct link_sub {
    char subject[LINK_SUBJECT_MAX + 1];
    const char *queue; /* NULL = none */
    /** msg is the callee's. NULL: "no responders" to something sent with a reply subject of this
     * subscription (libnats does not say which). */
    void (*fn)(void *arg, natsMsg *msg);
    void *arg;
    /* private */
    struct link_sub *next;
    natsSubscription *nats;
    enum link_sub_state { SUB_HEARD, SUB_REFUSED, SUB_ASKED } state;
    unsigned beats; /* refused: until it is asked for again; asked: until silence means yes */
    unsigned tries;
    bool draining;
};

/* Told when a connection is gone: what was sent on it may never be answered. */
struct link_watcher {
    loop_fn lost;
    void *arg;
    struct link_watcher *next; /* private */
};

void link_add_sub(struct link *link, struct link_sub *sub);
/** No call of sub->fn any more; fine from inside of one, which must not free sub. */
void link_remove_sub(struct link *link, struct link_sub *sub);
/** Asks the server to send no more; what it has sent before is still delivered, and comes before
 * the echo of anything published from now on. The sub is still to be removed. */
void link_drain_sub(struct link *link, struct link_sub *sub);
void link_add_watcher(struct link *link, struct link_watcher *watcher);
void link_remove_watcher(struct link *link, struct link_watcher *watcher);

/** Prefix of subjects nobody else uses, "_INBOX.<name>.<unique>". */
const char *link_inbox(const struct link *link);
bool link_is_connected(const struct link *link);
/** Queues a message to be sent at the end of this turn; reply_to NULL = none.
 * ST_OK | ST_UNAVAILABLE (not connected) | ST_TOO_LARGE (for the server) | ST_INVALID */
enum status link_publish(struct link *link, const struct message_out *out, const char *subject,
                         const char *reply_to);
/** The same with a built message, which stays the caller's. */
enum status link_publish_built(struct link *link, natsMsg *msg);
/** The socket lags behind by more than LINK_BACKLOG_MAX. */
bool link_is_congested(const struct link *link);

#endif
