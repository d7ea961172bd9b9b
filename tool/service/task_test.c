/* The way of a request through the skeleton, with the wire replaced: this file stands in for
 * tool/message, so that requests are made and answers are read here. */
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

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/wait_room.h"

enum { PATIENCE_MS = 20000, ANSWER_MAX = 4096 };

/* ---- the wire ---- */

struct endpoint_request {
    const char *json;
    struct call call;
    int64_t timeout_ms; /* 0 = the caller named none */
    int64_t since_ms;
    atomic_bool answered;
    bool refused;
    struct problem problem;
    char data[ANSWER_MAX], etag[32];
};

const struct message *endpoint_request_message(const struct endpoint_request *r)
{
    return (const struct message *)r;
}

int64_t endpoint_request_since_ms(const struct endpoint_request *r)
{
    return r->since_ms;
}

const char *message_data(const struct message *m, size_t *len)
{
    const struct endpoint_request *r = (const struct endpoint_request *)m;

    *len = strlen(r->json);
    return r->json;
}

const char *message_header(const struct message *m, const char *name)
{
    const struct endpoint_request *r = (const struct endpoint_request *)m;

    return strcmp(name, HEADER_TIMEOUT) == 0 && r->timeout_ms ? "set" : NULL;
}

void message_read_call(const struct message *m, const struct clock *clock,
                       int64_t default_timeout_ms, struct call *call)
{
    const struct endpoint_request *r = (const struct endpoint_request *)m;

    *call = r->call;
    call->clock = clock;
    call->deadline_ms = clock_now_ms(clock) + (r->timeout_ms ? r->timeout_ms : default_timeout_ms);
}

void message_add_header(struct message_out *out, const char *name, const char *value)
{
    out->headers[out->n_headers++] = (struct message_header){name, value};
}

void endpoint_answer(struct endpoint_request *r, const struct message_out *out,
                     const struct problem *problem)
{
    snprintf(r->data, sizeof(r->data), "%.*s", (int)out->len, out->data);
    for (size_t i = 0; i < out->n_headers; i++)
        if (strcmp(out->headers[i].name, HEADER_ETAG) == 0)
            snprintf(r->etag, sizeof(r->etag), "%s", out->headers[i].value);
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
static const struct operation OPERATION = {
    .subject = "shop.order", .request = &ORDER, .reply = &RECEIPT};

static const struct uuid SAGA = {
    {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
};

/* What the use case does next; self of the row. */
struct shop {
    enum status run;
    bool words; /* run says why */
    enum status outcome;
    const char *outcome_code;
    atomic_int runs, asks;
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
    assert_true(order->amount > 0 && receipt->version == 0);
    if (shop->run != ST_OK)
        return shop->words ? call_fail(call, shop->run, "sold_out", "Come back later.") : shop->run;
    *receipt = (struct receipt){.saga_id = SAGA, .state = "PENDING", .version = 7};
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

static enum status shop_wait(void *self, const struct call *call, const void *in, void *out)
{
    struct shop *shop = self;
    struct receipt *receipt = out;

    (void)in;
    atomic_fetch_add(&shop->asks, 1);
    if (shop->outcome == ST_OK)
        TEXT_COPY(receipt->state, "DONE");
    else if (shop->outcome_code)
        return call_fail(call, shop->outcome, shop->outcome_code, "It was undone.");
    return shop->outcome;
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
static struct loop *loop;
static struct served served;
static struct metrics *metrics;

static int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    shop = (struct shop){.outcome = ST_PENDING, .gate = PTHREAD_RWLOCK_INITIALIZER};
    loop = loop_create(&CLOCK_SYSTEM);
    metrics = metrics_create();
    served = (struct served){
        .row = &ROW,
        .self = &shop,
        .pool =
            work_pool_create(&(struct work_pool_config){.name = "t", .threads = 1, .capacity = 2}),
        .room = wait_room_create(loop, &CLOCK_SYSTEM),
        .clock = &CLOCK_SYSTEM,
        .metrics = metrics,
        .expired = metrics_counter(metrics, "expired", "", ""),
        .requests = mem_alloc(TASK_STATUSES, sizeof(*served.requests)),
        .secret_request = true,
    };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    work_pool_destroy(served.pool);
    loop_turn(loop, 0);
    wait_room_destroy(served.room);
    free(served.requests);
    metrics_destroy(metrics);
    loop_destroy(loop);
    log_set_fd(STDERR_FILENO);
    return 0;
}

static void receive(struct endpoint_request *r, const char *json)
{
    r->json = json;
    r->since_ms = clock_now_ms(&CLOCK_SYSTEM);
    task_receive(&served, r);
}

static void turn_until(atomic_bool *flag)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (!atomic_load(flag)) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 10);
    }
}

