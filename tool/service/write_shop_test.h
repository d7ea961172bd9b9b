/* write_shop_test.h - a shop whose one shelf is in a memdb: a use case that takes from it, one that
 * puts back, and a database and a barrier that fail at the call they are told to. */
#ifndef TOOL_SERVICE_WRITE_SHOP_TEST_H
#define TOOL_SERVICE_WRITE_SHOP_TEST_H

#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/memdb/memdb_table.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/service/write.h"

struct order {
    struct uuid saga_id;
    char pin[8], note[2048];
    int64_t amount;
};

struct receipt {
    int64_t left;
    char note[2048];
    int64_t version; /* not on the wire */
};

/* clang-format off */
static const struct field ORDER_FIELDS[] = {
    FIELD(struct order, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct order, amount, "amount", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct order, pin, "pin", FIELD_TEXT, FIELD_SECRET, .rule = NULL),
    FIELD(struct order, note, "note", FIELD_TEXT, 0, .rule = NULL),
};
static const struct field RECEIPT_FIELDS[] = {
    FIELD(struct receipt, left, "left", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct receipt, note, "note", FIELD_TEXT, 0, .rule = NULL),
};
/* clang-format on */
static const struct descriptor ORDER = DESCRIPTOR(struct order, "Order", ORDER_FIELDS, "");
static const struct descriptor RECEIPT = DESCRIPTOR(struct receipt, "Receipt", RECEIPT_FIELDS, "");
static const struct operation TAKE = {.subject = "shop.take", .request = &ORDER, .reply = &RECEIPT};
static const struct operation PUT_BACK = {
    .subject = "shop.take.cancel", .request = &ORDER, .reply = &RECEIPT};

enum mode {
    WELL,
    FAIL, /* the call does nothing */
    LOSE, /* it is done, but nobody hears of it */
    DIE,  /* it does nothing, nor does any later one, until the process is started anew */
};

struct shop {
    struct barrier barrier; /* what the writes see, in front of the one below */
    struct transactor transactor;
    struct memdb *db;
    struct memdb_table *shelf; /* one row: int64_t left */
    struct barrier *real_barrier;
    struct transactor *real_transactor;
    enum mode mode;
    int at, calls;   /* mode is of call number at, counted from 1 */
    int deadlocks;   /* so many commits are in vain */
    enum status end; /* of take; ST_OK = as the shelf says */
    int faults;      /* fields take finds wrong */
    bool busy;       /* the barrier's row is another's */
    struct problem problem;
};

static inline enum status call_dependency(struct shop *shop)
{
    shop->calls++;
    if (shop->mode == DIE)
        return shop->calls >= shop->at ? ST_UNAVAILABLE : ST_OK;
    return shop->mode == FAIL && shop->calls == shop->at ? ST_UNAVAILABLE : ST_OK;
}

/* ---- the use cases ---- */

static inline enum status move_stock(struct shop *shop, struct transaction *tx, int64_t amount,
                                     struct receipt *receipt)
{
    if (call_dependency(shop) != ST_OK)
        return ST_UNAVAILABLE;
    memdb_join(shop->db, tx);
    receipt->left = *(int64_t *)memdb_row(shop->shelf, 0) - amount;
    memdb_update(shop->shelf, tx, 0, &receipt->left);
    memdb_leave(shop->db, tx);
    receipt->version = 40 + receipt->left;
    return ST_OK;
}

/* Writes first and refuses afterwards. */
static inline enum status take(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out)
{
    struct shop *shop = self;
    const struct order *order = in;
    struct receipt *receipt = out;
    enum status st;

    ASSERT(receipt->left == 0 && receipt->version == 0 && call->problem->status == ST_OK);
    st = move_stock(shop, tx, order->amount, receipt);
    if (st != ST_OK)
        return st;
    memcpy(receipt->note, order->note, sizeof(receipt->note));
    for (int i = 0; i < shop->faults; i++)
        problem_field(call->problem,
                      "a_member_of_the_order_whose_name_is_as_long_as_one_may_be_here", "%0*d",
                      PROBLEM_REASON_MAX, i);
    if (shop->end != ST_OK)
        return shop->end;
    return receipt->left < 0
               ? call_fail(call, ST_CONFLICT, "sold_out", "%d are too many.", (int)order->amount)
               : ST_OK;
}

/* What take answers when nobody took before. */
static inline enum status say_taken(void *self, const struct call *call, const void *in, void *out)
{
    const struct order *order = in;
    struct receipt *receipt = out;

    (void)self;
    (void)call;
    receipt->left = 10 - order->amount;
    receipt->version = 40 + receipt->left;
    return ST_OK;
}

static inline enum status take_silently(void *self, struct transaction *tx, const struct call *call,
                                        const void *in, void *out)
{
    struct receipt receipt = {0};

    ASSERT(!out);
    return take(self, tx, call, in, &receipt);
}

static inline enum status put_back(void *self, struct transaction *tx, const struct call *call,
                                   const void *in, void *out)
{
    struct receipt receipt;

    (void)call;
    ASSERT(!out);
    return move_stock(self, tx, -((const struct order *)in)->amount, &receipt);
}

static inline enum status say_put_back(void *self, const struct call *call, const void *in,
                                       void *out)
{
    (void)self;
    (void)call;
    (void)in;
    ((struct receipt *)out)->left = -1;
    return ST_OK;
}

