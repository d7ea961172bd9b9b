/* webhooks.c - see webhooks.h. */
#include "cmd/pgsim/webhooks.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/crypto/webhook.h"
#include "tool/fetch/fetch.h"
#include "tool/metrics/metrics.h"

enum {
    WAITING_MAX = 4096,
    TRIES_MAX = 12,
    TRY_MS = 5000,
    PAUSE_MS = 250, /* after the first try; twice as long after each */
    PAUSE_MAX_MS = 30000,
    REPLY_MAX = 4096,
    IDLE_MS = 3600000,
};

struct webhook {
    struct webhook *next;
    struct charge op;
    int copies, tries;
    int64_t due_ms;
    struct webhook *then; /* is told when this one is over */
    struct loop_task *told;
};

struct webhooks {
    struct webhooks_config config;
    struct fetcher *fetcher;
    struct webhook *held; /* of the loop thread: those that wait for their captures */
    struct metric *taken, *refused, *lost;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    struct webhook *waiting; /* by due_ms */
    unsigned n;
    atomic_bool stop;
};

static const char *type_of(const struct charge *op)
{
    static const char *const TYPES[CHARGE_KINDS] = {
        [CHARGE_AUTHORIZE] = "payment.authorized", [CHARGE_CAPTURE] = "payment.captured",
        [CHARGE_VOID] = "payment.voided",          [CHARGE_REFUND] = "payment.refunded",
        [CHARGE_SETTLE] = "payment.settled",
    };

    return op->state == CHARGE_DONE ? TYPES[op->kind] : "payment.declined";
}

struct event {
    char id[sizeof("evt_") + CHARGE_KEY_MAX], type[24];
    struct charge op;
};

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, id, "id", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Always the same of one operation."),
    FIELD(struct event, type, "type", FIELD_TEXT, FIELD_REQUIRED, .doc = "What has happened."),
    FIELD(struct event, op, "", FIELD_INLINE, 0, .item = &CHARGE_ANSWER),
};
static const struct descriptor EVENT =
    DESCRIPTOR(struct event, "PaymentEvent", EVENT_FIELDS, "What has happened.");

size_t webhooks_body(const struct charge *op, char body[WEBHOOK_BODY_MAX + 1])
{
    struct event event = {.op = *op};
    struct json_out o;

    snprintf(event.id, sizeof(event.id), "evt_%s", op->key);
    TEXT_COPY(event.type, type_of(op));
    json_out_init(&o, body, WEBHOOK_BODY_MAX + 1);
    encode(&EVENT, &event, &o);
    ASSERT(!o.overflow);
    return o.len;
}

/* ---- the thread ---- */

static void insert(struct webhooks *all, struct webhook *one, int64_t due_ms)
{
    struct webhook **at = &all->waiting;

    one->due_ms = due_ms;
    while (*at && (*at)->due_ms <= due_ms)
        at = &(*at)->next;
    one->next = *at;
    *at = one;
    all->n++;
    pthread_cond_signal(&all->changed);
}

/* The next that is due, taken off; NULL = it is to end. */
static struct webhook *next_due(struct webhooks *all)
{
    struct webhook *one = NULL;

    pthread_mutex_lock(&all->lock);
    while (!atomic_load(&all->stop) && !one) {
        int64_t left_ms = IDLE_MS;

        if (all->waiting)
            left_ms = all->waiting->due_ms - clock_now_ms(all->config.clock);
        if (all->waiting && left_ms <= 0) {
            one = all->waiting;
            all->waiting = one->next;
            all->n--;
        } else {
            struct timespec until = waiting_until(left_ms);
            waiting_on(&all->changed, &all->lock, &until);
        }
    }
    pthread_mutex_unlock(&all->lock);
    return one;
}

static bool is_taken(struct webhooks *all, const struct webhook *one)
{
    char body[WEBHOOK_BODY_MAX + 1], signature[WEBHOOK_SIGNATURE_MAX + 1];
    char field[sizeof(WEBHOOK_SIGNATURE_HEADER) + WEBHOOK_SIGNATURE_MAX + 2];
    const char *const fields[] = {"Content-Type: application/json", field, NULL};
    const struct fetch_rule rule = {.size_max = REPLY_MAX,
                                    .timeout_ms = TRY_MS,
                                    .plain = strncmp(all->config.url, "http:", 5) == 0,
                                    .stop = &all->stop};
    struct fetch_question question = {.url = all->config.url, .body = body, .fields = fields};
    struct fetch_answer answer = {.status = 0};
    char why[FETCH_WHY_MAX + 1];
    bool taken;

    question.len = webhooks_body(&one->op, body);
    webhook_sign(all->config.secret, clock_wall_us(all->config.clock) / 1000000, body, question.len,
                 signature);
    snprintf(field, sizeof(field), WEBHOOK_SIGNATURE_HEADER ": %s", signature);
    taken = fetcher_ask(all->fetcher, &question, &rule, &answer, why) == FETCH_ANSWERED &&
            answer.status / 100 == 2;
    log_debug("webhook", LOG_TEXT("key", one->op.key), LOG_TEXT("type", type_of(&one->op)),
              LOG_INT("answer", answer.status));
    free(answer.body);
    return taken;
}

