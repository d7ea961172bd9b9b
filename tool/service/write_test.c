/* write_test.c - what is written once, over memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tool/service/write_shop_test.h"

static const struct order THREE = {.saga_id = {{1}}, .amount = 3};
static const struct order TOO_MANY = {.saga_id = {{1}}, .amount = 30};

static const struct endpoint *const ROWS[] = {&BY_SAGA, &FORETOLD, &BY_KEY, &BY_REQUIRED_KEY};

static void an_effect_is_made_once_and_told_alike(void **state)
{
    struct shop *shop = *state;

    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        struct receipt first, again;

        start_anew(shop);
        assert_int_equal(ask(shop, ROWS[i], "k", &THREE, &first), ST_OK);
        assert_int_equal(left(shop), 7);
        assert_int_equal(ask(shop, ROWS[i], "k", &THREE, &again), ST_OK);
        assert_int_equal(left(shop), 7);
        assert_int_equal(first.left, 7);
        if (!ROWS[i]->etag)
            first.version = 0;
        assert_memory_equal(&first, &again, sizeof(first));
    }
}

static void a_refusal_is_kept_and_its_writes_are_not(void **state)
{
    struct shop *shop = *state;

    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        struct receipt receipt;

        start_anew(shop);
        for (int time = 0; time < 2; time++) {
            assert_int_equal(ask(shop, ROWS[i], "k", &TOO_MANY, &receipt), ST_CONFLICT);
            assert_string_equal(shop->problem.code, "sold_out");
            assert_string_equal(shop->problem.detail, "30 are too many.");
            assert_int_equal(left(shop), 10);
            assert_int_equal(receipt.left, time == 0 && !ROWS[i]->run ? -20 : 0);
            memdb_update(shop->shelf, NULL, 0, &(int64_t){10}); /* there may be enough by now */
        }
    }
}

static void what_could_not_be_done_is_no_outcome(void **state)
{
    static const enum status ENDS[] = {ST_UNAVAILABLE, ST_TIMEOUT, ST_OVERLOADED, ST_INTERNAL,
                                       ST_LIMITED};
    struct shop *shop = *state;
    struct receipt receipt;

    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
        start_anew(shop);
        shop->end = ENDS[i];
        assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ENDS[i]);
        assert_int_equal(left(shop), 10);
        shop->end = ST_OK;
        assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_OK);
        assert_int_equal(left(shop), 7);
    }
}

static void a_mistake_of_who_asks_for_a_saga_is_no_outcome(void **state)
{
    static const enum status ENDS[] = {ST_INVALID, ST_FORBIDDEN, ST_TOO_LARGE, ST_PENDING};
    struct shop *shop = *state;
    struct receipt receipt;

    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
        start_anew(shop);
        shop->end = ENDS[i];
        assert_int_equal(ask(shop, &BY_SAGA, "", &THREE, &receipt), ENDS[i]);
        assert_int_equal(left(shop), 10);
        shop->end = ST_OK;
        assert_int_equal(ask(shop, &BY_SAGA, "", &THREE, &receipt), ST_OK);
        assert_int_equal(left(shop), 7);
    }
}

