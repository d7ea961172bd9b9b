/* write_mysql_test.c - what is written once, by many at a time, over MariaDB. */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/service/write.h"

enum { THREADS = 8, ROUNDS = 10, FULL = 10 };

static const char SQL_TAKE[] = "UPDATE shelf SET n = n - ?";
static const char SQL_LEFT[] = "SELECT n FROM shelf";

struct order {
    struct uuid saga_id;
    int64_t amount;
};

struct receipt {
    int64_t left;
};

/* clang-format off */
static const struct field ORDER_FIELDS[] = {
    FIELD(struct order, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct order, amount, "amount", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
};
static const struct field RECEIPT_FIELDS[] = {
    FIELD(struct receipt, left, "left", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
};
/* clang-format on */
static const struct descriptor ORDER = DESCRIPTOR(struct order, "Order", ORDER_FIELDS, "");
static const struct descriptor RECEIPT = DESCRIPTOR(struct receipt, "Receipt", RECEIPT_FIELDS, "");
static const struct operation TAKE = {.subject = "shop.take", .request = &ORDER, .reply = &RECEIPT};
static const struct operation UNTAKE = {.subject = "shop.take.cancel", .request = &ORDER};

struct shop {
    struct mariadb_server server;
    struct dbc_pool *pool;
    struct transactor *transactor;
    struct barrier *barrier;
    sem_t taking;          /* posted by who has written and not committed */
    pthread_rwlock_t gate; /* held for writing: he waits */
};

static enum status move_stock(struct transaction *tx, const struct call *call, int64_t amount,
                              int64_t *left)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct dbc_stmt *s = dbc_prepare(conn, SQL_TAKE);
    enum status st;

    dbc_bind_int(s, amount);
    st = dbc_done(s, dbc_execute(s, call));
    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_LEFT);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, left);
    return dbc_done(s, st);
}

static enum status take(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    struct shop *shop = self;
    const struct order *order = in;
    struct receipt *receipt = out;
    enum status st = move_stock(tx, call, order->amount, &receipt->left);

    sem_post(&shop->taking);
    pthread_rwlock_rdlock(&shop->gate);
    pthread_rwlock_unlock(&shop->gate);
    if (st == ST_OK && receipt->left < 0)
        return call_fail(call, ST_CONFLICT, "sold_out", "There are not so many.");
    return st;
}

/* As take answers with all there. */
static enum status say_taken(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    ((struct receipt *)out)->left = FULL - ((const struct order *)in)->amount;
    return ST_OK;
}

static enum status take_silently(void *self, struct transaction *tx, const struct call *call,
                                 const void *in, void *out)
{
    (void)out;
    return take(self, tx, call, in, &(struct receipt){0});
}

static enum status untake(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    int64_t left;

    (void)self;
    (void)out;
    return move_stock(tx, call, -((const struct order *)in)->amount, &left);
}

static const struct endpoint BY_SAGA = {.op = &TAKE, .change = take, .once = ONCE_BY_SAGA};
static const struct endpoint FORETOLD = {
    .op = &TAKE, .run = say_taken, .change = take_silently, .once = ONCE_BY_SAGA};
static const struct endpoint BY_KEY = {.op = &TAKE, .change = take, .once = ONCE_BY_KEY};
static const struct endpoint UNDO = {.op = &UNTAKE, .change = untake, .undoes = &TAKE};

/* One request, in a thread of its own. */
struct asking {
    struct shop *shop;
    const struct endpoint *row;
    struct order order;
    const char *key;
    int64_t deadline_ms; /* 0 = long */
    enum status got;
    struct receipt receipt;
    struct problem problem;
    pthread_t thread;
};

static void *ask(void *arg)
{
    struct asking *a = arg;
    struct write write = {a->row, a->row->undoes ? &BY_SAGA : NULL, a->shop, a->shop->transactor,
                          a->shop->barrier};
    struct call call = test_call();

    call.problem = &a->problem;
    TEXT_COPY(call.idempotency_key, a->key);
    if (a->deadline_ms)
        call.deadline_ms = clock_now_ms(call.clock) + a->deadline_ms;
    a->got = write_run(&write, &call, &a->order, &a->receipt);
    return NULL;
}

static int64_t left(struct shop *shop)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t n = -1;

    assert_status(ST_OK, dbc_take(shop->pool, &call, &conn));
    s = dbc_prepare(conn, SQL_LEFT);
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_int(s, &n);
    dbc_done(s, ST_OK);
    dbc_give(shop->pool, conn);
    return n;
}

static void refill(struct shop *shop)
{
    assert_true(mariadb_server_sql(&shop->server, "UPDATE shop.shelf SET n = 10"));
}

