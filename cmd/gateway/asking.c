/* asking.c - see asking.h. */
#include "cmd/gateway/asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/gateway/asker_private.h"
#include "tool/core/mem.h"

enum { PAUSE_MS = 50, PAUSE_MAX_MS = 1000 };

static void on_reply(void *arg, enum status st, const struct message *reply);

static int64_t now_ms(const struct asking *self)
{
    return clock_now_ms(self->subject->asker->config.clock);
}

static int64_t left_ms(const struct asking *self)
{
    int64_t left = self->deadline_ms - now_ms(self);

    return left > 0 ? left : 0;
}

static enum status send(struct asking *self, struct attempt *attempt)
{
    struct message_out out = {.subject = self->subject->name, .data = self->data, .len = self->len};
    struct message_call_text text;
    int64_t left = left_ms(self);
    enum status st;

    message_add_call(&out, self->call, &text);
    snprintf(text.timeout, sizeof(text.timeout), "%lld", (long long)left);
    *attempt = (struct attempt){.asking = self, .since_ms = self->deadline_ms - left};
    st = message_client_request(self->subject->asker->config.client, &out, left, on_reply, attempt,
                                &attempt->token);
    attempt->open = st == ST_OK;
    self->n_open += attempt->open;
    return st;
}

static void drop(struct asking *self, struct attempt *attempt)
{
    if (attempt->open)
        message_client_drop(self->subject->asker->config.client, attempt->token);
    self->n_open -= attempt->open;
    attempt->open = false;
}

/* ---- the end ---- */

static void settle(struct asking *self)
{
    asker_forget(self);
    loop_timer_cancel(self->subject->asker->config.loop, &self->pause);
    free(self->kept);
    self->kept = NULL;
    self->fn = NULL;
}

/* fn may free self. */
static void conclude(struct asking *self, enum status st, const struct message *reply)
{
    message_reply_fn fn = self->fn;
    void *arg = self->arg;

    for (size_t i = 0; i < ASKING_ATTEMPTS; i++)
        drop(self, &self->attempts[i]);
    settle(self);
    /* A retry may not have got far; what was asked before may have happened. */
    fn(arg, st == ST_UNAVAILABLE && self->timed_out ? ST_TIMEOUT : st, reply);
}

/* ---- again ---- */

bool asking_is_worth_a_hedge(const struct asking *self, int64_t now)
{
    return self->n_open > 0 && self->deadline_ms - now > self->subject->pace.p95_us / 1000;
}

/* The first question stays; of the others the one goes that is silent for longest. */
void asking_hedge(struct asking *self)
{
    struct attempt *attempt = &self->attempts[1 + self->n_hedges++ % (ASKING_ATTEMPTS - 1)];

    drop(self, attempt);
    send(self, attempt);
}

bool asking_has_failed(enum status st, const struct message *reply)
{
    const char *code = reply ? message_header(reply, HEADER_ERROR_CODE) : NULL;

    return st != ST_OK || (code && code[0] == '5');
}

/* What another try may not meet: nobody was there, the link broke, or something is away for a
 * moment. Not overload, which would grow. */
static bool may_pass(enum status st, const struct message *reply)
{
    if (st != ST_OK || !reply)
        return st == ST_UNAVAILABLE || st == ST_TIMEOUT;
    return strcmp(message_header(reply, HEADER_ERROR_CODE), "503") == 0 &&
           !message_is_overloaded(reply);
}

/* Anywhere between nothing and twice as much as before: those that failed together do not come back
 * together. */
static int64_t draw_pause_ms(struct asking *self)
{
    const struct entropy *entropy = self->subject->asker->config.entropy;
    int64_t most = (int64_t)PAUSE_MS << self->n_retries;
    uint32_t random;

    entropy->fill(entropy, &random, sizeof(random));
    return random % ((most < PAUSE_MAX_MS ? most : PAUSE_MAX_MS) + 1);
}

