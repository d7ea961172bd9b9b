/* consumer.h - makes sure that a durable consumer is there, and that it does not stand behind
 * messages its stream has lost: a server that comes back from a power loss may remember what the
 * consumer has seen and not the messages, and would pass over new ones that take their places.
 * Private to tool/stream; loop thread only. */
#ifndef TOOL_STREAM_CONSUMER_H
#define TOOL_STREAM_CONSUMER_H

#include "tool/message/link_private.h"
#include "tool/stream/api_reply.h"

enum { CONSUMER_NAME_MAX = 63 };

enum consumer_question {
    ASKING_NOTHING,
    ASKING_CONSUMER,
    ASKING_STREAM,
    ASKING_MESSAGE,
    ASKING_TO_DELETE,
    ASKING_TO_CREATE,
};

/* Set what is above the line, then consumer_init. */
struct consumer {
    struct link *link;
    char stream[CONSUMER_NAME_MAX + 1], durable[CONSUMER_NAME_MAX + 1];
    char filter[LINK_SUBJECT_MAX + 1];
    int64_t ack_wait_ms;
    /** The answer to consumer_find: why is NULL when it is there, and pulls will be served. */
    void (*found)(void *arg, const char *why);
    void *arg;
    /* -- */
    uint64_t lag; /* messages yet to be delivered, when we last heard of it */
    enum consumer_question question;
    struct link_sub api;
    uint64_t seen_seq;      /* the last message that was acknowledged here; 0 = none yet */
    int64_t seen_us;        /* when that was stored */
    uint64_t delivered_seq; /* the last one that anybody got, as the server says */
    bool deleted;           /* by us, a moment ago: what is made now is new */
};

void consumer_init(struct consumer *c);
void consumer_fini(struct consumer *c);
/** Asks, on this connection. found is called once, unless the connection is lost before or an
 * answer is; asking again begins anew. */
void consumer_find(struct consumer *c);
/** Asks for the lag, while nothing else is asked. */
void consumer_look(struct consumer *c);
/** A message was acknowledged. */
void consumer_seen(struct consumer *c, uint64_t seq, int64_t stored_us);
/** The connection is lost. */
void consumer_away(struct consumer *c);

#endif
