/* dashboard_world_test.h - for the tests of the dashboard: its tables in memory, and owners of
 * orders, payments, tickets and deliveries who say anything at any time, and export it. */
#ifndef USECASE_DASHBOARD_DASHBOARD_WORLD_TEST_H
#define USECASE_DASHBOARD_DASHBOARD_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/dashboard_view.h"
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/event/export.h"
#include "tool/remote/memory/remote_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/dashboard/dashboard_owners_test.h"
#include "usecase/dashboard/digest.h"
#include "usecase/dashboard/news.h"
#include "usecase/dashboard/reading.h"
#include "usecase/dashboard/rebuild.h"
#include "usecase/dashboard/summary.h"

enum { ORDERS_MAX = 2 * EXPORT_PAGE_MAX + 30, OWNERS = 4 };

struct world {
    struct memdb *db;
    struct dashboards dashboards;
    struct view_tables tables;
    struct remote_memory others;
    struct cursor_key cursors;
    struct problem problem;
    const char *roles;
    size_t n_orders;
    int64_t versions[OWNERS][ORDERS_MAX]; /* the latest; 0 = the owner has none */
    void (*between)(struct world *w);     /* two pages of an export; NULL = nothing */
    unsigned n_asked, fails_at;           /* pages so far; the one that is not told, 0 = none */
    bool payments_apart;                  /* they are not in the order of orders */
    unsigned swaps;
    bool cannot_swap;
    int64_t fence; /* of the lease, as it is now */
    unsigned stands_at;
    void (*stood)(struct world *w); /* before the tables are changed; NULL = nothing */
};

static inline struct call call_of(struct world *w, const char *who)
{
    struct call call = {.clock = &CLOCK_SYSTEM, .problem = &w->problem};

    w->problem = (struct problem){0};
    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000;
    TEXT_COPY(call.user, who);
    TEXT_COPY(call.roles, w->roles);
    return call;
}

/* ---- hearing ---- */

struct hearing_now {
    struct world *w;
    int owner;
    union said said;
};

static inline enum status run_hear(struct transaction *tx, const struct call *call, void *arg)
{
    static const hear_fn FNS[OWNERS] = {dashboard_hear_order, dashboard_hear_payment,
                                        dashboard_hear_ticket, dashboard_hear_delivery};
    struct hearing_now *now = arg;
    const struct event event = {.stream_seq = 1, .time_us = clock_wall_us(call->clock)};

    return FNS[now->owner](&now->w->dashboards, tx, call, &event, &now->said);
}

static inline void hear(struct world *w, int owner, size_t i, int64_t version)
{
    struct hearing_now *now = MEM_NEW(struct hearing_now);
    struct call call = call_of(w, "");

    now->w = w;
    now->owner = owner;
    say_of(owner, i, version, &now->said);
    assert_int_equal(transactor_run(w->dashboards.transactor, &call, run_hear, now), ST_OK);
    free(now);
}

/* The owner has come to that version, and what he said is heard. */
static inline void move(struct world *w, int owner, size_t i, int64_t version)
{
    w->versions[owner][i] = version;
    if (i >= w->n_orders)
        w->n_orders = i + 1;
    hear(w, owner, i, version);
}

/* ---- exporting ---- */

static inline enum status export_of(void *self, int owner, const void *in, void *out)
{
    struct world *w = self;
    const struct export_query *query = in;
    const struct event_type *type = DASHBOARD_SOURCE_ROWS[owner].type;
    struct export_page *page = out;
    union said *said;

    assert_string_equal(query->type, type->name);
    if (++w->n_asked == w->fails_at)
        return ST_UNAVAILABLE;
    said = MEM_NEW(union said);
    for (size_t k = 0; k < ORDERS_MAX && page->n < (size_t)query->limit; k++) {
        struct export_item *item = &page->items[page->n];
        size_t i = owner == 1 && w->payments_apart ? ORDERS_MAX - 1 - k : k;
        struct json_out o;

        if (w->versions[owner][i] == 0 ||
            memcmp(order_id_of(k).b, query->after.b, sizeof(query->after.b)) <= 0)
            continue;
        say_of(owner, i, w->versions[owner][i], said);
        item->key = order_id_of(k);
        json_out_init(&o, item->data, sizeof(item->data));
        encode(type->data, said, &o);
        assert_false(o.overflow);
        page->n++;
    }
    free(said);
    if (w->between)
        w->between(w);
    return ST_OK;
}

#define EXPORT_BY(name_, owner_)                                                                   \
    static inline enum status name_(void *self, const struct call *call, const void *in,           \
                                    void *out)                                                     \
    {                                                                                              \
        (void)call;                                                                                \
        return export_of(self, owner_, in, out);                                                   \
    }
EXPORT_BY(export_orders, 0)
EXPORT_BY(export_payments, 1)
EXPORT_BY(export_tickets, 2)
EXPORT_BY(export_deliveries, 3)

