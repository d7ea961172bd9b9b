/* store_world_test.h - for the tests of stores: their tables in memory, a clock that is moved, and
 * what is done, each in a transaction of its own. */
#ifndef USECASE_STORE_STORE_WORLD_TEST_H
#define USECASE_STORE_STORE_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/order_view.h"
#include "protocol/store.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/store/ticket_cancel.h"
#include "usecase/store/ticket_desk.h"
#include "usecase/store/ticket_hearing.h"
#include "usecase/store/ticket_reading.h"

static const char ANN[] = "01000000-0000-7000-8000-000000000000"; /* has the shop */
static const char BEN[] = "02000000-0000-7000-8000-000000000000";
static const struct uuid SHOP = {{0x51}}, OTHER_SHOP = {{0x52}}, ORDER = {{0x61}};

enum { ACCEPT_WITHIN_S = 600, CONSENT_WITHIN_S = 300, SAID_MAX = 32 };

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct shops shops;
    struct cursor_key cursors;
    struct problem problem;
    const char *roles;
    int64_t if_version; /* of what is asked */
};

static inline int64_t world_now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static inline int64_t world_wall_us(const struct clock *clock)
{
    return 1767225600000000 + world_now_ms(clock) * 1000;
}

static inline int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){world_now_ms, world_wall_us};
    w->db = memdb_create();
    w->roles = "";
    w->shops = (struct shops){
        .stores = store_memory_create(w->db, &STORE_TABLE),
        .tickets = store_memory_create(w->db, &TICKET_TABLE),
        .lines = store_memory_create(w->db, &TICKET_LINE_TABLE),
        .transactor = memdb_transactor_create(w->db),
        .barrier = barrier_memory_create(w->db, &w->clock),
        .outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM),
        .entropy = &ENTROPY_SYSTEM,
        .cursors = &w->cursors,
        .accept_within_us = ACCEPT_WITHIN_S * INT64_C(1000000),
        .consent_within_us = CONSENT_WITHIN_S * INT64_C(1000000),
    };
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->shops.stores);
    store_destroy(w->shops.tickets);
    store_destroy(w->shops.lines);
    outbox_destroy(w->shops.outbox);
    w->shops.barrier->ops->destroy(w->shops.barrier);
    w->shops.transactor->ops->destroy(w->shops.transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static inline struct call call_of(struct world *w, const char *who)
{
    struct call call = {.clock = &w->clock,
                        .deadline_ms = w->now_ms + 10000,
                        .problem = &w->problem,
                        .if_version = w->if_version};

    w->problem = (struct problem){0};
    TEXT_COPY(call.user, who);
    TEXT_COPY(call.roles, w->roles);
    return call;
}

/* ---- what is done ---- */

typedef enum status (*change_fn)(void *self, struct transaction *tx, const struct call *call,
                                 const void *in, void *out);
typedef enum status (*sweep_fn)(void *arg, struct transaction *tx, const struct call *call,
                                struct uuid id);

struct deed {
    struct world *w;
    change_fn change;
    hear_fn hear;
    sweep_fn sweep;
    const void *in;
    void *out;
};

static inline enum status run_deed(struct transaction *tx, const struct call *call, void *arg)
{
    const struct deed *d = arg;

    if (d->change)
        return d->change(&d->w->shops, tx, call, d->in, d->out);
    if (d->hear)
        return d->hear(&d->w->shops, tx, call, NULL, d->in);
    return d->sweep(&d->w->shops, tx, call, ORDER);
}

static inline enum status do_deed(struct world *w, const char *who, struct deed deed)
{
    struct call call = call_of(w, who);

    deed.w = w;
    return transactor_run(w->shops.transactor, &call, run_deed, &deed);
}

/* OpenAPI knows every refusal. */
static inline enum status declared(const struct world *w, const struct operation *op,
                                   enum status st)
{
    const char *code = w->problem.code[0] ? w->problem.code : status_code(st);

    if (st != ST_OK && !operation_declares(op, st, code))
        fail_msg("%s says %s %s", op->subject, status_name(st), code);
    return st;
}

/* As Ann's, unless the form says whose. */
static inline struct store_row make_store(struct world *w, struct store_form form)
{
    struct store_row store = {.version = 0};

    form.store_id = uuid_is_nil(form.store_id) ? SHOP : form.store_id;
    if (uuid_is_nil(form.owner_id))
        assert_true(uuid_parse(ANN, &form.owner_id));
    if (!form.name[0])
        TEXT_COPY(form.name, "Noodles");
    assert_int_equal(
        do_deed(w, BEN, (struct deed){.change = shop_create, .in = &form, .out = &store}), ST_OK);
    return store;
}

static inline enum status open_store(struct world *w, const char *who, struct uuid id, bool open)
{
    struct store_opening opening = {id, open};
    struct store_row store = {.version = 0};

    return declared(
        w, &STORE_OPENING,
        do_deed(w, who, (struct deed){.change = shop_open, .in = &opening, .out = &store}));
}

/* ORDER, of two lines, in SHOP. */
static inline void hear_order(struct world *w, hear_fn hear)
{
    struct order_event order = {
        .order_id = ORDER, .store_id = SHOP, .user_id = {{0x71}}, .n_lines = 2};

    TEXT_COPY(order.order_num, "202611290830001234567890");
    for (size_t i = 0; i < order.n_lines; i++)
        order.lines[i] = (struct order_line){
            .product_id = {{(uint8_t)(i + 1)}},
            .quantity = (int64_t)i + 1,
            .unit_price = { 1000,             "KRW"},
        };
    TEXT_COPY(order.lines[0].name, "비빔밥"); /* of the other one nothing is said */
    assert_int_equal(do_deed(w, "", (struct deed){.hear = hear, .in = &order}), ST_OK);
}

/* What the store does with ORDER. */
static inline enum status desk(struct world *w, const char *who, change_fn fn)
{
    static const struct {
        change_fn fn;
        const struct operation *op;
    } OPS[] = {
        {ticket_accept, &STORE_TICKET_ACCEPT      },
        {ticket_reject, &STORE_TICKET_REJECT      },
        {ticket_cook,   &STORE_TICKET_COOK        },
        {ticket_ready,  &STORE_TICKET_READY       },
        {ticket_answer, &STORE_TICKET_CANCELLATION},
    };
    struct ticket_view *view = MEM_NEW(struct ticket_view);
    struct ticket_acceptance acceptance = {SHOP, ORDER, 20};
    struct ticket_rejection rejection = {SHOP, ORDER, "no_rice"};
    struct ticket_query query = {SHOP, ORDER};
    const void *in = fn == ticket_accept   ? (const void *)&acceptance
                     : fn == ticket_reject ? (const void *)&rejection
                                           : (const void *)&query;
    enum status st = do_deed(w, who, (struct deed){.change = fn, .in = in, .out = view});

    for (size_t i = 0; i < ARRAY_LEN(OPS); i++)
        if (OPS[i].fn == fn)
            declared(w, OPS[i].op, st);
    free(view);
    return st;
}

static inline enum status answer(struct world *w, enum ticket_answer said)
{
    struct ticket_cancellation cancellation = {SHOP, ORDER, said};
    struct ticket_view *view = MEM_NEW(struct ticket_view);
    enum status st =
        do_deed(w, ANN, (struct deed){.change = ticket_answer, .in = &cancellation, .out = view});

    free(view);
    return declared(w, &STORE_TICKET_CANCELLATION, st);
}

/* By a saga of the order. */
static inline enum status cancel(struct world *w, uint8_t saga)
{
    struct ticket_cancel asked = {{{saga}}, ORDER, ORDER_ACTOR_CUSTOMER};
    struct ticket_canceled canceled = {.status = -1};
    struct call call = call_of(w, "");
    enum status st =
        declared(w, &STORE_TICKET_CANCEL, ticket_cancel(&w->shops, &call, &asked, &canceled));

    assert_int_equal(st == ST_OK,
                     canceled.status == TICKET_CANCELED || canceled.status == TICKET_REJECTED);
    return st;
}

static inline enum status sweep(struct world *w, sweep_fn fn)
{
    return do_deed(w, "", (struct deed){.sweep = fn});
}

/* ---- what is so then ---- */

/* ORDER's row; all zero when there is none. */
static inline struct ticket ticket_now(struct world *w)
{
    struct call call = call_of(w, "");
    struct ticket ticket = {.version = 0};

    (void)store_find(w->shops.tickets, NULL, &call, NULL, &ORDER, &ticket);
    return ticket;
}

/* It is so, and each of its versions was said, in their order; the last one by that type. */
static inline void assert_ticket(struct world *w, enum ticket_status status, const char *last)
{
    struct ticket ticket = ticket_now(w);
    struct outbox_row said[SAID_MAX];
    size_t n = outbox_memory_said(w->shops.outbox, &ORDER, said, SAID_MAX);

    assert_string_equal(TICKET_STATUS_NAMES[ticket.status], TICKET_STATUS_NAMES[status]);
    assert_int_equal(n, ticket.version);
    for (size_t i = 0; i < n; i++) {
        char version[32];
        snprintf(version, sizeof(version), "\"version\":%zu,", i + 1);
        assert_non_null(strstr(said[i].json, version));
    }
    assert_string_equal(said[n - 1].type, last);
}

#endif