static bool retry_later(struct asking *self)
{
    int64_t pause = draw_pause_ms(self);

    if (self->retries_left == 0 || left_ms(self) <= pause ||
        !budget_spend(&self->subject->retries, now_ms(self)))
        return false;
    self->retries_left--;
    self->n_retries++;
    loop_timer_set(self->subject->asker->config.loop, &self->pause, pause);
    return true;
}

static bool ask_other(struct asking *self)
{
    if (!self->other[0] || call_left_ms(self->call) == 0)
        return false;
    asker_forget(self);
    asker_falls_back(self->subject->asker, self->subject->name);
    self->subject = asker_subject(self->subject->asker, self->other);
    self->other = "";
    self->retries_left = 0;
    self->hedges = false;
    self->deadline_ms = self->call->deadline_ms;
    return send(self, &self->attempts[0]) == ST_OK;
}

static void fail(struct asking *self, enum status st, const struct message *reply)
{
    self->timed_out |= st == ST_TIMEOUT;
    if (!(may_pass(st, reply) && retry_later(self)) && !ask_other(self))
        conclude(self, st, reply);
}

static void on_pause_over(void *arg)
{
    struct asking *self = arg;
    enum status st = send(self, &self->attempts[0]);

    metric_add(self->subject->retried, 1);
    if (st != ST_OK)
        fail(self, st, NULL);
    else if (self->hedges && !self->prev)
        asker_await(self);
}

/* ---- asking ---- */

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    struct attempt *attempt = arg;
    struct asking *self = attempt->asking;

    attempt->open = false;
    self->n_open--;
    if (!asking_has_failed(st, reply)) {
        asker_learn(self->subject, now_ms(self) - attempt->since_ms, attempt != self->attempts);
        conclude(self, st, reply);
    } else if (self->n_open == 0) {
        fail(self, st, reply);
    }
}

static void keep(struct asking *self)
{
    char *room = self->text;

    if (self->len > sizeof(self->text))
        room = self->kept = mem_alloc(1, self->len);
    memcpy(room, self->data, self->len);
    self->data = room;
}

struct inquiry asking_for_route(const struct route *route, const char *subject, const char *data,
                                size_t len)
{
    return (struct inquiry){
        .subject = subject,
        .data = data,
        .len = len,
        .again = route_may_ask_twice(route),
        .hedge = route_hedges(route),
        .retries = route->retries,
        .other = route->fallback.subject,
    };
}

enum status asking_begin(struct asking *self, struct asker *asker, const struct inquiry *inquiry,
                         const struct call *call, message_reply_fn fn, void *arg)
{
    enum status st;

    self->subject = asker_subject(asker, inquiry->subject);
    self->call = call;
    self->data = inquiry->data;
    self->len = inquiry->len;
    self->other = inquiry->other ? inquiry->other : "";
    self->deadline_ms = call->deadline_ms - (self->other[0] ? call_left_ms(call) / 4 : 0);
    self->retries_left = inquiry->again ? inquiry->retries : 0;
    self->hedges = inquiry->again && inquiry->hedge;
    self->timed_out = false;
    self->n_retries = 0;
    self->n_hedges = self->n_open = 0;
    for (size_t i = 0; i < ASKING_ATTEMPTS; i++)
        self->attempts[i].open = false;
    self->pause.fn = on_pause_over;
    self->pause.arg = self;
    st = send(self, &self->attempts[0]);
    if (st != ST_OK && !ask_other(self))
        return st;
    self->fn = fn;
    self->arg = arg;
    if (self->retries_left > 0 || self->other[0] || self->hedges)
        keep(self);
    if (self->hedges)
        asker_await(self);
    return ST_OK;
}

void asking_cancel(struct asking *self)
{
    if (!self->fn)
        return;
    for (size_t i = 0; i < ASKING_ATTEMPTS; i++)
        if (self->attempts[i].open)
            message_client_cancel(self->subject->asker->config.client, self->attempts[i].token);
    settle(self);
}
