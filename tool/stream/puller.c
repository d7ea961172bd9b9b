/* puller.c - see puller.h. JetStream's own API, by subjects: libnats' functions for it block. */
#include "tool/stream/puller.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/message/message_private.h"
#include "tool/stream/ack_subject.h"
#include "tool/stream/puller_reply.h"

enum {
    LOOK_MS = 100,   /* whether there is a connection again */
    RETRY_MS = 500,  /* what was refused or not answered */
    API_MS = 5000,   /* an answer of JetStream's */
    PULL_MS = 10000, /* then the server says that there was nothing, or it has forgotten us */
    PULL_LATE_MS = 3000,
    REQUEST_MAX = 767,
    SUBJECT_MAX = LINK_SUBJECT_MAX,
};

enum state {
    AWAY,    /* not connected */
    MAKING,  /* the consumer is asked for */
    WAITING, /* for a message */
    WORKING, /* one is in hand */
    PAUSING, /* before the consumer is asked for again */
    STOPPED,
};

struct puller {
    struct puller_config config;
    char stream[PULLER_NAME_MAX + 1], durable[PULLER_NAME_MAX + 1];
    char filter[SUBJECT_MAX + 1];
    enum state state;
    bool made; /* the consumer, as far as is known on this connection */
    bool stopping;
    struct link_sub api, inbox;
    struct link_watcher watcher;
    struct loop_timer timer;    /* of the state */
    struct loop_timer progress; /* while WORKING */
    struct message message;     /* WORKING */
    char told[PULLER_WHY_MAX + 1];
    uint64_t lag;
};

static void make(struct puller *p);

static void set_state(struct puller *p, enum state state, int64_t ms)
{
    p->state = state;
    loop_timer_set(p->config.loop, &p->timer, ms);
}

/* Says why, but not again and again. */
static void pause_for(struct puller *p, const char *why)
{
    p->made = false;
    if (strcmp(p->told, why) != 0)
        log_warn("no events from the stream", LOG_TEXT("stream", p->stream),
                 LOG_TEXT("consumer", p->durable), LOG_TEXT("why", why));
    TEXT_COPY(p->told, why);
    set_state(p, PAUSING, RETRY_MS);
}

static enum status say(struct puller *p, const char *subject, const char *text,
                       const char *reply_to)
{
    struct message_out out = {.data = text, .len = strlen(text)};

    return link_publish(p->config.link, &out, subject, reply_to);
}

static void ask_api(struct puller *p, const char *verb, const char *request)
{
    char subject[SUBJECT_MAX + 1];

    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.%s.%s.%s", verb, p->stream, p->durable);
    say(p, subject, request, p->api.subject);
}

/* ---- the consumer ---- */

