/* provider_memory.c - see provider_memory.h. */
#include "test/support/provider_memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/remote/memory/remote_memory.h"

enum { FLAKY_MAX = 256 };

/* A card: what it does is always the same. */
struct token {
    const char *name, *declines, *capture_declines;
    int answer_after_ms;
    unsigned errors; /* so many times nothing is done */
    bool silent;     /* nothing is ever done */
    bool closes;     /* it is done, and never answered */
};

/* clang-format off */
static const struct token TOKENS[] = {
    {.name = ""},
    {.name = "tok_ok"},
    {.name = "tok_declined", .declines = "declined"},
    {.name = "tok_insufficient_funds", .declines = "insufficient_funds"},
    {.name = "tok_slow_3s", .answer_after_ms = 3000},
    {.name = "tok_late_15s", .answer_after_ms = 15000},
    {.name = "tok_no_answer", .closes = true},
    {.name = "tok_black_hole", .silent = true},
    {.name = "tok_flaky_2", .errors = 2},
    {.name = "tok_webhook_first"},
    {.name = "tok_webhook_twice"},
    {.name = "tok_webhook_reversed"},
    {.name = "tok_capture_fails", .capture_declines = "capture_failed"},
};
/* clang-format on */
static const struct token UNKNOWN = {.declines = "unknown_token"};

struct provider_memory {
    struct remote_memory base;
    pthread_mutex_t lock;
    struct provider_entry book[PROVIDER_MEMORY_MAX];
    size_t n;
    struct {
        char key[PROVIDER_KEY_SIZE];
        unsigned times;
    } flaky[FLAKY_MAX];
    size_t n_flaky;
    unsigned asked, lose, mistake;
    bool down;
};

static struct provider_memory *self_of(struct remote *base)
{
    return container_of(base, struct provider_memory, base.base);
}

static const struct token *token_of(const char *method)
{
    for (size_t i = 0; i < ARRAY_LEN(TOKENS); i++)
        if (strcmp(TOKENS[i].name, method) == 0)
            return &TOKENS[i];
    return &UNKNOWN;
}

static const struct provider_entry *entry_of(const struct provider_memory *self, const char *key)
{
    for (size_t i = 0; i < self->n; i++)
        if (strcmp(self->book[i].operation.key, key) == 0)
            return &self->book[i];
    return NULL;
}

/* What was done of that kind for an authorization. */
static int64_t done(const struct provider_memory *self, const char *of, int kind, bool *any)
{
    int64_t sum = 0;

    *any = false;
    for (size_t i = 0; i < self->n; i++) {
        const struct provider_entry *e = &self->book[i];
        if (e->operation.kind != kind || e->outcome.state != PROVIDER_DONE ||
            strcmp(e->operation.of, of) != 0)
            continue;
        *any = true;
        sum += e->operation.money.amount;
    }
    return sum;
}

/* Why it is declined; NULL: it is done. */
static const char *refusal(const struct provider_memory *self, const struct provider_operation *op)
{
    const struct provider_entry *held = entry_of(self, op->of);
    bool captured, voided, any;
    int64_t taken = done(self, op->of, PROVIDER_CAPTURE, &captured);
    int64_t given = done(self, op->of, PROVIDER_REFUND, &any);

    (void)done(self, op->kind == PROVIDER_AUTHORIZE ? op->key : op->of, PROVIDER_VOID, &voided);
    if (op->kind == PROVIDER_AUTHORIZE)
        return voided ? "voided" : token_of(op->method)->declines;
    if (op->kind == PROVIDER_VOID)
        return captured ? "already_captured" : NULL;
    if (!held || held->outcome.state != PROVIDER_DONE)
        return "unknown_authorization";
    if (strcmp(held->operation.money.currency, op->money.currency) != 0)
        return "currency_mismatch";
    if (op->kind == PROVIDER_REFUND)
        return op->money.amount > taken - given ? "exceeds_captured" : NULL;
    if (voided || captured)
        return voided ? "voided" : "already_captured";
    return op->money.amount > held->operation.money.amount
               ? "exceeds_authorized"
               : token_of(held->operation.method)->capture_declines;
}

static const struct provider_entry *enter(struct provider_memory *self,
                                          const struct provider_operation *op, const char *why)
{
    struct provider_entry *e = &self->book[self->n++];

    ASSERT(self->n < PROVIDER_MEMORY_MAX);
    *e = (struct provider_entry){.operation = *op};
    e->outcome.state = why ? PROVIDER_DECLINED : PROVIDER_DONE;
    TEXT_COPY(e->outcome.reason, why ? why : "");
    return e;
}

/* Whether this is one of the times at which it fails. */
static bool is_flaky(struct provider_memory *self, const struct provider_operation *op)
{
    size_t i = 0;

    if (token_of(op->method)->errors == 0)
        return false;
    while (i < self->n_flaky && strcmp(self->flaky[i].key, op->key) != 0)
        i++;
    ASSERT(i < FLAKY_MAX);
    if (i == self->n_flaky)
        TEXT_COPY(self->flaky[self->n_flaky++].key, op->key);
    return self->flaky[i].times++ < token_of(op->method)->errors;
}

static void say(struct provider_memory *self, const struct provider_entry *e,
                struct provider_entry *out)
{
    *out = *e;
    if (self->mistake > 0) {
        self->mistake--;
        out->operation.money.amount++;
    }
}

