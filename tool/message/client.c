/* client.c - who waits for which reply. */
#include "tool/message/client.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/message/message_private.h"
#include "tool/message/slot.h"
#include "tool/metrics/metrics.h"

enum { SLOTS_DEFAULT = 16384 };

/* One request subject: its inbox, its breaker, and who waits there, youngest first. */
struct target {
    struct message_client *client;
    struct target *next;
    char *subject;
    struct breaker *breaker; /* NULL = none */
    struct slot *waiting;
    unsigned n;            /* places taken */
    struct link_sub inbox; /* "<inbox>.from.<service>.<number>.*" */
    size_t prefix_len;     /* up to the token */
};

struct message_client {
    struct link *link;
    struct loop *loop;
    struct breakers *breakers;
    struct link_watcher watcher;
    struct target *targets; /* the last used one in front */
    unsigned n_targets;
    struct slot_table slots;
    unsigned n_waiting;
    bool closing;
    struct metric *in_flight, *late, *timeouts, *no_responders;
};

/* ---- what ends a request ---- */

static void slot_list(struct slot *slot, struct target *target)
{
    slot->target = target;
    target->n++;
    slot->next = target->waiting;
    slot->prev = &target->waiting;
    if (slot->next)
        slot->next->prev = &slot->next;
    target->waiting = slot;
}

static void slot_unlist(struct slot *slot)
{
    slot->target->n--;
    *slot->prev = slot->next;
    if (slot->next)
        slot->next->prev = slot->prev;
}

/* The caller no longer waits, whatever becomes of the slot. */
static void stop_waiting(struct slot *slot)
{
    slot->fn = NULL;
    slot->client->n_waiting--;
    metric_set(slot->client->in_flight, slot->client->n_waiting);
}

enum verdict { GOOD, BAD, NONE };

/* Frees the slot before telling, so that the caller may ask anew from inside of fn. */
static void finish(struct slot *slot, enum verdict verdict, enum status st,
                   const struct message *reply)
{
    struct message_client *client = slot->client;
    struct breaker *breaker = slot->target->breaker;
    message_reply_fn fn = slot->fn;
    void *arg = slot->arg;

    loop_timer_cancel(client->loop, &slot->timer);
    slot_unlist(slot);
    if (fn)
        stop_waiting(slot);
    slot_give(&client->slots, slot);
    if (breaker && verdict == NONE)
        breaker_abstain(breaker, &slot->ticket);
    else if (breaker)
        breaker_report(breaker, &slot->ticket, verdict == GOOD);
    if (fn)
        fn(arg, st, reply);
}

static enum verdict judge(const struct message *reply)
{
    const char *code = message_header(reply, HEADER_ERROR_CODE);

    if (!code || code[0] != '5')
        return GOOD;
    /* Who is overloaded is alive, and relieves itself: to refuse all for a while would cost the
     * answers that it still gives. */
    return message_is_overloaded(reply) ? NONE : BAD;
}

/* The server says so in the order of publishing, so whoever asked last is the one: those before
 * him have either been told already or found somebody. */
static void on_no_responders(struct target *target)
{
    metric_add(target->client->no_responders, 1);
    if (target->waiting)
        finish(target->waiting, BAD, ST_UNAVAILABLE, NULL);
}

static void on_reply(void *arg, natsMsg *raw)
{
    struct target *target = arg;
    struct slot *slot = NULL;
    struct message reply;
    uint64_t token;

    if (!raw) {
        on_no_responders(target);
        return;
    }
    message_init(&reply, raw);
    if (token_read(message_subject(&reply) + target->prefix_len, &token))
        slot = slot_find(&target->client->slots, token);
    if (!slot || !slot->fn)
        metric_add(target->client->late, 1);
    if (slot)
        finish(slot, judge(&reply), ST_OK, &reply);
    message_fini(&reply);
}

static void on_timeout(void *arg)
{
    struct slot *slot = arg;

    metric_add(slot->client->timeouts, 1);
    finish(slot, BAD, ST_TIMEOUT, NULL);
}

/* What was sent may be carried out, its answer finds us no more. */
static void fail_all(void *arg)
{
    struct message_client *client = arg;

    for (struct target *t = client->targets; t; t = t->next)
        while (t->waiting) /* none is added: the link is down, or we are closing */
            finish(t->waiting, NONE, ST_TIMEOUT, NULL);
}

void message_client_cancel(struct message_client *client, uint64_t token)
{
    struct slot *slot = slot_find(&client->slots, token);

    if (slot && slot->fn)
        stop_waiting(slot);
}

void message_client_drop(struct message_client *client, uint64_t token)
{
    struct slot *slot = slot_find(&client->slots, token);

    message_client_cancel(client, token);
    if (slot)
        finish(slot, NONE, ST_OK, NULL);
}

/* ---- asking ---- */

/* The inbox says which service is asked: a server can let each answer only what is its to answer.
 */