static const struct endpoint BY_SAGA = {
    .op = &TAKE,
    .change = take,
    .once = ONCE_BY_SAGA,
    .etag = offsetof(struct receipt, version),
};
static const struct endpoint FORETOLD = {
    .op = &TAKE,
    .run = say_taken,
    .change = take_silently,
    .once = ONCE_BY_SAGA,
    .etag = offsetof(struct receipt, version),
};
static const struct endpoint BY_KEY = {
    .op = &TAKE,
    .change = take,
    .once = ONCE_BY_KEY,
    .etag = offsetof(struct receipt, version),
};
static const struct endpoint BY_REQUIRED_KEY = {
    .op = &TAKE, .change = take, .once = ONCE_BY_REQUIRED_KEY};
static const struct endpoint UNDO = {
    .op = &PUT_BACK, .change = put_back, .run = say_put_back, .undoes = &TAKE};

/* ---- what may fail ---- */

static inline enum status shop_enter(struct barrier *base, struct transaction *tx,
                                     const struct call *call, const char *consumer, const char *key,
                                     const char *first, char seen[BARRIER_OUTCOME_MAX + 1])
{
    struct shop *shop = container_of(base, struct shop, barrier);
    enum status st = shop->busy ? ST_UNAVAILABLE : call_dependency(shop);

    return st == ST_OK ? shop->real_barrier->ops->enter(shop->real_barrier, tx, call, consumer, key,
                                                        first, seen)
                       : st;
}

static inline enum status shop_record(struct barrier *base, struct transaction *tx,
                                      const struct call *call, const char *consumer,
                                      const char *key, const char *outcome)
{
    struct shop *shop = container_of(base, struct shop, barrier);
    enum status st = call_dependency(shop);

    return st == ST_OK ? shop->real_barrier->ops->record(shop->real_barrier, tx, call, consumer,
                                                         key, outcome)
                       : st;
}

static inline enum status shop_find(struct barrier *base, const struct call *call,
                                    const char *consumer, const char *key,
                                    char outcome[BARRIER_OUTCOME_MAX + 1])
{
    struct shop *shop = container_of(base, struct shop, barrier);
    enum status st = call_dependency(shop);

    return st == ST_OK
               ? shop->real_barrier->ops->find(shop->real_barrier, call, consumer, key, outcome)
               : st;
}

static const struct barrier_ops SHOP_BARRIER = {
    .enter = shop_enter, .record = shop_record, .find = shop_find};

struct body {
    struct shop *shop;
    transaction_fn fn;
    void *arg;
};

static inline enum status run_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct body *body = arg;
    enum status st = body->fn(tx, call, body->arg);

    return st == ST_OK ? call_dependency(body->shop) : st; /* COMMIT */
}

/* A commit in vain: all of it is rolled back and done again. */
static inline enum status in_vain(struct transaction *tx, const struct call *call, void *arg)
{
    struct body *body = arg;

    body->fn(tx, call, body->arg);
    return ST_UNAVAILABLE;
}

static inline enum status shop_transact(struct transactor *base, const struct call *call,
                                        transaction_fn fn, void *arg)
{
    struct shop *shop = container_of(base, struct shop, transactor);
    struct body body = {shop, fn, arg};
    enum status st = call_dependency(shop); /* BEGIN */

    if (st != ST_OK)
        return st;
    for (; shop->deadlocks > 0; shop->deadlocks--)
        transactor_run(shop->real_transactor, call, in_vain, &body);
    st = transactor_run(shop->real_transactor, call, run_body, &body);
    if (st != ST_OK || call_dependency(shop) != ST_OK) /* the way back */
        return st == ST_OK ? ST_UNCERTAIN : st;
    return shop->mode == LOSE && shop->calls == shop->at ? ST_UNCERTAIN : st;
}

static const struct transactor_ops SHOP_TRANSACTOR = {.run = shop_transact};

/* ---- set up ---- */

static inline int set_up(void **state)
{
    struct shop *shop = MEM_NEW(struct shop);

    log_set_fd(-1);
    shop->db = memdb_create();
    shop->shelf = memdb_table(shop->db, "shelf", sizeof(int64_t));
    memdb_insert(shop->shelf, NULL, &(int64_t){10});
    shop->real_barrier = barrier_memory_create(shop->db, &CLOCK_SYSTEM);
    shop->real_transactor = memdb_transactor_create(shop->db);
    shop->barrier.ops = &SHOP_BARRIER;
    shop->transactor.ops = &SHOP_TRANSACTOR;
    *state = shop;
    return 0;
}

static inline int tear_down(void **state)
{
    struct shop *shop = *state;

    shop->real_barrier->ops->destroy(shop->real_barrier);
    shop->real_transactor->ops->destroy(shop->real_transactor);
    memdb_destroy(shop->db);
    free(shop);
    return 0;
}

static inline int64_t left(struct shop *shop)
{
    return *(int64_t *)memdb_row(shop->shelf, 0);
}

/* The shelf as it was, what was asked is forgotten, and all goes well. */
static inline void start_anew(struct shop *shop)
{
    struct call call = {.clock = &CLOCK_SYSTEM};
    size_t n;

    shop->mode = WELL;
    shop->deadlocks = shop->calls = 0;
    memdb_update(shop->shelf, NULL, 0, &(int64_t){10});
    shop->real_barrier->ops->purge(shop->real_barrier, &call, -3600, 1000, &n);
}

static inline struct call call_with(struct shop *shop, const char *subject, const char *key)
{
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000,
                        .problem = &shop->problem};

    shop->problem = (struct problem){0};
    TEXT_COPY(call.user, subject);
    TEXT_COPY(call.idempotency_key, key);
    return call;
}

static inline enum status ask(struct shop *shop, const struct endpoint *row, const char *key,
                              const struct order *order, struct receipt *receipt)
{
    struct write write = {row, row->undoes ? &BY_SAGA : NULL, shop, &shop->transactor,
                          &shop->barrier};
    struct call call = call_with(shop, "", key);

    *receipt = (struct receipt){0};
    return write_run(&write, &call, order, receipt);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