static void ask_all(struct asking asking[THREADS])
{
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&asking[i].thread, NULL, ask, &asking[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(asking[i].thread, NULL);
}

static struct uuid new_id(void)
{
    return uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
}

static void doubles_have_one_effect_and_one_answer(void **state)
{
    static const struct endpoint *const ROWS[] = {&BY_SAGA, &FORETOLD, &BY_KEY};
    struct shop *shop = *state;

    for (int round = 0; round < ROUNDS; round++) {
        struct asking asking[THREADS] = {{0}};
        struct uuid id = new_id();
        char key[UUID_TEXT_LEN + 1];

        refill(shop);
        uuid_text(id, key);
        for (int i = 0; i < THREADS; i++)
            asking[i] = (struct asking){
                .shop = shop, .row = ROWS[round % 3], .order = {id, 3},
                          .key = key
            };
        ask_all(asking);
        for (int i = 0; i < THREADS; i++) {
            assert_status(ST_OK, asking[i].got);
            assert_int_equal(asking[i].receipt.left, FULL - 3);
        }
        assert_int_equal(left(shop), FULL - 3);
    }
}

static void doubles_are_refused_alike_and_leave_nothing(void **state)
{
    struct shop *shop = *state;

    for (int round = 0; round < ROUNDS; round++) {
        struct asking asking[THREADS] = {{0}};
        struct uuid id = new_id();

        refill(shop);
        for (int i = 0; i < THREADS; i++)
            asking[i] = (struct asking){
                .shop = shop,
                .row = round % 2 ? &FORETOLD : &BY_SAGA,
                .order = {id, FULL + 1},
                .key = ""
            };
        ask_all(asking);
        for (int i = 0; i < THREADS; i++) {
            assert_status(ST_CONFLICT, asking[i].got);
            assert_string_equal(asking[i].problem.code, "sold_out");
        }
        assert_int_equal(left(shop), FULL);
    }
}

/* Whichever comes first: done and undone, or never done. */
static void what_is_undone_meanwhile_has_no_effect(void **state)
{
    struct shop *shop = *state;

    for (int round = 0; round < ROUNDS; round++) {
        struct asking asking[THREADS] = {{0}};
        struct uuid id = new_id();

        refill(shop);
        for (int i = 0; i < THREADS; i++)
            asking[i] = (struct asking){
                .shop = shop,
                .row = i % 2       ? &UNDO
                       : round % 2 ? &FORETOLD
                                   : &BY_SAGA,
                .order = {id, 3},
                .key = ""
            };
        ask_all(asking);
        for (int i = 0; i < THREADS; i++)
            if (i % 2 || asking[i].got != ST_CONFLICT)
                assert_status(ST_OK, asking[i].got);
            else
                assert_string_equal(asking[i].problem.code, "cancelled");
        assert_int_equal(left(shop), FULL);
    }
}

static void who_cannot_wait_for_the_first_is_told_so(void **state)
{
    struct shop *shop = *state;
    struct order order = {new_id(), 3};
    struct asking first = {.shop = shop, .row = &BY_KEY, .order = order, .key = "slow"};
    struct asking second = {
        .shop = shop, .row = &BY_KEY, .order = order, .key = "slow", .deadline_ms = 3900};

    refill(shop);
    while (sem_trywait(&shop->taking) == 0)
        ;
    pthread_rwlock_wrlock(&shop->gate);
    assert_int_equal(pthread_create(&first.thread, NULL, ask, &first), 0);
    sem_wait(&shop->taking);
    ask(&second);
    pthread_rwlock_unlock(&shop->gate);
    pthread_join(first.thread, NULL);
    assert_status(ST_CONFLICT, second.got);
    assert_string_equal(second.problem.code, "in_progress");
    assert_status(ST_OK, first.got);
    second.deadline_ms = 0;
    ask(&second);
    assert_status(ST_OK, second.got);
    assert_int_equal(second.receipt.left, first.receipt.left);
}

static int set_up(void **state)
{
    struct shop *shop = MEM_NEW(struct shop);
    struct dbc_config config;

    *state = shop;
    sem_init(&shop->taking, 0, 0);
    pthread_rwlock_init(&shop->gate, NULL);
    if (!mariadb_server_init(&shop->server, NULL) ||
        !mariadb_server_schema(&shop->server, "shop", "dataservice/migrations/user") ||
        !mariadb_server_sql(&shop->server, "CREATE TABLE shop.shelf (n BIGINT)") ||
        !mariadb_server_sql(&shop->server, "INSERT INTO shop.shelf VALUES (10)"))
        return -1;
    config = mariadb_server_config(&shop->server, "shop", THREADS);
    shop->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    shop->transactor = dbc_transactor_create(shop->pool);
    shop->barrier = barrier_mysql_create(shop->pool);
    return 0;
}

static int tear_down(void **state)
{
    struct shop *shop = *state;

    shop->barrier->ops->destroy(shop->barrier);
    shop->transactor->ops->destroy(shop->transactor);
    dbc_pool_destroy(shop->pool);
    mariadb_server_fini(&shop->server);
    free(shop);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_have_one_effect_and_one_answer),
        cmocka_unit_test(doubles_are_refused_alike_and_leave_nothing),
        cmocka_unit_test(what_is_undone_meanwhile_has_no_effect),
        cmocka_unit_test(who_cannot_wait_for_the_first_is_told_so),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
