/* puller.h - a durable consumer of a JetStream stream, pulled over our own link: one message in
 * hand at a time, which all instances that pull the same durable share. It makes the consumer
 * itself, and again when it or its stream is gone; goes on by itself on each new connection. Loop
 * thread only. */
#ifndef TOOL_STREAM_PULLER_H
#define TOOL_STREAM_PULLER_H

#include "tool/message/link.h"
#include "tool/message/message.h"

enum { PULLER_NAME_MAX = 63, PULLER_ACK_WAIT_MS = 4000 };

struct puller;

/* What came, until it is settled. */
struct pulled {
    const struct message *message;
    uint64_t stream_seq;
    unsigned delivered; /* how often, this time included */
};

struct puller_config {
    struct link *link;
    struct loop *loop;
    const char *stream, *durable; /* letters, digits, - and _; PULLER_NAME_MAX at most */
    const char *filter;           /* the subject of what it takes */
    int64_t ack_wait_ms;          /* silence of who has a message before another gets it; 0 =
                                     PULLER_ACK_WAIT_MS. While one is in hand here, it is not silent */
    /** A message; none comes before it is settled, which may be at once. */
    void (*fn)(void *arg, const struct pulled *pulled);
    void *arg;
};

/** Copies texts; the rest is borrowed. Starts by itself. */
struct puller *puller_create(const struct puller_config *config);
/** Acknowledges the message in hand; the next one may come. Lost on the way, it comes again. */
void puller_ack(struct puller *puller);
/** It comes again, here or elsewhere, delay_ms from now; none comes before it. */
void puller_again(struct puller *puller, int64_t delay_ms);
/** No new message comes; the one in hand is still to be settled. Once is enough. */
void puller_stop(struct puller *puller);
bool puller_busy(const struct puller *puller);
/** Messages the consumer had yet to deliver when we last heard of it. */
uint64_t puller_lag(const struct puller *puller);
/** The loop no longer runs. NULL is fine. */
void puller_destroy(struct puller *puller);

#endif
