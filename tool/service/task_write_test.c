/* A write on its way through the skeleton: what is answered twice is the same to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/memdb/memdb.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/service/shop_test.h"

static enum status shop_change(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out)
{
    assert_non_null(tx);
    return shop_run(self, call, in, out);
}

static void ask_twice(enum status st, bool words, struct responder_request answers[2])
{
    for (int i = 0; i < 2; i++) {
        shop.run = i == 0 ? st : ST_NOT_FOUND; /* who is asked again would say something else */
        shop.words = words;
        TEXT_COPY(answers[i].call.idempotency_key, "k");
        TEXT_COPY(answers[i].call.request_id, "r-1");
        receive(&answers[i], GOOD);
        turn_until(&answers[i].answered);
    }
}

static void run_with(const struct endpoint *row, void (*test)(void))
{
    struct memdb *db = memdb_create();

    served.row = row;
    served.write = (struct write){row, NULL, &shop, memdb_transactor_create(db),
                                  barrier_memory_create(db, &CLOCK_SYSTEM)};
    test();
    work_pool_drain(served.pool, PATIENCE_MS);
    served.write.barrier->ops->destroy(served.write.barrier);
    served.write.transactor->ops->destroy(served.write.transactor);
    memdb_destroy(db);
}

static const struct endpoint ONCE = {
    .op = &OPERATION,
    .change = shop_change,
    .once = ONCE_BY_KEY,
    .etag = offsetof(struct receipt, version),
    .timeout_ms = 5000,
};
static const struct endpoint EACH_TIME = {
    .op = &OPERATION, .change = shop_change, .timeout_ms = 5000};

static void check_once(void)
{
    static struct responder_request good[2];

    ask_twice(ST_OK, false, good);
    assert_int_equal(shop.runs, 1);
    assert_false(good[1].refused);
    assert_string_equal(good[0].data, good[1].data);
    assert_string_equal(good[1].etag, "\"7\"");
}

static void check_refused(void)
{
    static struct responder_request bad[2];

    ask_twice(ST_CONFLICT, true, bad);
    assert_int_equal(shop.runs, 1);
    assert_string_equal(bad[1].problem.code, "sold_out");
    assert_string_equal(bad[0].data, bad[1].data);
}

static void check_each_time(void)
{
    static struct responder_request twice[2];

    ask_twice(ST_OK, false, twice);
    assert_int_equal(shop.runs, 2);
    assert_int_equal(twice[1].problem.status, ST_NOT_FOUND);
}

static void a_reply_is_given_again_to_the_byte(void **state)
{
    (void)state;
    run_with(&ONCE, check_once);
}

static void a_refusal_is_given_again_to_the_byte(void **state)
{
    (void)state;
    run_with(&ONCE, check_refused);
}

static void what_is_not_once_is_done_each_time(void **state)
{
    (void)state;
    run_with(&EACH_TIME, check_each_time);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reply_is_given_again_to_the_byte),
        TEST(a_refusal_is_given_again_to_the_byte),
        TEST(what_is_not_once_is_done_each_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
