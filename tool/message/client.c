/* client.c - who waits for which reply. */
#include "tool/message/client.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/message/message_private.h"
#include "tool/metrics/metrics.h"

enum { SLOTS_DEFAULT = 8192, TOKEN_DIGITS = 16 };

/* One request in flight. A token is generation and index; a generation is used once, so a late
 * reply finds nobody. */
struct slot {
    struct message_client *client;
    struct target *target;
    struct slot *next, **prev; /* in the target's list; next also in the free list */
    struct loop_timer timer;
    message_reply_fn fn; /* NULL: cancelled, only the breaker still listens */
    void *arg;
    uint32_t generation; /* raised by each use; 0 = never used */
    unsigned ticket;     /* of the breaker */
    bool busy;
};

/* One request subject: its inbox, its breaker, and who waits there, youngest first. */
struct target {
    struct message_client *client;
    struct target *next;
    char *subject;
    struct breaker *breaker; /* NULL = none */
    struct slot *waiting;
    struct link_sub inbox; /* "<inbox>.<number>.*" */
    size_t prefix_len;     /* up to the token */
};

struct message_client {
    struct link *link;
    struct loop *loop;
    struct breakers *breakers;
    struct link_watcher watcher;
    struct target *targets; /* the last used one in front */
    unsigned n_targets;
    struct slot *slots, *free_slots;
    unsigned n_slots, n_used; /* slots beyond n_used have never been touched */
    unsigned n_waiting;
    bool closing;
    struct metric *in_flight, *late, *timeouts, *no_responders;
};

/* ---- slots ---- */

static void on_timeout(void *slot);

static struct slot *slot_take(struct message_client *client)
{
    struct slot *slot = client->free_slots;

    if (slot != NULL)
        client->free_slots = slot->next;
    else if (client->n_used < client->n_slots)
        slot = &client->slots[client->n_used++];
    else
        return NULL;
    slot->client = client;
    slot->timer.fn = on_timeout;
    slot->timer.arg = slot;
    slot->generation = slot->generation == UINT32_MAX ? 1 : slot->generation + 1;
    slot->busy = true;
    return slot;
}

static void slot_give(struct slot *slot)
{
    slot->busy = false;
    slot->next = slot->client->free_slots;
    slot->client->free_slots = slot;
}

static uint64_t token_of(const struct slot *slot)
{
    return (uint64_t)slot->generation << 32 | (uint64_t)(slot - slot->client->slots);
}

static struct slot *slot_find(struct message_client *client, uint64_t token)
{
    uint32_t index = (uint32_t)token;

    if (index >= client->n_used)
        return NULL;
    return client->slots[index].busy && client->slots[index].generation == token >> 32
               ? &client->slots[index]
               : NULL;
}

static void slot_list(struct slot *slot, struct target *target)
{
    slot->target = target;
    slot->next = target->waiting;
    slot->prev = &target->waiting;
    if (slot->next != NULL)
        slot->next->prev = &slot->next;
    target->waiting = slot;
}

static void slot_unlist(struct slot *slot)
{
    *slot->prev = slot->next;
    if (slot->next != NULL)
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
    struct breaker *breaker = slot->target->breaker;
    message_reply_fn fn = slot->fn;
    void *arg = slot->arg;

    loop_timer_cancel(slot->client->loop, &slot->timer);
    slot_unlist(slot);
    if (fn != NULL)
        stop_waiting(slot);
    slot_give(slot);
    if (breaker != NULL && verdict == NONE)
        breaker_abstain(breaker, slot->ticket);
    else if (breaker != NULL)
        breaker_report(breaker, slot->ticket, verdict == GOOD);
    if (fn != NULL)
        fn(arg, st, reply);
}

/* ---- what ends a request ---- */

static enum verdict judge(const struct message *reply)
{
    const char *code = message_header(reply, HEADER_ERROR_CODE);

    return code != NULL && code[0] == '5' ? BAD : GOOD;
}