/* ---- the two tables ---- */

static inline void take_all(struct world *w, struct store *rows, struct dashboard *out, size_t *n)
{
    struct call call = call_of(w, "");
    const struct store_list list = {0};

    assert_int_equal(store_list(rows, NULL, &call, &list, ORDERS_MAX, out, n), ST_OK);
    for (size_t i = 0; i < *n; i++)
        assert_int_equal(store_remove(rows, NULL, &call, &out[i].order_id, NULL, NULL), ST_OK);
}

static inline void put_all(struct world *w, struct store *rows, struct dashboard *in, size_t n)
{
    struct call call = call_of(w, "");

    for (size_t i = 0; i < n; i++)
        assert_int_equal(store_insert(rows, NULL, &call, &in[i], NULL), ST_OK);
}

static inline enum status tables_empty(struct view_tables *self, const struct call *call,
                                       int64_t fence)
{
    struct world *w = container_of(self, struct world, tables);
    struct dashboard *rows;
    size_t n;

    (void)call;
    if (w->stood)
        w->stood(w);
    if (fence != w->fence)
        return ST_STALE;
    rows = mem_alloc(ORDERS_MAX, sizeof(*rows));
    take_all(w, w->dashboards.next, rows, &n);
    free(rows);
    return ST_OK;
}

static inline enum status tables_swap(struct view_tables *self, const struct call *call,
                                      int64_t fence)
{
    struct world *w = container_of(self, struct world, tables);
    struct dashboard *rows, *next;
    size_t n_rows, n_next;

    (void)call;
    if (w->stood)
        w->stood(w);
    if (fence != w->fence)
        return ST_STALE;
    if (w->cannot_swap)
        return ST_UNCERTAIN;
    rows = mem_alloc(ORDERS_MAX, sizeof(*rows));
    next = mem_alloc(ORDERS_MAX, sizeof(*next));
    take_all(w, w->dashboards.rows, rows, &n_rows);
    take_all(w, w->dashboards.next, next, &n_next);
    put_all(w, w->dashboards.rows, next, n_next);
    put_all(w, w->dashboards.next, rows, n_rows);
    free(rows);
    free(next);
    w->swaps++;
    return ST_OK;
}

/* ---- life ---- */

static inline int setup(void **state)
{
    static const struct view_tables_ops TABLES = {tables_empty, tables_swap, NULL};
    static const struct remote_answer OTHERS[] = {
        {&ORDER_EXPORT,    export_orders    },
        {&PAYMENT_EXPORT,  export_payments  },
        {&STORE_EXPORT,    export_tickets   },
        {&DELIVERY_EXPORT, export_deliveries},
    };
    struct world *w = MEM_NEW(struct world);
    struct dashboards *d = &w->dashboards;

    w->db = memdb_create();
    w->roles = "";
    cursor_key_init(&w->cursors, "secret");
    w->tables.ops = &TABLES;
    remote_memory_init(&w->others, OTHERS, ARRAY_LEN(OTHERS), w);
    d->rows = store_memory_create(w->db, &DASHBOARD_TABLE);
    d->next = store_memory_create(w->db, &DASHBOARD_NEXT_TABLE);
    d->shops = store_memory_create(w->db, &DASHBOARD_SHOP_TABLE);
    d->rebuilds = store_memory_create(w->db, &DASHBOARD_REBUILD_TABLE);
    d->transactor = memdb_transactor_create(w->db);
    d->tables = &w->tables;
    d->remote = &w->others.base;
    d->cursors = &w->cursors;
    d->day_east_s = 9 * 3600;
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;
    struct dashboards *d = &w->dashboards;

    store_destroy(d->rows);
    store_destroy(d->next);
    store_destroy(d->shops);
    store_destroy(d->rebuilds);
    d->transactor->ops->destroy(d->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* ---- asking ---- */

static inline enum status read_one(struct world *w, const char *who, size_t i,
                                   struct dashboard_view *view)
{
    const struct dashboard_query query = {order_id_of(i)};
    struct call call = call_of(w, who);

    memset(view, 0, sizeof(*view));
    return dashboard_read(&w->dashboards, &call, &query, view);
}

static inline struct dashboard_digest digest(struct world *w, bool fresh)
{
    const struct dashboard_digest_query query = {fresh};
    struct dashboard_digest out = {.parts = -1};
    struct call call = call_of(w, "");

    assert_int_equal(dashboard_tell_digest(&w->dashboards, &call, &query, &out), ST_OK);
    return out;
}

static inline void assert_as_owners_say(struct world *w)
{
    struct dashboard_digest ours = digest(w, false), theirs = digest(w, true);

    assert_int_equal(ours.wrong, 0);
    assert_int_equal(ours.parts, theirs.parts);
    assert_string_equal(ours.digest, theirs.digest);
}

#endif
