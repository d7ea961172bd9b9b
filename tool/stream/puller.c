/* puller.c - see puller.h. By subjects: libnats' functions for it block. */
#include "tool/stream/puller.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/message/message_private.h"
#include "tool/stream/ack_subject.h"
#include "tool/stream/consumer.h"

enum {
    LOOK_MS = 100,   /* whether there is a connection again */
    RETRY_MS = 500,  /* what was refused or not answered */
    FIND_MS = 5000,  /* then the consumer is asked for again */
    PULL_MS = 10000, /* then the server says that there was nothing, or it has forgotten us */
    PULL_LATE_MS = 3000,
    REQUEST_MAX = 127,
};

enum state {
    AWAY,    /* not connected */
    FINDING, /* the consumer is asked for */
    WAITING, /* for a message */
    WORKING, /* one is in hand */
    PAUSING, /* before the consumer is asked for again */
    STOPPED,
};

struct puller {
    struct puller_config config;
    struct consumer consumer;
    enum state state;
    bool found; /* the consumer, as far as is known on this connection */
    bool stopping;
    struct link_sub inbox;
    struct link_watcher watcher;
    struct loop_timer timer;    /* of the state */
    struct loop_timer progress; /* while WORKING */
    struct message message;     /* WORKING */
    bool astray;                /* it came over a connection that is gone */
    struct ack_subject ack;     /* what is said of it */
    char told[API_WHY_MAX + 1];
};

static void set_state(struct puller *p, enum state state, int64_t ms)
{
    p->state = state;
    loop_timer_set(p->config.loop, &p->timer, ms);
}

static enum status say(struct puller *p, const char *subject, const char *text,
                       const char *reply_to)
{
    struct message_out out = {.data = text, .len = strlen(text)};

    return link_publish(p->config.link, &out, subject, reply_to);
}

/* ---- the consumer ---- */

static void find(struct puller *p)
{
    if (!link_is_connected(p->config.link)) {
        set_state(p, AWAY, LOOK_MS);
        return;
    }
    set_state(p, FINDING, FIND_MS);
    consumer_find(&p->consumer);
}

/* Says why, but not again and again. */
static void pause_for(struct puller *p, const char *why)
{
    p->found = false;
    if (strcmp(p->told, why) != 0)
        log_warn("no events from the stream", LOG_TEXT("stream", p->consumer.stream),
                 LOG_TEXT("consumer", p->consumer.durable), LOG_TEXT("why", why));
    TEXT_COPY(p->told, why);
    set_state(p, PAUSING, RETRY_MS);
}

/* The request's life is bounded, so that what was sent to who has died or hangs is soon another's.
 */
static void write_pull(char text[REQUEST_MAX + 1])
{
    snprintf(text, REQUEST_MAX + 1, "{\"batch\":1,\"expires\":%lld}", PULL_MS * 1000000LL);
}

static void pull(struct puller *p)
{
    char subject[LINK_SUBJECT_MAX + 1], request[REQUEST_MAX + 1];

    write_pull(request);
    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.MSG.NEXT.%s.%s", p->consumer.stream,
             p->consumer.durable);
    set_state(p, WAITING, PULL_MS + PULL_LATE_MS);
    say(p, subject, request, p->inbox.subject);
}

static void on_found(void *arg, const char *why)
{
    struct puller *p = arg;

    if (p->state != FINDING)
        return;
    if (why) {
        pause_for(p, why);
        return;
    }
    if (p->told[0] != '\0')
        log_info("events come from the stream again", LOG_TEXT("stream", p->consumer.stream),
                 LOG_TEXT("consumer", p->consumer.durable));
    p->told[0] = '\0';
    p->found = true;
    pull(p);
}

/* ---- messages ---- */

static void drop_message(struct puller *p)
{
    loop_timer_cancel(p->config.loop, &p->progress);
    message_fini(&p->message);
}

static void begin(struct puller *p, natsMsg *raw, const struct ack_subject *ack)
{
    struct pulled pulled = {.message = &p->message,
                            .stream_seq = ack->stream_seq,
                            .delivered = ack->delivered < UINT32_MAX ? (unsigned)ack->delivered
                                                                     : UINT32_MAX};

    message_init(&p->message, raw);
    p->astray = false;
    p->ack = *ack;
    p->consumer.lag = ack->pending + 1;
    p->state = WORKING;
    loop_timer_cancel(p->config.loop, &p->timer);
    loop_timer_set(p->config.loop, &p->progress, p->config.ack_wait_ms / 3);
    p->config.fn(p->config.arg, &pulled);
}

/* A message that nobody waits for: from a pull of before, or after the stop. */
static void refuse(struct puller *p, natsMsg *raw)
{
    say(p, natsMsg_GetReply(raw), p->stopping ? "-NAK" : "-NAK {\"delay\":1000000000}", NULL);
    natsMsg_Destroy(raw);
}

static const char *status_of(natsMsg *raw)
{
    const char *status = NULL;

    if (natsMsgHeader_Get(raw, "Status", &status) != NATS_OK)
        return NULL;
    return status;
}

static void on_status(struct puller *p, const char *status)
{
    if (p->state != WAITING || strcmp(status, "100") == 0)
        return;
    if (strcmp(status, "408") == 0 || strcmp(status, "404") == 0) {
        pull(p);
        consumer_look(&p->consumer);
    } else {
        pause_for(p, strcmp(status, "409") == 0 ? "the consumer is gone or moves"
                                                : "the consumer cannot be pulled");
    }
}

