/* orders.c - see orders.h. */
#include "test/tool/event/orders.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/event/memory/dead_letters_memory.h"
#include "tool/memdb/memdb_table.h"
#include "tool/event/mysql/dead_letters_mysql.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/once/mysql/barrier_mysql.h"

/* clang-format off */
static const struct field ORDER_FIELDS[] = {
    FIELD(struct order_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct order_event, n, "n", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
};
/* clang-format on */
static const struct descriptor ORDER = DESCRIPTOR(struct order_event, "Order", ORDER_FIELDS, "");

const struct event_type ORDER_PAID = {"shop.order_paid", "An order is paid.", &ORDER,
                                      offsetof(struct order_event, order_id)};
const struct event_type ORDER_SEEN = {"shop.order_seen", "An order was looked at.", &ORDER,
                                      offsetof(struct order_event, order_id)};
const struct event_type ORDER_SHOWN = {"shop.order_shown", "An order was shown.", &ORDER,
                                       offsetof(struct order_event, order_id)};
const struct event_type ORDER_LOST = {"shop.order_lost", "An order is lost.", &ORDER,
                                      offsetof(struct order_event, order_id)};

const struct operation SHOP_EXPORT = {.subject = "shop.export",
                                      .request = &EXPORT_QUERY,
                                      .reply = &EXPORT_PAGE,
                                      .idempotent = true,
                                      .internal = true,
                                      .errors = EXPORT_ERRORS};

struct effect {
    struct uuid key;
    int64_t n;
};

/* ---- effects ---- */

static enum status note_in_mariadb(struct transaction *tx, const struct call *call,
                                   const struct order_event *order)
{
    struct dbc_stmt *s =
        dbc_prepare(dbc_tx_conn(tx), "INSERT INTO effect (`key`, n) VALUES (?, ?)");

    dbc_bind_uuid(s, order->order_id);
    dbc_bind_int(s, order->n);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status note(struct orders *orders, struct transaction *tx, const struct call *call,
                        const struct order_event *order)
{
    if (orders->mariadb)
        return note_in_mariadb(tx, call, order);
    memdb_join(orders->memory, tx);
    memdb_insert(orders->effects, tx, &(struct effect){order->order_id, order->n});
    memdb_leave(orders->memory, tx);
    return ST_OK;
}

/* The refusal comes last: what was written is to be rolled back. */
static enum status order_heard(void *self, struct transaction *tx, const struct call *call,
                               const struct event *event, const void *data)
{
    struct orders *orders = self;
    const struct order_event *order = data;
    enum status st;

    assert_true(uuid_equal(event->key, order->order_id) && event->attempt > 0);
    assert_string_equal(event->source, "/hanok/shop");
    atomic_fetch_add(&orders->n_runs, 1);
    atomic_store(&orders->type, event->type);
    if (orders->work)
        orders->work(orders->arg);
    st = note(orders, tx, call, order);
    if (st == ST_OK && order->n == orders->poison)
        return call_fail(call, orders->sad, "poisoned", "It does not agree with us.");
    return st;
}

static enum status orders_heard(void *self, struct transaction *tx, const struct call *call,
                                const struct hearing_item items[], size_t n)
{
    struct orders *orders = self;
    enum status st = ST_OK;

    atomic_fetch_add(&orders->n_together, n);
    for (size_t i = 0; i < n && st == ST_OK; i++)
        st = order_heard(self, tx, call, items[i].event, items[i].data);
    return st;
}

/* clang-format off */
static const struct event_type *const SHOWN[] = {&ORDER_SEEN, &ORDER_SHOWN, NULL};
static const struct hearing HEARS[] = {
    {.type = &ORDER_PAID, .fn = order_heard, .kind = HEAR_IN_ORDER},
    {.type = &ORDER_SEEN, .with = SHOWN, .fn = order_heard, .kind = HEAR_LATEST, .from = &SHOP_EXPORT, .together = orders_heard},
};
/* clang-format on */

static size_t effects_in_mariadb(struct orders *orders, struct uuid key, int64_t *n)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    size_t i = 0;

    assert_status(ST_OK, dbc_take(orders->mariadb, &call, &conn));
    s = dbc_prepare(conn, "SELECT n FROM effect WHERE `key` = ? ORDER BY seq");
    dbc_bind_uuid(s, key);
    assert_status(ST_OK, dbc_execute(s, &call));
    while (dbc_next(s)) {
        assert_true(i < ORDERS_EFFECTS_MAX);
        dbc_col_int(s, &n[i++]);
    }
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(orders->mariadb, conn);
    return i;
}

size_t orders_effects(struct orders *orders, struct uuid key, int64_t n[ORDERS_EFFECTS_MAX])
{
    size_t found = 0;

    if (orders->mariadb)
        return effects_in_mariadb(orders, key, n);
    memdb_join(orders->memory, NULL);
    for (size_t i = 0; i < memdb_count(orders->effects); i++) {
        const struct effect *effect = memdb_row(orders->effects, i);
        if (uuid_equal(effect->key, key))
            n[found++] = effect->n;
    }
    memdb_leave(orders->memory, NULL);
    return found;
}

void orders_expect(struct orders *orders, struct uuid key, const int64_t *want, size_t n)
{
    static int64_t got[ORDERS_EFFECTS_MAX];
    size_t n_got = orders_effects(orders, key, got);

    assert_int_equal(n_got, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got[i], want[i]);
}

/* ---- the service ---- */

void orders_init_memory(struct orders *orders)
{
    *orders = (struct orders){.memory = memdb_create(), .poison = -1, .sad = ST_CONFLICT};
    orders->effects = memdb_table(orders->memory, "effect", sizeof(struct effect));
    orders->transactor = memdb_transactor_create(orders->memory);
    orders->barrier = barrier_memory_create(orders->memory, &CLOCK_SYSTEM);
    orders->letters = dead_letters_memory_create(orders->memory, &CLOCK_SYSTEM);
}

void orders_init_mariadb(struct orders *orders, struct dbc_pool *pool)
{
    *orders = (struct orders){.mariadb = pool, .poison = -1, .sad = ST_CONFLICT};
    orders->transactor = dbc_transactor_create(pool);
    orders->barrier = barrier_mysql_create(pool);
    orders->letters = dead_letters_mysql_create(pool);
}

void orders_fini(struct orders *orders)
{
    orders->letters->ops->destroy(orders->letters);
    orders->barrier->ops->destroy(orders->barrier);
    orders->transactor->ops->destroy(orders->transactor);
    memdb_destroy(orders->memory);
}

struct hearer_config orders_hearer(struct orders *orders)
{
    return (struct hearer_config){
        .service = "till",
        .rows = HEARS,
        .n = ARRAY_LEN(HEARS),
        .self = orders,
        .transactor = orders->transactor,
        .barrier = orders->barrier,
        .dead_letters = orders->letters,
        .clock = &CLOCK_SYSTEM,
    };
}

void order_deliver(struct order_delivery *d, const struct event_type *type, struct uuid key,
                   int64_t n)
{
    static atomic_uint seq;

    event_subject(type->name, event_partition(key), d->subject);
    uuid_text(test_uuid(), d->id);
    uuid_text(key, d->key);
    clock_text(clock_wall_us(&CLOCK_SYSTEM), d->time);
    snprintf(d->json, sizeof(d->json), "{\"orderId\":\"%s\",\"n\":%lld,\"newer\":{}}", d->key,
             (long long)n);
    d->delivery = (struct delivery){
        .subject = d->subject,
        .id = d->id,
        .type = type->name,
        .source = "/hanok/shop",
        .time = d->time,
        .key = d->key,
        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        .data = d->json,
        .len = strlen(d->json),
        .stream_seq = atomic_fetch_add(&seq, 1) + 1,
        .attempt = 1,
    };
}