static void write_config(const struct puller *p, struct json_out *o)
{
    json_out_open(o, '{');
    json_out_member(o, "stream_name", p->stream);
    json_out_key(o, "config");
    json_out_open(o, '{');
    json_out_member(o, "durable_name", p->durable);
    json_out_member(o, "filter_subject", p->filter);
    json_out_member(o, "deliver_policy", "all");
    json_out_member(o, "ack_policy", "explicit");
    json_out_member(o, "replay_policy", "instant");
    json_out_member_int(o, "ack_wait", p->config.ack_wait_ms * 1000000);
    json_out_member_int(o, "max_deliver", -1);
    json_out_member_int(o, "max_ack_pending", 1);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

/* Asked for what is there as it should be, the server changes nothing. */
static void make(struct puller *p)
{
    char request[REQUEST_MAX + 1];
    struct json_out o;

    if (!link_is_connected(p->config.link)) {
        set_state(p, AWAY, LOOK_MS);
        return;
    }
    json_out_init(&o, request, sizeof(request));
    write_config(p, &o);
    ASSERT(!o.overflow);
    set_state(p, MAKING, API_MS);
    ask_api(p, "DURABLE.CREATE", request);
}

/* The request's life is bounded, so that what was sent to who has died or hangs is soon another's.
 */
static void write_pull(char text[REQUEST_MAX + 1])
{
    snprintf(text, REQUEST_MAX + 1, "{\"batch\":1,\"expires\":%lld}", PULL_MS * 1000000LL);
}

static void pull(struct puller *p)
{
    char subject[SUBJECT_MAX + 1], request[REQUEST_MAX + 1];

    write_pull(request);
    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.MSG.NEXT.%s.%s", p->stream, p->durable);
    set_state(p, WAITING, PULL_MS + PULL_LATE_MS);
    say(p, subject, request, p->inbox.subject);
}

static void on_api(void *arg, natsMsg *raw)
{
    struct puller *p = arg;
    char why[PULLER_WHY_MAX + 1];
    enum status st = ST_UNAVAILABLE;

    TEXT_COPY(why, "JetStream does not answer");
    if (raw)
        st = puller_reply_read(natsMsg_GetData(raw), (size_t)natsMsg_GetDataLength(raw), &p->lag,
                               why);
    natsMsg_Destroy(raw);
    if (p->state != MAKING)
        return; /* it was asked how far the consumer is */
    if (st != ST_OK) {
        pause_for(p, why);
        return;
    }
    if (p->told[0] != '\0')
        log_info("events come from the stream again", LOG_TEXT("stream", p->stream),
                 LOG_TEXT("consumer", p->durable));
    p->told[0] = '\0';
    p->made = true;
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
    p->lag = ack->pending + 1;
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
        ask_api(p, "INFO", "");
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
    say(p, message_reply_to(&p->message), answer, reply_to);
    drop_message(p);
    if (p->lag > 0)
        p->lag--;
    if (p->stopping) {
        p->state = STOPPED;
        return;
    }
    if (reply_to)
        set_state(p, WAITING, PULL_MS + PULL_LATE_MS);
    else if (p->made)
        pull(p);
    else
        make(p);
}

void puller_ack(struct puller *p)
{
    char answer[REQUEST_MAX + 1] = "+NXT ";

    /* The acknowledgement asks for the next one, unless the consumer may have gone meanwhile. */
    write_pull(answer + strlen(answer));
    if (p->stopping || !p->made)
        settle(p, "+ACK", NULL);
    else
        settle(p, answer, p->inbox.subject);
}

void puller_again(struct puller *p, int64_t delay_ms)
{
    char answer[64];

    p->lag++;
    snprintf(answer, sizeof(answer), "-NAK {\"delay\":%lld}", (long long)delay_ms * 1000000);
    settle(p, delay_ms > 0 ? answer : "-NAK", NULL);
}

/* ---- life ---- */

static void on_timer(void *arg)
{
    make(arg);
}

static void on_lost(void *arg)
{
    struct puller *p = arg;

    p->made = false;
    if (p->state != WORKING && p->state != STOPPED)
        set_state(p, AWAY, LOOK_MS);
}

static void sub_init(struct puller *p, struct link_sub *sub, const char *what,
                     void (*fn)(void *arg, natsMsg *msg))
{
    int n = snprintf(sub->subject, sizeof(sub->subject), "%s.%s.%s.%s", link_inbox(p->config.link),
                     what, p->stream, p->durable);

    ASSERT(n > 0 && n < (int)sizeof(sub->subject));
    sub->fn = fn;
    sub->arg = p;
    link_add_sub(p->config.link, sub);
}

struct puller *puller_create(const struct puller_config *config)
{
    struct puller *p = MEM_NEW(struct puller);

    p->config = *config;
    ASSERT(TEXT_COPY(p->stream, config->stream) && TEXT_COPY(p->durable, config->durable) &&
           TEXT_COPY(p->filter, config->filter));
    if (p->config.ack_wait_ms == 0)
        p->config.ack_wait_ms = PULLER_ACK_WAIT_MS;
    p->timer = (struct loop_timer){.fn = on_timer, .arg = p};
    p->progress = (struct loop_timer){.fn = say_progress, .arg = p};
    sub_init(p, &p->api, "api", on_api);
    sub_init(p, &p->inbox, "next", on_inbox);
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
    return p->lag;
}

void puller_destroy(struct puller *p)
{
    if (!p)
        return;
    if (p->state == WORKING)
        drop_message(p);
    loop_timer_cancel(p->config.loop, &p->timer);
    link_remove_watcher(p->config.link, &p->watcher);
    link_remove_sub(p->config.link, &p->api);
    link_remove_sub(p->config.link, &p->inbox);
    free(p);
}