static void on_inbox(void *arg, natsMsg *raw)
{
    struct puller *p = arg;
    struct ack_subject ack;
    const char *status = raw ? status_of(raw) : "503";

    if (status) {
        on_status(p, status);
        natsMsg_Destroy(raw);
    } else if (!natsMsg_GetReply(raw) || !ack_subject_read(natsMsg_GetReply(raw), &ack)) {
        natsMsg_Destroy(raw);
    } else if (p->state == WORKING || p->stopping) {
        refuse(p, raw);
    } else {
        begin(p, raw, &ack);
    }
}

static void say_progress(void *arg)
{
    struct puller *p = arg;

    say(p, message_reply_to(&p->message), "+WPI", NULL);
    loop_timer_set(p->config.loop, &p->progress, p->config.ack_wait_ms / 3);
}

/* Without a connection the answer is lost and it comes again: its handling is prepared for that. */
static void settle(struct puller *p, const char *answer, const char *reply_to)
{
    ASSERT(p->state == WORKING);
    /* It goes by a number, and after a loss that may be another message's. */
    say(p, message_reply_to(&p->message), p->astray ? "-NAK" : answer, p->astray ? NULL : reply_to);
    drop_message(p);
    if (p->consumer.lag > 0)
        p->consumer.lag--;
    if (p->stopping) {
        p->state = STOPPED;
        return;
    }
    if (reply_to && !p->astray)
        set_state(p, WAITING, PULL_MS + PULL_LATE_MS);
    else if (p->found)
        pull(p);
    else
        find(p);
}

void puller_ack(struct puller *p)
{
    char answer[REQUEST_MAX + 1] = "+NXT ";

    /* The acknowledgement asks for the next one, unless the consumer may have gone meanwhile. */
    write_pull(answer + strlen(answer));
    consumer_seen(&p->consumer, p->ack.stream_seq, p->ack.stored_us);
    if (p->stopping || !p->found)
        settle(p, "+ACK", NULL);
    else
        settle(p, answer, p->inbox.subject);
}

void puller_again(struct puller *p, int64_t delay_ms)
{
    char answer[64];

    p->consumer.lag++;
    snprintf(answer, sizeof(answer), "-NAK {\"delay\":%lld}", (long long)delay_ms * 1000000);
    settle(p, delay_ms > 0 ? answer : "-NAK", NULL);
}

/* ---- life ---- */

static void on_timer(void *arg)
{
    find(arg);
}

static void on_lost(void *arg)
{
    struct puller *p = arg;

    p->found = false;
    consumer_away(&p->consumer);
    p->astray |= p->state == WORKING;
    loop_timer_cancel(p->config.loop, &p->progress);
    if (p->state != WORKING && p->state != STOPPED)
        set_state(p, AWAY, LOOK_MS);
}

static void consumer_of(struct puller *p, const struct puller_config *config)
{
    struct consumer *c = &p->consumer;

    c->link = config->link;
    ASSERT(TEXT_COPY(c->stream, config->stream) && TEXT_COPY(c->durable, config->durable) &&
           TEXT_COPY(c->filter, config->filter));
    c->ack_wait_ms = p->config.ack_wait_ms;
    c->found = on_found;
    c->arg = p;
    consumer_init(c);
}

static void subscribe(struct puller *p)
{
    int n = snprintf(p->inbox.subject, sizeof(p->inbox.subject), "%s.next.%s.%s",
                     link_inbox(p->config.link), p->consumer.stream, p->consumer.durable);

    ASSERT(n > 0 && n < (int)sizeof(p->inbox.subject));
    p->inbox.fn = on_inbox;
    p->inbox.arg = p;
    link_add_sub(p->config.link, &p->inbox);
}

struct puller *puller_create(const struct puller_config *config)
{
    struct puller *p = MEM_NEW(struct puller);

    p->config = *config;
    if (p->config.ack_wait_ms == 0)
        p->config.ack_wait_ms = PULLER_ACK_WAIT_MS;
    p->timer = (struct loop_timer){.fn = on_timer, .arg = p};
    p->progress = (struct loop_timer){.fn = say_progress, .arg = p};
    consumer_of(p, config);
    subscribe(p);
    p->watcher = (struct link_watcher){.lost = on_lost, .arg = p};
    link_add_watcher(config->link, &p->watcher);
    set_state(p, AWAY, 0);
    return p;
}

void puller_stop(struct puller *p)
{
    p->stopping = true;
    if (p->state == WORKING)
        return;
    loop_timer_cancel(p->config.loop, &p->timer);
    p->state = STOPPED;
}

bool puller_busy(const struct puller *p)
{
    return p->state == WORKING;
}

uint64_t puller_lag(const struct puller *p)
{
    return p->consumer.lag;
}

void puller_destroy(struct puller *p)
{
    if (!p)
        return;
    if (p->state == WORKING)
        drop_message(p);
    loop_timer_cancel(p->config.loop, &p->timer);
    link_remove_watcher(p->config.link, &p->watcher);
    consumer_fini(&p->consumer);
    link_remove_sub(p->config.link, &p->inbox);
    free(p);
}