static bool read_token(const char *text, uint64_t *token)
{
    *token = 0;
    for (int i = 0; i < TOKEN_DIGITS; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9')
            *token = *token << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *token = *token << 4 | (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    return text[TOKEN_DIGITS] == '\0';
}

static void write_token(uint64_t token, char *text)
{
    for (int i = TOKEN_DIGITS - 1; i >= 0; i--, token >>= 4)
        text[i] = "0123456789abcdef"[token & 15];
    text[TOKEN_DIGITS] = '\0';
}

/* The server says so in the order of publishing, so whoever asked last is the one: those before
 * him have either been told already or found somebody. */
static void on_no_responders(struct target *target)
{
    metric_add(target->client->no_responders, 1);
    if (target->waiting != NULL)
        finish(target->waiting, BAD, ST_UNAVAILABLE, NULL);
}

static void on_reply(void *arg, natsMsg *raw)
{
    struct target *target = arg;
    struct slot *slot = NULL;
    struct message reply;
    uint64_t token;

    if (raw == NULL) {
        on_no_responders(target);
        return;
    }
    message_init(&reply, raw);
    if (read_token(message_subject(&reply) + target->prefix_len, &token))
        slot = slot_find(target->client, token);
    if (slot == NULL || slot->fn == NULL)
        metric_add(target->client->late, 1);
    if (slot != NULL)
        finish(slot, judge(&reply), ST_OK, &reply);
    message_fini(&reply);
}

static void on_timeout(void *arg)
{
    struct slot *slot = arg;

    metric_add(slot->client->timeouts, 1);
    finish(slot, BAD, ST_TIMEOUT, NULL);
}

static void fail_all(void *arg)
{
    struct message_client *client = arg;

    for (struct target *t = client->targets; t != NULL; t = t->next)
        while (t->waiting != NULL) /* none is added: the link is down, or we are closing */
            finish(t->waiting, NONE, ST_UNAVAILABLE, NULL);
}

void message_client_cancel(struct message_client *client, uint64_t token)
{
    struct slot *slot = slot_find(client, token);

    if (slot != NULL && slot->fn != NULL)
        stop_waiting(slot);
}

unsigned message_client_waiting(const struct message_client *client)
{
    return client->n_waiting;
}

/* ---- asking ---- */

static struct target *target_new(struct message_client *client, const char *subject)
{
    struct target *target = MEM_NEW(struct target);
    int n = snprintf(target->inbox.subject, sizeof(target->inbox.subject), "%s.%u.*",
                     link_inbox(client->link), client->n_targets++);

    target->client = client;
    target->subject = mem_strdup(subject);
    target->prefix_len = (size_t)n - 1;
    if (client->breakers != NULL)
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

    while (*at != NULL && strcmp((*at)->subject, subject) != 0)
        at = &(*at)->next;
    target = *at;
    if (target != NULL)
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
    write_token(token_of(slot), reply_to + target->prefix_len);
    return link_publish(target->client->link, out, out->subject, reply_to);
}

enum status message_client_request(struct message_client *client, const struct message_out *out,
                                   int64_t timeout_ms, message_reply_fn fn, void *arg,
                                   uint64_t *token)
{
    struct target *target;
    struct slot *slot;
    unsigned ticket = 0;
    enum status st;

    ASSERT(fn != NULL);
    if (out->len > MESSAGE_PAYLOAD_MAX)
        return ST_TOO_LARGE;
    if (client->closing || !link_is_connected(client->link))
        return ST_UNAVAILABLE;
    if (link_is_congested(client->link))
        return ST_OVERLOADED;
    target = target_for(client, out->subject);
    slot = slot_take(client);
    if (slot == NULL)
        return ST_OVERLOADED;
    if (target->breaker != NULL && (ticket = breaker_allow(target->breaker)) == 0) {
        slot_give(slot);
        return ST_UNAVAILABLE;
    }
    st = publish(target, slot, out);
    if (st != ST_OK) {
        if (target->breaker != NULL)
            breaker_abstain(target->breaker, ticket);
        slot_give(slot);
        return st;
    }
    slot->fn = fn;
    slot->arg = arg;
    slot->ticket = ticket;
    slot_list(slot, target);
    loop_timer_set(client->loop, &slot->timer, timeout_ms);
    metric_set(client->in_flight, ++client->n_waiting);
    if (token != NULL)
        *token = token_of(slot);
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
    client->n_slots = config->slots != 0 ? config->slots : SLOTS_DEFAULT;
    client->slots = mem_alloc(client->n_slots, sizeof(*client->slots));
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
    if (client == NULL)
        return;
    client->closing = true;
    fail_all(client);
    link_remove_watcher(client->link, &client->watcher);
    while (client->targets != NULL) {
        struct target *target = client->targets;
        client->targets = target->next;
        link_remove_sub(client->link, &target->inbox);
        free(target->subject);
        free(target);
    }
    free(client->slots);
    free(client);
}
