/* The way of a request through the skeleton. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <malloc.h>

#include <cmocka.h>

#include "tool/service/shop_test.h"

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
        struct responder_request r = {0};

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

/* A newer instance may ask already, or still. */
static void what_is_unknown_is_skipped_only_between_services(void **state)
{
    static const char NEWER[] = "{\"name\":\"anna\",\"amount\":3,\"nickname\":\"annie\"}";
    struct operation internal = OPERATION;
    struct endpoint row = ROW;
    struct responder_request outside = {0}, inside = {0}, wrong = {0};

    (void)state;
    receive(&outside, NEWER);
    turn_until(&outside.answered);
    assert_int_equal(outside.problem.status, ST_INVALID);
    assert_string_equal(outside.problem.errors[0].field, "nickname");
    internal.internal = true;
    row.op = &internal;
    serve(&row);
    receive(&inside, NEWER);
    turn_until(&inside.answered);
    assert_false(inside.refused);
    receive(&wrong, "{\"name\":\"anna\",\"amount\":10,\"nickname\":\"annie\"}");
    turn_until(&wrong.answered);
    assert_int_equal(wrong.problem.status, ST_INVALID);
    assert_int_equal(wrong.problem.n_errors, 1);
}

static void a_refusal_nobody_was_told_of_is_a_bug(void **state)
{
    struct operation silent = OPERATION;
    struct endpoint row = ROW;
    struct responder_request r = {0}, away = {0};

    (void)state;
    silent.errors = NULL;
    row.op = &silent;
    serve(&row);
    shop.run = ST_CONFLICT;
    shop.words = true;
    receive(&r, GOOD);
    turn_until(&r.answered);
    assert_string_equal(r.problem.code, "sold_out");
    shop.words = false;
    shop.run = ST_UNAVAILABLE;
    receive(&away, GOOD);
    turn_until(&away.answered);
    undeclared = 1;
}

static void a_202_nobody_was_told_of_is_a_bug(void **state)
{
    struct operation hasty = OPERATION;
    struct endpoint row = ROW;
    struct responder_request told = {0}, untold = {0};

    (void)state;
    shop.run = ST_PENDING;
    receive(&told, GOOD);
    turn_until(&told.answered);
    assert_string_equal(told.code, "202");
    hasty.pending = NULL;
    row.op = &hasty;
    serve(&row);
    receive(&untold, GOOD);
    turn_until(&untold.answered);
    assert_string_equal(untold.code, "202");
    undeclared = 1;
}

static void replies_and_problems_are_json(void **state)
{
    struct responder_request good = {0}, bad = {.call.request_id = "r-1"};

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

struct wish {
    struct uuid user_id;
    int64_t amount;
};

static const struct field WISH_FIELDS[] = {
    FIELD(struct wish, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, amount, "amount", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = 9),
};
static const struct descriptor WISH = DESCRIPTOR(struct wish, "Wish", WISH_FIELDS, "");

static enum status grant(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)in;
    (void)out;
    return call_fail(call, ST_NOT_FOUND, NULL, "There is no such wish.");
}

/* 401, then 403, then 400, then 404: each is told to whom the one before it is not. */
static void who_may_not_ask_learns_nothing_else(void **state)
{
#define OWN "01000000-0000-0000-0000-000000000000"
#define OTHER "02000000-0000-0000-0000-000000000000"
    static const struct operation op = {
        .subject = "shop.wish",
        .request = &WISH,
        .errors = ERRORS,
        .access = {ACCESS_OWNER_OR_ROLE, "admin", offsetof(struct wish, user_id)},
    };
    static const struct endpoint row = {.op = &op, .run = grant, .timeout_ms = 5000};
    static const struct {
        const char *why, *subject, *roles, *json;
        enum status want;
        unsigned n_errors;
    } cases[] = {
        {"nobody, and no JSON",           "",  "",      "{",                                       ST_UNAUTHENTICATED, 0},
        {"nobody, and wrong fields",      "",  "admin", "{}",                                      ST_UNAUTHENTICATED, 0},
        {"another's, and wrong fields",   OWN, "",      "{\"userId\":\"" OTHER "\",\"amount\":0}",
         ST_FORBIDDEN,                                                                                                 0},
        {"another's, which is not there", OWN, "",      "{\"userId\":\"" OTHER "\",\"amount\":1}",
         ST_FORBIDDEN,                                                                                                 0},
        {"own, and wrong fields",         OWN, "",      "{\"userId\":\"" OWN "\",\"amount\":0}",   ST_INVALID,         1},
        {"no id",                         OWN, "",      "{\"userId\":\"me\",\"amount\":0}",        ST_INVALID,         2},
        {"own",                           OWN, "",      "{\"userId\":\"" OWN "\",\"amount\":1}",   ST_NOT_FOUND,       0},
        {"an admin",                      OWN, "admin", "{\"userId\":\"" OTHER "\",\"amount\":1}", ST_NOT_FOUND,       0},
    };

    (void)state;
    serve(&row);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct responder_request r = {0};

        TEXT_COPY(r.call.user, cases[i].subject);
        TEXT_COPY(r.call.roles, cases[i].roles);
        receive(&r, cases[i].json);
        turn_until(&r.answered);
        if (r.problem.status != cases[i].want || r.problem.n_errors != cases[i].n_errors)
            fail_msg("%s: %s", cases[i].why, r.data);
    }
}

/* A page of a hundred rows is made by the one thread that fills it, not by each in the queue. */
static void a_request_that_waits_holds_no_reply(void **state)
{
    struct descriptor page = RECEIPT;
    struct operation list = OPERATION;
    struct endpoint row = ROW;
    struct responder_request running = {0}, waiting = {0};
    struct mallinfo2 before, after;

    (void)state;
    page.size = 64 << 20;
    list.reply = &page;
    row.op = &list;
    serve(&row);
    pthread_rwlock_wrlock(&shop.gate);
    receive(&running, GOOD);
    turn_until_count(&shop.runs, 1);
    before = mallinfo2();
    receive(&waiting, GOOD);
    after = mallinfo2();
    pthread_rwlock_unlock(&shop.gate);
    turn_until(&waiting.answered);
    assert_true(after.hblkhd < before.hblkhd + page.size);
    assert_false(waiting.refused);
}

static void requests_are_counted_by_status(void **state)
{
    struct responder_request good = {0}, bad = {0};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_request_gets_the_answer_it_deserves),
        TEST(what_is_unknown_is_skipped_only_between_services),
        TEST(a_refusal_nobody_was_told_of_is_a_bug),
        TEST(a_202_nobody_was_told_of_is_a_bug),
        TEST(replies_and_problems_are_json),
        TEST(who_may_not_ask_learns_nothing_else),
        TEST(a_request_that_waits_holds_no_reply),
        TEST(requests_are_counted_by_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