static void turn_until_count(atomic_int *count, int at_least)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (atomic_load(count) < at_least) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 10);
    }
}

#define GOOD "{\"name\":\"anna\",\"amount\":3}"

static void each_request_gets_the_answer_it_deserves(void **state)
{
    static const struct {
        const char *why, *json;
        enum status run;
        bool words;
        enum status want;
        const char *code;
        int retry_after_s;
        unsigned n_errors;
    } CASES[] = {
        {"good",                           GOOD,                                              ST_OK,          false, ST_OK,          "",                0, 0},
        {"no JSON",                        "{",                                               ST_OK,          false, ST_INVALID,     "invalid_request", 0, 0},
        {"wrong fields",                   "{\"name\":\"\",\"amount\":10}",                   ST_OK,          false, ST_INVALID,
         "invalid_request",                                                                                                                             0, 2},
        {"a check finds more",             "{\"name\":\"\",\"amount\":1,\"card\":\"0000\"}",  ST_OK,          false,
         ST_INVALID,                                                                                                                 "invalid_request", 0, 2},
        {"only the check finds something", "{\"name\":\"a\",\"amount\":1,\"card\":\"0000\"}", ST_OK,
         false,                                                                                                      ST_INVALID,     "invalid_request", 0, 1},
        {"refused with words",             GOOD,                                              ST_CONFLICT,    true,  ST_CONFLICT,    "sold_out",        0, 0},
        {"refused without",                GOOD,                                              ST_NOT_FOUND,   false, ST_NOT_FOUND,   "not_found",       0, 0},
        {"away",                           GOOD,                                              ST_UNAVAILABLE, false, ST_UNAVAILABLE, "unavailable",     1, 0},
        {"away with words",                GOOD,                                              ST_UNAVAILABLE, true,  ST_UNAVAILABLE, "sold_out",        1, 0},
        {"maybe",                          GOOD,                                              ST_UNCERTAIN,   false, ST_UNCERTAIN,   "uncertain",       0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct endpoint_request r = {0};

        shop.run = CASES[i].run;
        shop.words = CASES[i].words;
        receive(&r, CASES[i].json);
        turn_until(&r.answered);
        if (r.problem.status != CASES[i].want || strcmp(r.problem.code, CASES[i].code) != 0 ||
            r.problem.retry_after_s != CASES[i].retry_after_s ||
            r.problem.n_errors != CASES[i].n_errors)
            fail_msg("%s: %s", CASES[i].why, r.data);
        assert_int_equal(r.refused, CASES[i].want != ST_OK);
        assert_string_equal(r.etag, CASES[i].want == ST_OK ? "\"7\"" : "");
    }
}

static void replies_and_problems_are_json(void **state)
{
    struct endpoint_request good = {0}, bad = {.call.request_id = "r-1"};

    (void)state;
    receive(&good, GOOD);
    turn_until(&good.answered);
    assert_string_equal(
        good.data, "{\"sagaId\":\"01020304-0506-0708-090a-0b0c0d0e0f10\",\"state\":\"PENDING\"}");
    receive(&bad, "{}");
    turn_until(&bad.answered);
    assert_non_null(strstr(bad.data, "\"requestId\":\"r-1\""));
    assert_non_null(strstr(bad.data, "\"field\":\"name\""));
    assert_non_null(strstr(bad.data, "\"field\":\"amount\""));
}

static void work_whose_caller_has_given_up_is_not_started(void **state)
{
    struct endpoint_request first = {0}, late = {.timeout_ms = 1};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&first, GOOD);
    turn_until_count(&shop.runs, 1);
    receive(&late, GOOD);
    while (clock_now_ms(&CLOCK_SYSTEM) - late.since_ms < 5)
        loop_turn(loop, 1);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&late.answered);
    assert_int_equal(late.problem.status, ST_TIMEOUT);
    assert_int_equal(shop.runs, 1);
    assert_int_equal(metric_value(served.expired), 1);
    turn_until(&first.answered);
}

static void a_full_queue_answers_at_once(void **state)
{
    struct endpoint_request running = {0}, queued[2] = {{0}}, refused = {.call.request_id = "r-9"};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&running, GOOD);
    turn_until_count(&shop.runs, 1);
    receive(&queued[0], GOOD);
    receive(&queued[1], GOOD);
    receive(&refused, GOOD);
    assert_true(refused.answered);
    assert_int_equal(refused.problem.status, ST_OVERLOADED);
    assert_int_equal(refused.problem.retry_after_s, 1);
    assert_non_null(strstr(refused.data, "\"requestId\":\"r-9\""));
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&queued[1].answered);
    assert_false(queued[1].refused);
}