static enum status answer(struct provider_memory *self, const struct call *call,
                          const struct provider_operation *op, struct provider_entry *out)
{
    const struct token *token = token_of(op->method);
    const struct provider_entry *e = entry_of(self, op->key);

    if (!e && token->silent)
        return ST_TIMEOUT;
    if (!e && is_flaky(self, op))
        return ST_UNCERTAIN;
    if (!e)
        e = enter(self, op, refusal(self, op));
    if (self->lose > 0) {
        self->lose--;
        return ST_TIMEOUT;
    }
    if (token->closes || token->answer_after_ms > call_left_ms(call))
        return token->closes ? ST_UNCERTAIN : ST_TIMEOUT;
    say(self, e, out);
    return ST_OK;
}

/* Nobody is asked. */
static bool is_away(const struct provider_memory *self, const struct call *call)
{
    return self->down || call_expired(call);
}

static enum status memory_ask(void *base, const struct call *call, const void *in, void *out)
{
    struct provider_memory *self = base;
    enum status st;

    pthread_mutex_lock(&self->lock);
    self->asked++;
    st = is_away(self, call) ? ST_OVERLOADED : answer(self, call, in, out);
    pthread_mutex_unlock(&self->lock);
    return st;
}

static enum status memory_find(void *base, const struct call *call, const void *in, void *out)
{
    const struct provider_query *query = in;
    struct provider_memory *self = base;
    const struct provider_entry *e;
    enum status st;

    pthread_mutex_lock(&self->lock);
    e = entry_of(self, query->key);
    st = is_away(self, call) ? ST_OVERLOADED : e ? ST_OK : ST_NOT_FOUND;
    if (st == ST_OK)
        say(self, e, out);
    pthread_mutex_unlock(&self->lock);
    return st;
}

static enum status memory_book(void *base, const struct call *call, const void *in, void *out)
{
    const struct provider_since *since = in;
    struct provider_memory *self = base;
    struct provider_page *page = out;
    const struct provider_entry *last;
    size_t from, max = (size_t)since->limit;
    enum status st;

    pthread_mutex_lock(&self->lock);
    last = since->after[0] ? entry_of(self, since->after) : NULL;
    from = last ? (size_t)(last - self->book) + 1 : 0;
    st = is_away(self, call) ? ST_OVERLOADED : since->after[0] && !last ? ST_NOT_FOUND : ST_OK;
    if (st == ST_OK) {
        page->n_items = self->n - from < max ? self->n - from : max;
        memcpy(page->items, &self->book[from], page->n_items * sizeof(page->items[0]));
    }
    pthread_mutex_unlock(&self->lock);
    return st;
}

static const struct remote_answer ANSWERS[] = {
    {&PROVIDER_ASK,  memory_ask },
    {&PROVIDER_FIND, memory_find},
    {&PROVIDER_BOOK, memory_book},
};

struct remote *provider_memory_create(void)
{
    struct provider_memory *self = MEM_NEW(struct provider_memory);

    remote_memory_init(&self->base, ANSWERS, ARRAY_LEN(ANSWERS), self);
    pthread_mutex_init(&self->lock, NULL);
    return &self->base.base;
}

void provider_memory_destroy(struct remote *provider)
{
    pthread_mutex_destroy(&self_of(provider)->lock);
    free(self_of(provider));
}

/* ---- for tests ---- */

void provider_memory_up(struct remote *provider, bool up)
{
    struct provider_memory *self = self_of(provider);

    pthread_mutex_lock(&self->lock);
    self->down = !up;
    pthread_mutex_unlock(&self->lock);
}

void provider_memory_mistake(struct remote *provider, unsigned n)
{
    struct provider_memory *self = self_of(provider);

    pthread_mutex_lock(&self->lock);
    self->mistake = n;
    pthread_mutex_unlock(&self->lock);
}

void provider_memory_lose(struct remote *provider, unsigned n)
{
    struct provider_memory *self = self_of(provider);

    pthread_mutex_lock(&self->lock);
    self->lose = n;
    pthread_mutex_unlock(&self->lock);
}

unsigned provider_memory_asked(struct remote *provider)
{
    struct provider_memory *self = self_of(provider);
    unsigned asked;

    pthread_mutex_lock(&self->lock);
    asked = self->asked;
    pthread_mutex_unlock(&self->lock);
    return asked;
}

int64_t provider_memory_net(struct remote *provider, const char *key, bool *held)
{
    struct provider_memory *self = self_of(provider);
    const struct provider_entry *e;
    bool captured, voided, any;
    int64_t net;

    pthread_mutex_lock(&self->lock);
    e = entry_of(self, key);
    net = done(self, key, PROVIDER_CAPTURE, &captured) - done(self, key, PROVIDER_REFUND, &any);
    (void)done(self, key, PROVIDER_VOID, &voided);
    *held = e && e->outcome.state == PROVIDER_DONE && !captured && !voided;
    pthread_mutex_unlock(&self->lock);
    return net;
}

void provider_memory_forge(struct remote *provider, const struct provider_operation *operation)
{
    struct provider_memory *self = self_of(provider);

    pthread_mutex_lock(&self->lock);
    (void)enter(self, operation, NULL);
    pthread_mutex_unlock(&self->lock);
}
