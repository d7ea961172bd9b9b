/* delivery_world_test.h - for the tests of deliveries: their table in memory, virtual time, an
 * order service that knows an address, and people. */
#ifndef USECASE_DELIVERY_DELIVERY_WORLD_TEST_H
#define USECASE_DELIVERY_DELIVERY_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/remote/memory/remote_memory.h"
#include "tool/encoder/patch.h"
#include "tool/remote/memory/remote_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/delivery/carrying.h"
#include "usecase/delivery/delivery_row.h"
#include "usecase/delivery/hearing.h"
#include "usecase/delivery/reading.h"

/* A person, as requests name him. */
struct somebody {
    const char *id, *roles;
};

static const struct somebody ANN = {"01000000-0000-7000-8000-000000000000", ""}; /* who orders */
static const struct somebody OWNER = {"02000000-0000-7000-8000-000000000000",
                                      ""}; /* of the store */
static const struct somebody STRANGER = {"03000000-0000-7000-8000-000000000000", "partner"};
static const struct somebody KIM = {"04000000-0000-7000-8000-000000000000", "courier"};
static const struct somebody LEE = {"05000000-0000-7000-8000-000000000000", "partner courier"};
static const struct somebody ADMIN = {"06000000-0000-7000-8000-000000000000", "admin"};

static const struct uuid ORDER = {{7}}, STORE = {{0x51}};

enum { PICKUP_WITHIN_S = 1800 };

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct transactor *transactor;
    struct deliveries use;
    struct remote_memory others;
    enum status address; /* what the order service says of one; ST_OK = tells it */
    int n_asked;         /* so often it was asked */
    struct cursor_key cursors;
    struct problem problem;
};

static inline int64_t world_now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static inline int64_t world_wall_us(const struct clock *clock)
{
    return 1767225600000000 + world_now_ms(clock) * 1000;
}

static inline enum status tell_address(void *self, const struct call *call, const void *in,
                                       void *out)
{
    struct world *w = self;
    struct order_address *address = out;

    assert_true(uuid_equal(((const struct order_query *)in)->order_id, ORDER));
    w->n_asked++;
    if (w->address != ST_OK)
        return call_fail(call, w->address, NULL, "It cannot be told.");
    TEXT_COPY(address->name, "Ann");
    TEXT_COPY(address->phone, "+821012345678");
    TEXT_COPY(address->address, "12 Hanok-gil");
    return ST_OK;
}

static const struct remote_answer OTHERS[] = {
    {&ORDER_ADDRESS, tell_address},
};

