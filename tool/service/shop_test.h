/* shop_test.h - a service of one endpoint for tests, with the wire replaced: it stands in for
 * tool/message, so that requests are made and answers are read by the test. */
#ifndef TOOL_SERVICE_SHOP_TEST_H
#define TOOL_SERVICE_SHOP_TEST_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/work_pool_test.h"
#include "tool/metrics/by_status.h"
#include "tool/saga/saga_engine.h"
#include "tool/service/task.h"

enum { PATIENCE_MS = 120000, ANSWER_MAX = 4096 };

#define GOOD "{\"name\":\"anna\",\"amount\":3}"

/* ---- the wire ---- */

struct responder_request {
    const char *json;
    struct call call;
    int64_t timeout_ms; /* 0 = the caller named none */
    int64_t since_ms;
    atomic_bool answered;
    bool refused;
    struct problem problem;
    char data[ANSWER_MAX], etag[32], code[8]; /* code: beside a reply */
};

const struct message *responder_request_message(const struct responder_request *r)
{
    return (const struct message *)r;
}

int64_t responder_request_since_ms(const struct responder_request *r)
{
    return r->since_ms;
}

const char *message_data(const struct message *m, size_t *len)
{
    const struct responder_request *r = (const struct responder_request *)m;

    *len = strlen(r->json);
    return r->json;
}

const char *message_header(const struct message *m, const char *name)
{
    const struct responder_request *r = (const struct responder_request *)m;

    if (strcmp(name, HEADER_AUTH_SUBJECT) == 0)
        return r->call.user[0] ? r->call.user : NULL;
    return strcmp(name, HEADER_TIMEOUT) == 0 && r->timeout_ms ? "set" : NULL;
}

void message_read_call(const struct message *m, const struct clock *clock,
                       int64_t default_timeout_ms, struct call *call)
{
    const struct responder_request *r = (const struct responder_request *)m;

    *call = r->call;
    call->clock = clock;
    call->deadline_ms = clock_now_ms(clock) + (r->timeout_ms ? r->timeout_ms : default_timeout_ms);
}

void message_add_header(struct message_out *out, const char *name, const char *value)
{
    out->headers[out->n_headers++] = (struct message_header){name, value};
}

void responder_answer(struct responder_request *r, const struct message_out *out,
                      const struct problem *problem, struct loop_tasks *together)
{
    (void)together;
    snprintf(r->data, sizeof(r->data), "%.*s", (int)out->len, out->data);
    for (size_t i = 0; i < out->n_headers; i++) {
        if (strcmp(out->headers[i].name, HEADER_ETAG) == 0)
            snprintf(r->etag, sizeof(r->etag), "%s", out->headers[i].value);
        if (strcmp(out->headers[i].name, HEADER_ERROR_CODE) == 0)
            snprintf(r->code, sizeof(r->code), "%s", out->headers[i].value);
    }
    r->refused = problem != NULL;
    if (problem)
        r->problem = *problem;
    atomic_store(&r->answered, true);
}

/* ---- a service of one endpoint ---- */

struct order {
    char name[16], card[16];
    int64_t amount;
};

struct receipt {
    struct uuid saga_id;
    char state[16];
    int64_t version;
};

static const struct rule NAME_RULE = {.min = 1, .max = 8, .reason = "must be 1 to 8 characters"};
/* clang-format off */
static const struct field ORDER_FIELDS[] = {
    FIELD(struct order, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &NAME_RULE),
    FIELD(struct order, card, "card", FIELD_TEXT, FIELD_SECRET, .rule = NULL),
    FIELD(struct order, amount, "amount", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = 9),
};
static const struct field RECEIPT_FIELDS[] = {
    FIELD(struct receipt, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct receipt, state, "state", FIELD_TEXT, FIELD_REQUIRED, .rule = NULL),
};
/* clang-format on */
static const struct descriptor ORDER = DESCRIPTOR(struct order, "Order", ORDER_FIELDS, "");
static const struct descriptor RECEIPT = DESCRIPTOR(struct receipt, "Receipt", RECEIPT_FIELDS, "");
static const struct operation_error ERRORS[] = {
    {ST_CONFLICT,    "sold_out",           "There is none left."},
    {ST_UNAVAILABLE, "sold_out",           "Not for now."       },
    {ST_NOT_FOUND,   "not_found",          "There never was."   },
    {ST_CONFLICT,    "email_taken",        "It is another's."   },
    {ST_UNAVAILABLE, "signup_compensated", "Undone."            },
    {ST_OK,          NULL,                 NULL                 },
};
static const struct operation OPERATION = {
    .subject = "shop.order",
    .request = &ORDER,
    .reply = &RECEIPT,
    .waits = true,
    .pending = "The shelf is being counted.",
    .errors = ERRORS,
};