static int64_t pause_ms(int tries)
{
    int64_t ms = (int64_t)PAUSE_MS << (tries - 1);

    return ms < PAUSE_MAX_MS ? ms : PAUSE_MAX_MS;
}

static void put(struct webhooks *all, struct webhook *one, int64_t in_ms)
{
    pthread_mutex_lock(&all->lock);
    insert(all, one, clock_now_ms(all->config.clock) + in_ms);
    pthread_mutex_unlock(&all->lock);
}

static void tell(struct webhooks *all, struct webhook *one)
{
    bool taken = is_taken(all, one);

    metric_add(taken ? all->taken : all->refused, 1);
    one->tries++;
    if (one->told)
        loop_post(all->config.loop, one->told);
    one->told = NULL;
    if (taken ? --one->copies > 0 : one->tries < TRIES_MAX) {
        put(all, one, taken ? 0 : pause_ms(one->tries));
        return;
    }
    if (!taken) {
        metric_add(all->lost, 1);
        log_warn("nobody took a webhook", LOG_TEXT("key", one->op.key));
    }
    if (one->then)
        put(all, one->then, 0);
    free(one);
}

static void *run(void *arg)
{
    struct webhooks *all = arg;
    struct webhook *one;

    pthread_setname_np(pthread_self(), "webhooks");
    while ((one = next_due(all)))
        tell(all, one);
    return NULL;
}

/* ---- the loop's ---- */

static struct metric *count(struct metrics *metrics, const char *outcome)
{
    char labels[64] = "";

    metrics_label(labels, sizeof(labels), "outcome", outcome);
    return metrics_counter(metrics, "hanok_pgsim_webhooks_total",
                           "Webhooks sent, by what became of it.", labels);
}

struct webhooks *webhooks_create(const struct webhooks_config *config)
{
    struct webhooks *all = MEM_NEW(struct webhooks);

    all->config = *config;
    all->fetcher = fetcher_create();
    all->taken = count(config->metrics, "taken");
    all->refused = count(config->metrics, "refused");
    all->lost = count(config->metrics, "lost");
    pthread_mutex_init(&all->lock, NULL);
    waiting_init(&all->changed);
    ASSERT(pthread_create(&all->thread, NULL, run, all) == 0);
    return all;
}

static void free_all(struct webhook *one)
{
    while (one) {
        struct webhook *next = one->next;

        free(one->then);
        free(one);
        one = next;
    }
}

void webhooks_destroy(struct webhooks *all)
{
    if (!all)
        return;
    pthread_mutex_lock(&all->lock);
    atomic_store(&all->stop, true);
    pthread_cond_signal(&all->changed);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->thread, NULL);
    free_all(all->waiting);
    free_all(all->held);
    fetcher_destroy(all->fetcher);
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

static struct webhook *take_held(struct webhooks *all, const char *key)
{
    struct webhook **at = &all->held, *one;

    while (*at && strcmp((*at)->op.key, key) != 0)
        at = &(*at)->next;
    one = *at;
    if (one)
        *at = one->next;
    return one;
}

void webhooks_tell(struct webhooks *all, const struct charge *op, const char *authorization,
                   const struct card *card, struct loop_task *told)
{
    bool held = card->webhook_reversed && op->kind == CHARGE_AUTHORIZE && op->state == CHARGE_DONE;
    bool full;
    struct webhook *one;

    pthread_mutex_lock(&all->lock);
    full = all->n >= WAITING_MAX;
    pthread_mutex_unlock(&all->lock);
    if (told && (held || full || !all->config.url[0]))
        loop_post(all->config.loop, told);
    if (full)
        metric_add(all->lost, 1);
    if (full || !all->config.url[0])
        return;
    one = MEM_NEW(struct webhook);
    *one = (struct webhook){.op = *op, .copies = card->webhook_twice ? 2 : 1, .told = told};
    if (held) {
        one->told = NULL;
        one->next = all->held;
        all->held = one;
        return;
    }
    one->then = take_held(all, authorization);
    put(all, one, 0);
}