static inline int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){world_now_ms, world_wall_us};
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    remote_memory_init(&w->others, OTHERS, ARRAY_LEN(OTHERS), w);
    w->use = (struct deliveries){
        .deliveries = store_memory_create(w->db, &DELIVERY_TABLE),
        .outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM),
        .remote = &w->others.base,
        .cursors = &w->cursors,
        .pickup_within_us = PICKUP_WITHIN_S * INT64_C(1000000),
    };
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->use.deliveries);
    outbox_destroy(w->use.outbox);
    w->transactor->ops->destroy(w->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static inline struct call call_of(struct world *w, const struct somebody *who)
{
    struct call call = {
        .clock = &w->clock, .deadline_ms = w->now_ms + 10000, .problem = &w->problem};

    w->problem = (struct problem){0};
    if (who) {
        TEXT_COPY(call.user, who->id);
        TEXT_COPY(call.roles, who->roles);
    }
    return call;
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

/* ---- what is heard ---- */

struct heard {
    struct world *w;
    hear_fn fn;
    struct event event;
    const void *data;
};

static inline enum status run_hear(struct transaction *tx, const struct call *call, void *arg)
{
    const struct heard *h = arg;

    return h->fn(&h->w->use, tx, call, &h->event, h->data);
}

static inline void hear(struct world *w, hear_fn fn, struct uuid key, const void *data)
{
    struct heard h = {w, fn, {.key = key}, data};
    struct call call = call_of(w, NULL);

    w->now_ms += 1000;
    assert_int_equal(transactor_run(w->transactor, &call, run_hear, &h), ST_OK);
}

static inline struct ticket_event ticket_of(struct uuid order_id)
{
    struct ticket_event ticket = {.order_id = order_id, .store_id = STORE, .version = 2};

    assert_true(uuid_parse(ANN.id, &ticket.user_id));
    assert_true(uuid_parse(OWNER.id, &ticket.owner_id));
    return ticket;
}

static inline void accepted(struct world *w, struct uuid order_id)
{
    struct ticket_event ticket = ticket_of(order_id);

    hear(w, delivery_wait, order_id, &ticket);
}

static inline void cooked(struct world *w, struct uuid order_id)
{
    struct ticket_event ticket = ticket_of(order_id);

    hear(w, delivery_be_ready, order_id, &ticket);
}

/* By its order as by its store: the key is all that counts. */
static inline void canceled(struct world *w, struct uuid order_id)
{
    hear(w, delivery_cancel, order_id, NULL);
}

/* ---- what couriers do ---- */

struct deed {
    struct world *w;
    enum status (*fn)(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out);
    struct uuid order_id;
    struct delivery_summary *out;
};

static inline enum status run_deed(struct transaction *tx, const struct call *call, void *arg)
{
    const struct deed *deed = arg;

    *deed->out = (struct delivery_summary){0};
    return deed->fn(&deed->w->use, tx, call, &(struct delivery_query){deed->order_id}, deed->out);
}

static inline enum status do_it(struct world *w, const struct somebody *who,
                                enum status (*fn)(void *, struct transaction *, const struct call *,
                                                  const void *, void *),
                                const struct operation *op, struct delivery_summary *out)
{
    struct delivery_summary unread;
    struct deed deed = {w, fn, ORDER, out ? out : &unread};
    struct call call = call_of(w, who);

    w->now_ms += 1000;
    return declared(w, op, transactor_run(w->transactor, &call, run_deed, &deed));
}

static inline enum status start(struct world *w, const struct somebody *who)
{
    return do_it(w, who, delivery_start, &DELIVERY_START, NULL);
}

static inline enum status pickup(struct world *w, const struct somebody *who)
{
    return do_it(w, who, delivery_pickup, &DELIVERY_PICKUP, NULL);
}

static inline enum status complete(struct world *w, const struct somebody *who)
{
    return do_it(w, who, delivery_complete, &DELIVERY_COMPLETE, NULL);
}

static inline enum status give_back(struct world *w, const struct somebody *who)
{
    return do_it(w, who, delivery_give_back, &DELIVERY_GIVE_BACK, NULL);
}

/* Its time to be picked up is over, and the sweeper has it. */
static inline enum status run_lapse(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;

    return delivery_lapse(&w->use, tx, call, ORDER);
}

static inline enum status lapse(struct world *w)
{
    struct call call;

    w->now_ms += PICKUP_WITHIN_S * INT64_C(1000);
    call = call_of(w, NULL);
    return transactor_run(w->transactor, &call, run_lapse, w);
}

/* ---- what is seen ---- */

static inline enum status look(struct world *w, const struct somebody *who,
                               struct delivery_view *view)
{
    struct call call = call_of(w, who);

    *view = (struct delivery_view){0};
    return declared(w, &DELIVERY_GET,
                    delivery_show(&w->use, &call, &(struct delivery_query){ORDER}, view));
}

static inline struct delivery_view seen(struct world *w, const struct somebody *who)
{
    struct delivery_view view;

    assert_int_equal(look(w, who, &view), ST_OK);
    return view;
}

/* Of the order: each version was said, the last one as an export tells it. */
static inline void assert_said(struct world *w, const char *const types[], size_t n)
{
    struct outbox_row said[16];
    struct delivery_row row;
    struct delivery_event event;
    char json[EVENT_DATA_MAX + 1], version[32];
    struct call call = call_of(w, NULL);
    struct json_out o;

    assert_int_equal(outbox_memory_said(w->use.outbox, &ORDER, said, ARRAY_LEN(said)), n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(said[i].type, types[i]);
        snprintf(version, sizeof(version), "\"version\":%zu,", i + 1);
        assert_non_null(strstr(said[i].json, version));
    }
    assert_int_equal(store_find(w->use.deliveries, NULL, &call, NULL, &ORDER, &row), ST_OK);
    assert_int_equal(row.version, n);
    delivery_export(&row, &event);
    json_out_init(&o, json, sizeof(json));
    encode(DELIVERY_WAITING.data, &event, &o);
    assert_string_equal(said[n - 1].json, json);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