/* t: take three, x: take too many, u: undo. The last answer counts. */
static void an_undo_is_right_in_any_order(void **state)
{
    static const struct {
        const char *order;
        enum status last;
        const char *code;
        int64_t left;
    } cases[] = {
        {"t",    ST_OK,       "",          7 },
        {"tt",   ST_OK,       "",          7 },
        {"u",    ST_OK,       "",          10},
        {"tu",   ST_OK,       "",          10},
        {"tuu",  ST_OK,       "",          10},
        {"ut",   ST_CONFLICT, "cancelled", 10},
        {"utut", ST_CONFLICT, "cancelled", 10},
        {"tut",  ST_CONFLICT, "cancelled", 10},
        {"x",    ST_CONFLICT, "sold_out",  10},
        {"xu",   ST_OK,       "",          10},
        {"xux",  ST_CONFLICT, "sold_out",  10},
        {"xt",   ST_CONFLICT, "sold_out",  10},
    };
    struct shop *shop = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum status got = ST_INTERNAL;
        struct receipt receipt = {0};

        start_anew(shop);
        for (const char *message = cases[i].order; *message; message++)
            got = ask(shop, *message == 'u' ? &UNDO : &BY_SAGA, "",
                      *message == 'x' ? &TOO_MANY : &THREE, &receipt);
        if (got != cases[i].last || strcmp(shop->problem.code, cases[i].code) != 0 ||
            left(shop) != cases[i].left)
            fail_msg("%s: %s %s, %d left", cases[i].order, status_name(got), shop->problem.code,
                     (int)left(shop));
        if (strchr(cases[i].order, 'u') && got == ST_OK)
            assert_int_equal(receipt.left, -1);
    }
}

static void a_key_is_of_one_caller_and_one_request(void **state)
{
    static const struct {
        const char *why;
        const struct endpoint *row;
        const char *subject, *key, *pin, *note;
        enum status want;
        const char *code;
        int64_t left;
    } cases[] = {
        {"the first",                 &BY_KEY,          "",  "k", "1", "n", ST_OK,            "",                       7},
        {"the same",                  &BY_KEY,          "",  "k", "1", "n", ST_OK,            "",                       7},
        {"secrets are no part of it", &BY_KEY,          "",  "k", "2", "n", ST_OK,            "",                       7},
        {"another request",           &BY_KEY,          "",  "k", "1", "m", ST_UNPROCESSABLE, "idempotency_key_reused",
         7                                                                                                               },
        {"another caller",            &BY_KEY,          "b", "k", "1", "m", ST_OK,            "",                       4},
        {"another key",               &BY_KEY,          "",  "l", "1", "m", ST_OK,            "",                       1},
        {"no key, none needed",       &BY_KEY,          "",  "",  "1", "n", ST_CONFLICT,      "sold_out",               1},
        {"no key, one needed",        &BY_REQUIRED_KEY, "",  "",  "1", "n", ST_INVALID,
         "idempotency_key_required",                                                                                    1},
    };
    struct shop *shop = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct write write = {cases[i].row, NULL, shop, &shop->transactor, &shop->barrier};
        struct call call = call_with(shop, cases[i].subject, cases[i].key);
        struct order order = THREE;
        struct receipt receipt = {0};
        enum status got;

        TEXT_COPY(order.pin, cases[i].pin);
        TEXT_COPY(order.note, cases[i].note);
        got = write_run(&write, &call, &order, &receipt);
        if (got != cases[i].want || strcmp(shop->problem.code, cases[i].code) != 0 ||
            left(shop) != cases[i].left)
            fail_msg("%s: %s %s, %d left", cases[i].why, status_name(got), shop->problem.code,
                     (int)left(shop));
    }
    assert_non_null(strstr(shop->problem.detail, "Idempotency-Key: "));
}

static void a_deadlock_starts_afresh(void **state)
{
    struct shop *shop = *state;
    struct receipt receipt;

    shop->deadlocks = 3;
    assert_int_equal(ask(shop, &BY_SAGA, "", &THREE, &receipt), ST_OK);
    assert_int_equal(receipt.left, 7);
    shop->deadlocks = 3;
    assert_int_equal(ask(shop, &UNDO, "", &THREE, &receipt), ST_OK);
    assert_int_equal(left(shop), 10);
}

/* Whichever call fails, is lost, or is the last of a process: what is asked until there is an
 * answer has the effect of once, and the answer is that of a run in which all went well. */