static void who_waits_is_woken_by_the_end(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1); /* asked now and then, to no avail */
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    loop_turn(loop, 0);
    shop.outcome = ST_OK;
    wait_room_woken(served.room, (struct uuid){{9}}); /* somebody else's */
    wait_room_woken(served.room, SAGA);
    turn_until(&r.answered);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void an_end_before_the_wait_is_not_overlooked(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    pthread_rwlock_wrlock(&shop.gate);
    receive(&r, GOOD);
    turn_until_count(&shop.runs, 1);
    shop.outcome = ST_OK;
    wait_room_woken(served.room, SAGA); /* before run has returned */
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&r.answered);
    assert_int_equal(shop.asks, 1);
    assert_non_null(strstr(r.data, "\"state\":\"DONE\""));
}

static void an_end_elsewhere_is_found_by_asking(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.outcome = ST_CONFLICT;
    shop.outcome_code = "email_taken";
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_string_equal(r.problem.code, "email_taken");
}

static void an_outage_while_waiting_is_not_the_outcome(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.outcome = ST_UNAVAILABLE;
    receive(&r, GOOD);
    turn_until_count(&shop.asks, 1);
    assert_false(r.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    shop.outcome_code = "signup_compensated"; /* the same status, but with a word of its own */
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_UNAVAILABLE);
    assert_string_equal(r.problem.code, "signup_compensated");
}

static void when_the_time_is_over_the_reply_is_as_it_was(void **state)
{
    static const struct {
        int32_t wait_ms;
        int64_t timeout_ms;
    } CASES[] = {
        {400,   0  },
        {30000, 450},
        {1,     0  }
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct endpoint_request r = {.call.wait_ms = CASES[i].wait_ms,
                                     .timeout_ms = CASES[i].timeout_ms};

        receive(&r, GOOD);
        turn_until(&r.answered);
        assert_false(r.refused);
        assert_non_null(strstr(r.data, "\"state\":\"PENDING\""));
    }
}

static void closing_answers_all_who_wait_and_all_who_come(void **state)
{
    struct endpoint_request sitting = {.call.wait_ms = 10000}, coming = {.call.wait_ms = 10000};

    (void)state;
    receive(&sitting, GOOD);
    turn_until_count(&shop.asks, 1);
    pthread_rwlock_wrlock(&shop.gate);
    receive(&coming, GOOD);
    turn_until_count(&shop.runs, 2);
    wait_room_close(served.room);
    turn_until(&sitting.answered);
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&coming.answered);
    assert_non_null(strstr(sitting.data, "PENDING"));
    assert_non_null(strstr(coming.data, "PENDING"));
}

static void a_refused_start_does_not_wait(void **state)
{
    struct endpoint_request r = {.call.wait_ms = 10000};

    (void)state;
    shop.run = ST_CONFLICT;
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_int_equal(r.problem.status, ST_CONFLICT);
    assert_int_equal(shop.asks, 0);
}

static void requests_are_counted_by_status(void **state)
{
    struct endpoint_request good = {0}, bad = {0};
    char *text;
    size_t len;

    (void)state;
    receive(&good, GOOD);
    turn_until(&good.answered);
    receive(&bad, "{}");
    turn_until(&bad.answered);
    work_pool_drain(served.pool, PATIENCE_MS);
    text = metrics_text(metrics, &len);
    assert_non_null(
        strstr(text, "hanok_requests_total{subject=\"shop.order\",status=\"200\"} 1\n"));
    assert_non_null(
        strstr(text, "hanok_requests_total{subject=\"shop.order\",status=\"400\"} 1\n"));
    free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_request_gets_the_answer_it_deserves),
        TEST(replies_and_problems_are_json),
        TEST(work_whose_caller_has_given_up_is_not_started),
        TEST(a_full_queue_answers_at_once),
        TEST(who_waits_is_woken_by_the_end),
        TEST(an_end_before_the_wait_is_not_overlooked),
        TEST(an_end_elsewhere_is_found_by_asking),
        TEST(an_outage_while_waiting_is_not_the_outcome),
        TEST(when_the_time_is_over_the_reply_is_as_it_was),
        TEST(closing_answers_all_who_wait_and_all_who_come),
        TEST(a_refused_start_does_not_wait),
        TEST(requests_are_counted_by_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