static const struct uuid SAGA = {
    {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
};

/* What the use case does next; self of the row. */
struct shop {
    enum status run;
    bool words;           /* run says why */
    enum status found;    /* what the database says when asked for the saga ... */
    struct saga_view end; /* ... and how it goes there */
    atomic_int runs, asks, ends;
    pthread_rwlock_t gate; /* held for writing: run waits */
};

static enum status shop_run(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    const struct order *order = in;
    struct receipt *receipt = out;

    atomic_fetch_add(&shop->runs, 1);
    pthread_rwlock_rdlock(&shop->gate);
    pthread_rwlock_unlock(&shop->gate);
    ASSERT(order->amount > 0 && receipt->version == 0);
    *receipt = (struct receipt){.saga_id = SAGA, .state = "PENDING", .version = 7};
    if (shop->run != ST_OK)
        return shop->words ? call_fail(call, shop->run, "sold_out", "Come back later.") : shop->run;
    return ST_OK;
}

static enum status shop_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct order *order = in;

    (void)self;
    (void)out;
    if (strcmp(order->card, "0000") == 0)
        return problem_field(call->problem, "card", "must be a real one");
    return ST_OK;
}

static enum status shop_wait(void *self, const struct call *call, const struct saga_view *end,
                             void *out)
{
    struct shop *shop = self;
    struct receipt *receipt = out;

    atomic_fetch_add(&shop->ends, 1);
    if (!end)
        return call_fail(call, ST_UNAVAILABLE, "signup_compensated", "It was undone.");
    if (end->state == SAGA_COMPENSATED)
        return call_fail(call, ST_CONFLICT, end->reason, "It was undone.");
    TEXT_COPY(receipt->state, "DONE");
    return ST_OK;
}

static const struct endpoint ROW = {
    .op = &OPERATION,
    .run = shop_run,
    .check = shop_check,
    .wait = shop_wait,
    .wait_key = offsetof(struct receipt, saga_id),
    .etag = offsetof(struct receipt, version),
    .timeout_ms = 5000,
};

static struct shop shop;

/* The database of sagas. */
static enum status shop_find(struct saga_store *self, const struct call *call, struct uuid id,
                             struct saga_record *out)
{
    (void)self;
    ASSERT(uuid_equal(id, SAGA));
    atomic_fetch_add(&shop.asks, 1);
    if (call_expired(call))
        return ST_UNAVAILABLE; /* as the database's driver says when it is asked too late */
    *out = (struct saga_record){.view = shop.end};
    return shop.found;
}

static const struct saga_store_ops SHOP_STORE_OPS = {.find = shop_find};
static struct saga_store shop_store = {&SHOP_STORE_OPS};
static struct loop *loop;
static struct endpoint_run served;
static struct metrics *metrics;
static int undeclared; /* refusals a test makes on purpose */

static inline int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    shop = (struct shop){
        .end = {.id = SAGA, .state = SAGA_PROCESSING},
          .gate = PTHREAD_RWLOCK_INITIALIZER
    };
    loop = loop_create(&CLOCK_SYSTEM);
    metrics = metrics_create();
    undeclared = 0;
    served = (struct endpoint_run){
        .row = &ROW,
        .self = &shop,
        .pool =
            work_pool_create(&(struct work_pool_config){.name = "t", .threads = 1, .capacity = 2}),
        .room = wait_room_create(loop, &CLOCK_SYSTEM, sizeof(struct saga_view)),
        .sagas = saga_engine_create(
            &(struct saga_engine_config){.store = &shop_store, .clock = &CLOCK_SYSTEM}),
        .clock = &CLOCK_SYSTEM,
        .expired = metrics_counter(metrics, "expired", "", ""),
        .shed = metrics_counter(metrics, "shed", "", ""),
        .undeclared = metrics_counter(metrics, "undeclared", "", ""),
        .requests =
            metrics_by_status_create(metrics, "hanok_requests_total", "", "subject=\"shop.order\""),
        .secret_request = true,
    };
    served.wait_pool = served.pool;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    work_pool_destroy(served.pool);
    ASSERT(metric_value(served.undeclared) == undeclared);
    loop_turn(loop, 0);
    wait_room_destroy(served.room);
    saga_engine_destroy(served.sagas);
    metrics_by_status_destroy(served.requests);
    metrics_destroy(metrics);
    loop_destroy(loop);
    log_set_fd(STDERR_FILENO);
    return 0;
}

/* From now on another row, once nobody is at the one before. */
/* From a copy: a test may be over while a thread still tidies up after its answer. */
static inline void serve(const struct endpoint *row)
{
    static struct endpoint kept;

    work_pool_drain(served.pool, PATIENCE_MS);
    kept = *row;
    served.row = &kept;
}

static inline void receive(struct responder_request *r, const char *json)
{
    r->json = json;
    r->since_ms = clock_now_ms(&CLOCK_SYSTEM);
    task_receive(&served, r);
}

static inline void turn_until(atomic_bool *flag)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (!atomic_load(flag)) {
        ASSERT(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 10);
    }
}

static inline void turn_until_count(atomic_int *count, int at_least)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (atomic_load(count) < at_least) {
        ASSERT(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 10);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