static void try_each_call(struct shop *shop, const struct endpoint *row, const struct order *order,
                          const char *before)
{
    for (enum mode mode = WELL; mode <= DIE; mode++) {
        enum status want = ST_OK;
        int64_t want_left = 0;
        int n_calls = 0;

        for (int at = 0; at <= n_calls; at++) {
            struct receipt receipt;
            enum status got;

            start_anew(shop);
            for (const char *message = before; *message; message++)
                ask(shop, &BY_SAGA, "k", &THREE, &receipt);
            shop->calls = 0;
            shop->mode = at == 0 ? WELL : mode;
            shop->at = at;
            got = ask(shop, row, "k", order, &receipt);
            if (at == 0) {
                want = got;
                want_left = left(shop);
                n_calls = shop->calls;
            }
            if (got != want)
                assert_true(!status_is_refusal(got) ||
                            strcmp(shop->problem.code, "in_progress") == 0);
            shop->mode = WELL;
            if (got != want)
                got = ask(shop, row, "k", order, &receipt);
            if (got != want || left(shop) != want_left)
                fail_msg("mode %d at call %d: %s, %d left", mode, at, status_name(got),
                         (int)left(shop));
        }
        assert_true(n_calls >= 4);
    }
}

static void every_call_may_fail(void **state)
{
    struct shop *shop = *state;

    try_each_call(shop, &BY_SAGA, &THREE, "");
    try_each_call(shop, &BY_SAGA, &THREE, "t");
    try_each_call(shop, &BY_SAGA, &TOO_MANY, "");
    try_each_call(shop, &FORETOLD, &THREE, "");
    try_each_call(shop, &FORETOLD, &TOO_MANY, "");
    try_each_call(shop, &BY_KEY, &THREE, "");
    try_each_call(shop, &BY_KEY, &TOO_MANY, "");
    try_each_call(shop, &UNDO, &THREE, "");
    try_each_call(shop, &UNDO, &THREE, "t");
}

static void an_answer_that_is_foretold_is_kept_without_a_second_write(void **state)
{
    static const struct {
        const struct endpoint *row;
        int calls;
    } cases[] = {
        {&BY_SAGA,  6}, /* BEGIN, enter, take, record, COMMIT, and the way back */
        {&FORETOLD, 5},
    };
    struct shop *shop = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct receipt receipt;
        start_anew(shop);
        assert_int_equal(ask(shop, cases[i].row, "", &THREE, &receipt), ST_OK);
        assert_int_equal(shop->calls, cases[i].calls);
    }
}

static void a_commit_nobody_heard_of_is_asked_for(void **state)
{
    struct shop *shop = *state;
    struct receipt receipt;

    assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_OK);
    start_anew(shop);
    shop->mode = LOSE;
    shop->at = 6; /* BEGIN, enter, take, record, COMMIT, and the way back */
    assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_OK);
    assert_int_equal(receipt.left, 7);
    assert_int_equal(left(shop), 7);
}

static void who_is_still_at_it_is_not_waited_for_beyond_the_deadline(void **state)
{
    struct shop *shop = *state;
    struct receipt receipt;

    shop->busy = true;
    assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_CONFLICT);
    assert_string_equal(shop->problem.code, "in_progress");
    assert_int_equal(shop->problem.retry_after_s, 1);
    assert_int_equal(ask(shop, &BY_SAGA, "", &THREE, &receipt), ST_UNAVAILABLE);
    assert_int_equal(left(shop), 10);
    shop->busy = false;
    assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_OK);
    shop->busy = true; /* by another repeat: the outcome is there to be read */
    assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_OK);
    assert_int_equal(receipt.left, 7);
    assert_int_equal(left(shop), 7);
}

static void an_outcome_too_large_to_keep_has_no_effect(void **state)
{
    struct shop *shop = *state;
    struct order order = THREE;
    struct receipt receipt;

    memset(order.note, '\x01', sizeof(order.note) - 1); /* six bytes each */
    assert_int_equal(ask(shop, &BY_SAGA, "", &order, &receipt), ST_INTERNAL);
    assert_int_equal(left(shop), 10);
}

