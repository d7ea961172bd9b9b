/* live.h - who waits until something has changed: woken by what its owner says of it, and looking
 * by themselves now and then, so that nothing is missed for long. Bounded: in number, and in how
 * many look at a time. Loop thread only.
 *
 * What wakes is a message on event.<service>.> whose key is the one that is waited for, or one on
 * changed.<service>.<key>. It only says that it is worth to look. */
#ifndef CMD_GATEWAY_LIVE_H
#define CMD_GATEWAY_LIVE_H

#include "tool/core/call.h"
#include "tool/core/loop_timer.h"
#include "tool/message/link.h"
#include "tool/metrics/metrics.h"
#include "tool/service/service.h"

enum {
    LIVE_KEY_MAX = 95,    /* service and key */
    LIVE_RETRY_MS = 2000, /* twice that at most: after a look that failed */
    LIVE_LOOKS_MAX = 256, /* at a time */
};

struct live;
struct live_waiter;

struct live_ops {
    /** It is time to look: ends in live_rest or live_leave, then or later. */
    void (*look)(struct live_waiter *self);
    /** beat_ms have passed; a look follows. NULL = nothing to do. Must not leave. */
    void (*beat)(struct live_waiter *self);
    /** The wait is over: must leave. */
    void (*over)(struct live_waiter *self);
};

/* Lives in who waits, zeroed at first; all but ops private. */
struct live_waiter {
    const struct live_ops *ops;
    struct live_waiter *next, **prev;            /* of one hash */
    struct live_waiter *queue_next, *queue_prev; /* who is to look */
    struct live_service *service;
    struct live *live;
    unsigned *of_caller;
    struct loop_timer timer;
    int64_t over_ms, beat_ms, retry_ms; /* 0 = never */
    enum live_state { LIVE_OUT, LIVE_LOOKS, LIVE_RESTS, LIVE_QUEUED } state;
    bool counted; /* one of LIVE_LOOKS_MAX */
    bool heard;   /* something, while it looked */
    bool polls;   /* its wait has an end */
    uint32_t hash;
    char key[LIVE_KEY_MAX + 1]; /* "user.<key>" */
};

/* Borrowed. */
struct live_wish {
    const char *subject; /* that is asked */
    const char *key;     /* that it is asked about, "" = none is known */
    const char *caller;  /* who asks */
    int64_t wait_ms;     /* until the wait is over, 0 = for ever */
};

/* Borrowed. */
struct live_config {
    struct link *link;
    struct loop *loop;
    const struct clock *clock;
    struct metrics *metrics;
    unsigned max;           /* who wait at a time */
    unsigned max_of_caller; /* 0 = any */
    int64_t beat_ms;        /* between two looks without a reason */
};

/** The subjects that are heard for who waits for what subject answers. */
void live_subjects(const char *subject, subject_fn say, void *arg);
struct live *live_create(const struct live_config *config);
/** Nobody waits any more. NULL is fine. */
void live_destroy(struct live *live);
/** How many wait who have an end: requests that are open, and want nothing. */
unsigned live_polls(const struct live *live);
/** Who is about to ask hears of it from now on, as one who looks. False: too many wait, in all or
 * of that caller. */
bool live_enter(struct live *live, struct live_waiter *w, const struct live_wish *wish);
/** It has looked, and waits on; failed: it could not see anything. */
void live_rest(struct live_waiter *w, bool failed);
/** Fine for who does not wait. */
void live_leave(struct live_waiter *w);
/** All waits are over, those that begin from now on too, once they have looked. */
void live_drain(struct live *live);

#endif