static struct target *target_new(struct message_client *client, const char *subject)
{
    struct target *target = MEM_NEW(struct target);
    int n = snprintf(target->inbox.subject, sizeof(target->inbox.subject), "%s.from.%.*s.%u.*",
                     link_inbox(client->link), (int)strcspn(subject, "."), subject,
                     client->n_targets++);

    ASSERT(n > 0 && n < (int)sizeof(target->inbox.subject));
    target->client = client;
    target->subject = mem_strdup(subject);
    target->prefix_len = (size_t)n - 1;
    if (client->breakers)
        target->breaker = breakers_get(client->breakers, subject);
    target->inbox.fn = on_reply;
    target->inbox.arg = target;
    link_add_sub(client->link, &target->inbox);
    return target;
}

/* Subjects are few, and the same ones are asked again: a list, last used in front. */
static struct target *target_for(struct message_client *client, const char *subject)
{
    struct target **at = &client->targets, *target;

    while (*at && strcmp((*at)->subject, subject) != 0)
        at = &(*at)->next;
    target = *at;
    if (target)
        *at = target->next;
    else
        target = target_new(client, subject);
    target->next = client->targets;
    client->targets = target;
    return target;
}

static enum status publish(struct target *target, const struct slot *slot,
                           const struct message_out *out)
{
    char reply_to[LINK_SUBJECT_MAX + 1];

    ASSERT(target->prefix_len + TOKEN_DIGITS < sizeof(reply_to));
    memcpy(reply_to, target->inbox.subject, target->prefix_len);
    token_write(slot_token(&target->client->slots, slot), reply_to + target->prefix_len);
    return link_publish(target->client->link, out, out->subject, reply_to);
}

/* One subject that is silent leaves the others a quarter of the places. */
static bool has_room(const struct target *target)
{
    unsigned n = target->client->slots.n;

    return target->n < n - n / 4;
}

enum status message_client_request(struct message_client *client, const struct message_out *out,
                                   int64_t timeout_ms, message_reply_fn fn, void *arg,
                                   uint64_t *token)
{
    struct target *target;
    struct slot *slot;
    struct breaker_ticket ticket = {0};
    enum status st;

    ASSERT(fn);
    if (out->len > MESSAGE_PAYLOAD_MAX)
        return ST_TOO_LARGE;
    if (client->closing || !link_is_connected(client->link))
        return ST_UNAVAILABLE;
    if (link_is_congested(client->link))
        return ST_OVERLOADED;
    target = target_for(client, out->subject);
    slot = has_room(target) ? slot_take(&client->slots) : NULL;
    if (!slot)
        return ST_OVERLOADED;
    if (target->breaker && !breaker_allow(target->breaker, &ticket)) {
        slot_give(&client->slots, slot);
        return ST_UNAVAILABLE;
    }
    st = publish(target, slot, out);
    if (st != ST_OK) {
        if (target->breaker)
            breaker_abstain(target->breaker, &ticket);
        slot_give(&client->slots, slot);
        return st;
    }
    slot->client = client;
    slot->fn = fn;
    slot->arg = arg;
    slot->ticket = ticket;
    slot->timer.fn = on_timeout;
    slot->timer.arg = slot;
    slot_list(slot, target);
    loop_timer_set(client->loop, &slot->timer, timeout_ms);
    metric_set(client->in_flight, ++client->n_waiting);
    if (token)
        *token = slot_token(&client->slots, slot);
    return ST_OK;
}

/* ---- life ---- */

struct message_client *message_client_create(const struct message_client_config *config)
{
    struct message_client *client = MEM_NEW(struct message_client);
    struct metrics *metrics = config->metrics;

    client->link = config->link;
    client->loop = config->loop;
    client->breakers = config->breakers;
    slots_init(&client->slots, config->slots != 0 ? config->slots : SLOTS_DEFAULT);
    client->in_flight = metrics_gauge(metrics, "hanok_nats_requests_in_flight",
                                      "Requests to other services somebody waits for.", "");
    client->late = metrics_counter(metrics, "hanok_nats_late_replies_total",
                                   "Replies nobody waited for any more.", "");
    client->timeouts = metrics_counter(metrics, "hanok_nats_timeouts_total",
                                       "Requests to other services without an answer in time.", "");
    client->no_responders =
        metrics_counter(metrics, "hanok_nats_no_responders_total",
                        "Requests on subjects no service was listening to.", "");
    client->watcher.lost = fail_all;
    client->watcher.arg = client;
    link_add_watcher(client->link, &client->watcher);
    return client;
}

void message_client_destroy(struct message_client *client)
{
    if (!client)
        return;
    client->closing = true;
    fail_all(client);
    link_remove_watcher(client->link, &client->watcher);
    while (client->targets) {
        struct target *target = client->targets;
        client->targets = target->next;
        link_remove_sub(client->link, &target->inbox);
        free(target->subject);
        free(target);
    }
    slots_fini(&client->slots);
    free(client);
}