static void a_refusal_too_long_to_keep_is_told_without_its_fields(void **state)
{
    struct shop *shop = *state;
    struct receipt receipt;

    shop->end = ST_INVALID;
    shop->faults = PROBLEM_ERRORS_MAX;
    for (int time = 0; time < 2; time++) {
        assert_int_equal(ask(shop, &BY_KEY, "k", &THREE, &receipt), ST_INVALID);
        assert_string_equal(shop->problem.code, "invalid_request");
        assert_int_equal(shop->problem.n_errors, 0);
        shop->end = ST_OK; /* it would go well now */
    }
}

static enum status enter_text(struct transaction *tx, const struct call *call, void *arg)
{
    struct shop *shop = arg;
    char key[UUID_TEXT_LEN + 1], seen[BARRIER_OUTCOME_MAX + 1];

    return shop->real_barrier->ops->enter(shop->real_barrier, tx, call, "shop.take",
                                          uuid_text(THREE.saga_id, key), "200 what?", seen);
}

static void an_outcome_that_cannot_be_read_is_nobodys_no(void **state)
{
    struct shop *shop = *state;
    struct call call = call_with(shop, "", "");
    struct receipt receipt;

    assert_int_equal(transactor_run(shop->real_transactor, &call, enter_text, shop), ST_OK);
    assert_int_equal(ask(shop, &BY_SAGA, "", &THREE, &receipt), ST_INTERNAL);
    assert_int_equal(left(shop), 10);
}

/* Of each time that it was asked: what it was told, and that nothing is open. */
static enum status deliver(void *self, const struct call *call, const void *in, void *out,
                           bool again)
{
    struct shop *shop = self;
    struct receipt *receipt = out;

    assert_int_equal(receipt->left, 7);
    assert_int_equal(left(shop), 7);
    assert_true(uuid_equal(call->saga_id, ((const struct order *)in)->saga_id));
    receipt->left = again ? 71 : 70;
    return shop->end;
}

static void what_comes_after_a_change_is_done_each_time_and_not_kept(void **state)
{
    static const struct endpoint row = {
        .op = &TAKE, .change = take, .once = ONCE_BY_SAGA, .after = deliver};
    struct shop *shop = *state;
    struct receipt receipt;

    assert_int_equal(ask(shop, &row, "", &THREE, &receipt), ST_OK);
    assert_int_equal(receipt.left, 70);
    assert_int_equal(ask(shop, &row, "", &THREE, &receipt), ST_OK);
    assert_int_equal(receipt.left, 71);
    shop->end = ST_PENDING;
    assert_int_equal(ask(shop, &row, "", &THREE, &receipt), ST_PENDING);
    shop->end = ST_OK;
    start_anew(shop); /* nothing comes after a refusal */
    assert_int_equal(ask(shop, &row, "", &TOO_MANY, &receipt), ST_CONFLICT);
    assert_int_equal(ask(shop, &row, "", &TOO_MANY, &receipt), ST_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_effect_is_made_once_and_told_alike),
        TEST(a_refusal_is_kept_and_its_writes_are_not),
        TEST(what_could_not_be_done_is_no_outcome),
        TEST(a_mistake_of_who_asks_for_a_saga_is_no_outcome),
        TEST(an_undo_is_right_in_any_order),
        TEST(a_key_is_of_one_caller_and_one_request),
        TEST(a_deadlock_starts_afresh),
        TEST(every_call_may_fail),
        TEST(an_answer_that_is_foretold_is_kept_without_a_second_write),
        TEST(a_commit_nobody_heard_of_is_asked_for),
        TEST(who_is_still_at_it_is_not_waited_for_beyond_the_deadline),
        TEST(an_outcome_too_large_to_keep_has_no_effect),
        TEST(a_refusal_too_long_to_keep_is_told_without_its_fields),
        TEST(an_outcome_that_cannot_be_read_is_nobodys_no),
        TEST(what_comes_after_a_change_is_done_each_time_and_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
