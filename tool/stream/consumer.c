/* consumer.c - see consumer.h. JetStream's own API, by subjects: libnats' functions for it block.
 */
#include "tool/stream/consumer.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/json_out.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { REQUEST_MAX = 767 };
/* A server's clock may have been set back in between. */
static const int64_t MARGIN_US = INT64_C(10) * 60 * 1000000;

static void ask(struct consumer *c, enum consumer_question question, const char *subject,
                const char *request)
{
    struct message_out out = {.data = request, .len = strlen(request)};

    c->question = question;
    link_publish(c->link, &out, subject, c->api.subject);
}

static void ask_consumer(struct consumer *c, enum consumer_question question, const char *verb,
                         const char *request)
{
    char subject[LINK_SUBJECT_MAX + 1];

    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.%s.%s.%s", verb, c->stream, c->durable);
    ask(c, question, subject, request);
}

static void ask_stream(struct consumer *c, enum consumer_question question, const char *verb,
                       const char *request)
{
    char subject[LINK_SUBJECT_MAX + 1];

    snprintf(subject, sizeof(subject), "$JS.API.STREAM.%s.%s", verb, c->stream);
    ask(c, question, subject, request);
}

static void write_config(const struct consumer *c, int64_t from_us, struct json_out *o)
{
    char from[CLOCK_TEXT_MAX + 1];

    json_out_open(o, '{');
    json_out_member(o, "stream_name", c->stream);
    json_out_key(o, "config");
    json_out_open(o, '{');
    json_out_member(o, "durable_name", c->durable);
    json_out_member(o, "filter_subject", c->filter);
    json_out_member(o, "deliver_policy", from_us > 0 ? "by_start_time" : "all");
    if (from_us > 0)
        json_out_member(o, "opt_start_time", clock_text(from_us, from));
    json_out_member(o, "ack_policy", "explicit");
    json_out_member(o, "replay_policy", "instant");
    json_out_member_int(o, "ack_wait", c->ack_wait_ms * 1000000);
    json_out_member_int(o, "max_deliver", -1);
    json_out_member_int(o, "max_ack_pending", 1);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void create(struct consumer *c, int64_t from_us)
{
    char request[REQUEST_MAX + 1];
    struct json_out o;

    json_out_init(&o, request, sizeof(request));
    write_config(c, from_us, &o);
    ASSERT(!o.overflow);
    ask_consumer(c, ASKING_TO_CREATE, "DURABLE.CREATE", request);
}

static void conclude(struct consumer *c, const char *why)
{
    c->question = ASKING_NOTHING;
    c->found(c->arg, why);
}

/* ---- whether the stream has lost what was seen ---- */

static void begin_anew(struct consumer *c)
{
    log_warn("the stream has lost messages that were handled; what comes again is recognised",
             LOG_TEXT("stream", c->stream), LOG_TEXT("consumer", c->durable),
             LOG_INT("seen", c->seen_seq));
    ask_consumer(c, ASKING_TO_DELETE, "DELETE", "");
}

/* Of a process that has seen nothing yet, what the consumer says it has delivered will do. */
static void on_consumer(struct consumer *c, enum status st, const struct api_reply *r)
{
    if (st == ST_NOT_FOUND) {
        create(c, 0);
        return;
    }
    c->lag = (uint64_t)r->pending;
    c->delivered_seq = (uint64_t)r->delivered_seq;
    if (c->seen_us == 0)
        c->seen_seq = c->delivered_seq;
    if (c->seen_seq == 0 && c->delivered_seq == 0)
        conclude(c, NULL);
    else
        ask_stream(c, ASKING_STREAM, "INFO", "");
}

static void on_stream(struct consumer *c, const struct api_reply *r)
{
    char request[64];

    /* What another instance got last counts too: whoever looks first must not go on behind it. */
    if (c->seen_seq > (uint64_t)r->last_seq || c->delivered_seq > (uint64_t)r->last_seq) {
        begin_anew(c);
    } else if (c->seen_us == 0 || c->seen_seq < (uint64_t)r->first_seq) {
        conclude(c, NULL); /* not known, or too old to be kept */
    } else {
        snprintf(request, sizeof(request), "{\"seq\":%llu}", (unsigned long long)c->seen_seq);
        ask_stream(c, ASKING_MESSAGE, "MSG.GET", request);
    }
}

/* All that was stored before what was seen last, and is still there, has been handled; what is fed
 * again, or is new, was stored later. */
static void on_deleted(struct consumer *c)
{
    int64_t from_us = c->seen_us > MARGIN_US ? c->seen_us - MARGIN_US : 0;

    c->seen_seq = 0;
    c->seen_us = 0;
    c->deleted = true;
    create(c, from_us);
}

/* A server that finds on its disk what is left of a consumer of that name gives that to the one it
 * makes anew, which would pass over as much. Or another instance was quicker, and has begun to
 * read: then some comes again. */
static void on_created(struct consumer *c, enum status st, const struct api_reply *r)
{
    bool inherits = st == ST_OK && r->deliveries > 0 && !c->deleted;

    c->deleted = false;
    c->lag = (uint64_t)r->pending;
    if (inherits)
        begin_anew(c);
    else
        conclude(c, st == ST_OK ? NULL : r->why);
}

static void on_answer(struct consumer *c, enum status st, const struct api_reply *r)
{
    if (st == ST_UNAVAILABLE) {
        conclude(c, r->why);
        return;
    }
    switch (c->question) {
    case ASKING_NOTHING:
        c->lag = st == ST_OK ? (uint64_t)r->pending : c->lag;
        break;
    case ASKING_CONSUMER:
        on_consumer(c, st, r);
        break;
    case ASKING_STREAM:
        on_stream(c, r);
        break;
    case ASKING_MESSAGE:
        if (st == ST_OK && r->time_us == c->seen_us)
            conclude(c, NULL);
        else
            begin_anew(c);
        break;
    case ASKING_TO_DELETE:
        on_deleted(c);
        break;
    case ASKING_TO_CREATE:
        on_created(c, st, r);
        break;
    }
}

static void on_api(void *arg, natsMsg *raw)
{
    struct consumer *c = arg;
    struct api_reply r;
    enum status st;

    if (!raw) {
        if (c->question != ASKING_NOTHING)
            conclude(c, "JetStream does not answer");
        return;
    }
    st = api_reply_read(natsMsg_GetData(raw), (size_t)natsMsg_GetDataLength(raw), &r);
    natsMsg_Destroy(raw);
    if (c->question != ASKING_NOTHING || st == ST_OK)
        on_answer(c, st, &r);
}

/* ---- for the puller ---- */

void consumer_init(struct consumer *c)
{
    int n = snprintf(c->api.subject, sizeof(c->api.subject), "%s.api.%s.%s", link_inbox(c->link),
                     c->stream, c->durable);

    ASSERT(n > 0 && n < (int)sizeof(c->api.subject));
    c->api.fn = on_api;
    c->api.arg = c;
    link_add_sub(c->link, &c->api);
}

void consumer_fini(struct consumer *c)
{
    link_remove_sub(c->link, &c->api);
}

void consumer_find(struct consumer *c)
{
    ask_consumer(c, ASKING_CONSUMER, "INFO", "");
}

void consumer_look(struct consumer *c)
{
    if (c->question == ASKING_NOTHING)
        ask_consumer(c, ASKING_NOTHING, "INFO", "");
}

void consumer_seen(struct consumer *c, uint64_t seq, int64_t stored_us)
{
    c->seen_seq = seq;
    c->seen_us = stored_us;
}

void consumer_away(struct consumer *c)
{
    c->question = ASKING_NOTHING;
    c->deleted = false;
}
