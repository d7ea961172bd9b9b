/* payment_world.c - see payment_world.h. */
#include "test/cmd/payment/payment_world.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/job/memory/lease_memory.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/service/write.h"
#include "tool/store/memory/store_memory.h"

enum { ASK_MS = 5000, CALL_MS = 30000 };

void world_init(struct world *w)
{
    w->p = &w->service.payments;
    w->p->provider = provider_memory_create();
    w->p->provider_name = "pgsim";
    w->p->webhook_secret = WORLD_SECRET;
    w->p->entropy = &ENTROPY_SYSTEM;
    w->p->cursors = &w->cursors;
    w->p->ask_ms = ASK_MS;
    w->service.exporter =
        (struct exporter){PAYMENT_EXPORTS, ARRAY_LEN(PAYMENT_EXPORTS), PAYMENT_EVENTS, &w->service};
    w->user = test_uuid();
    w->store = test_uuid();
    payment_count(w->p, NULL);
}

int world_memory(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct payment_case *p = &w->service.payments;

    w->db = memdb_create();
    p->payments = store_memory_create(w->db, &PAYMENT_TABLE);
    p->operations = store_memory_create(w->db, &OPERATION_TABLE);
    p->ledger = store_memory_create(w->db, &LEDGER_TABLE);
    p->webhooks = store_memory_create(w->db, &WEBHOOK_TABLE);
    p->differences = store_memory_create(w->db, &DIFFERENCE_TABLE);
    p->owners = store_memory_create(w->db, &STORE_OWNER_TABLE);
    p->transactor = memdb_transactor_create(w->db);
    p->barrier = barrier_memory_create(w->db, &CLOCK_SYSTEM);
    p->outbox = outbox_memory_create(w->db, &CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    w->lease = lease_memory_create(w->db, &CLOCK_SYSTEM);
    world_init(w);
    *state = w;
    return 0;
}

int world_memory_end(void **state)
{
    struct world *w = *state;
    struct payment_case *p = w->p;

    provider_memory_destroy(p->provider);
    store_destroy(p->payments);
    store_destroy(p->operations);
    store_destroy(p->ledger);
    store_destroy(p->webhooks);
    store_destroy(p->differences);
    store_destroy(p->owners);
    outbox_destroy(p->outbox);
    p->barrier->ops->destroy(p->barrier);
    p->transactor->ops->destroy(p->transactor);
    w->lease->ops->destroy(w->lease);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

/* ---- asking ---- */

struct call world_call(struct world *w, const char *roles)
{
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + CALL_MS,
                        .problem = &w->problem};

    w->problem = (struct problem){0};
    uuid_text(w->user, call.user);
    TEXT_COPY(call.roles, roles);
    return call;
}

static const struct endpoint *row_of(const struct operation *op)
{
    for (size_t i = 0; op && i < ARRAY_LEN(PAYMENT_ENDPOINTS); i++)
        if (PAYMENT_ENDPOINTS[i].op == op)
            return &PAYMENT_ENDPOINTS[i];
    ASSERT(!op);
    return NULL;
}

static enum status ask(struct world *w, const struct endpoint *row, const struct call *call,
                       const void *in, void *out)
{
    void *self = (char *)&w->service + row->self;
    struct write write = {row, row_of(row->undoes), self, w->p->transactor, w->p->barrier};
    enum status st;

    if (out)
        memset(out, 0, row->out_size);
    st = row->check ? row->check(self, call, in, out) : ST_OK;
    if (st == ST_OK)
        st = row->change ? write_run(&write, call, in, out) : row->run(self, call, in, out);
    if (st != ST_OK && st != ST_PENDING && !operation_declares(row->op, st, call->problem->code))
        fail_msg("%s: %s %s is not among its errors", row->op->subject, status_name(st),
                 call->problem->code);
    return st;
}

enum status world_ask(struct world *w, const struct operation *op, const char *roles,
                      const char *key, const void *in, void *out)
{
    struct call call = world_call(w, roles);

    if (key)
        TEXT_COPY(call.idempotency_key, key);
    return ask(w, row_of(op), &call, in, out);
}

enum status world_ask_and_die(struct world *w, const struct operation *op, const void *in,
                              void *out)
{
    struct call call = world_call(w, "");
    struct endpoint row = *row_of(op);

    row.after = NULL;
    return ask(w, &row, &call, in, out);
}

/* ---- a purchase ---- */

struct purchase world_purchase(const char *method, int64_t amount, const char *currency)
{
    struct purchase purchase = {.saga_id = test_uuid(), .order_id = test_uuid(), .method = method};

    purchase.total.amount = amount;
    TEXT_COPY(purchase.total.currency, currency);
    return purchase;
}

static struct payment_authorization authorization_of(const struct world *w,
                                                     const struct purchase *purchase)
{
    struct payment_authorization form = {
        .saga_id = purchase->saga_id,
        .order_id = purchase->order_id,
        .user_id = w->user,
        .store_id = w->store,
        .amount = purchase->total.amount,
    };

    TEXT_COPY(form.currency, purchase->total.currency);
    TEXT_COPY(form.method, purchase->method);
    return form;
}

enum status world_authorize(struct world *w, struct purchase *purchase)
{
    struct payment_authorization form = authorization_of(w, purchase);

    return world_ask(w, &PAYMENT_AUTHORIZE, "", NULL, &form, &purchase->authorized);
}

enum status world_void(struct world *w, const struct purchase *purchase)
{
    struct payment_moved moved;

    return world_ask(w, &PAYMENT_VOID, "", NULL,
                     &(struct payment_order){purchase->saga_id, purchase->order_id}, &moved);
}

enum status world_capture(struct world *w, const struct purchase *purchase, int64_t amount)
{
    struct payment_moved moved;

    return world_ask(w, &PAYMENT_CAPTURE, "", NULL,
                     &(struct payment_amount){test_uuid(), purchase->order_id, amount}, &moved);
}

enum status world_refund(struct world *w, const struct purchase *purchase, const char *key,
                         int64_t amount, struct refund_made *made)
{
    struct refund_form form = {
        .order_id = purchase->order_id, .amount = purchase->total, .reason = "came_cold"};

    form.amount.amount = amount;
    return world_ask(w, &PAYMENT_REFUND_CREATE, "admin", key, &form, made);
}

struct canceling {
    struct world *world;
    struct order_event order;
};

static enum status cancel_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct canceling *c = arg;

    return payment_cancel(c->world->p, tx, call, NULL, &c->order);
}

enum status world_cancel(struct world *w, const struct purchase *purchase)
{
    struct call call = world_call(w, "");
    struct canceling c = {
        .world = w,
        .order = {.order_id = purchase->order_id,
                  .user_id = w->user,
                  .store_id = w->store,
                  .total = purchase->total}
    };

    return transactor_run(w->p->transactor, &call, cancel_in, &c);
}

/* ---- looking ---- */

enum status world_read(struct world *w, const struct purchase *purchase, struct payinfo *info)
{
    return world_ask(w, &PAYMENT_GET, "admin", NULL, &(struct payinfo_query){purchase->order_id},
                     info);
}

void world_expect(struct world *w, const struct purchase *purchase, int status)
{
    struct payinfo info;

    assert_status(ST_OK, world_read(w, purchase, &info));
    if (info.line.payment.status != status)
        fail_msg("%s: it is %s, not %s", purchase->method ? purchase->method : "",
                 PAYMENT_STATUS_NAMES[info.line.payment.status], PAYMENT_STATUS_NAMES[status]);
}

void world_sweep(struct world *w, const struct purchase *purchase, int times)
{
    struct call call = world_call(w, "");
    struct payinfo info;

    for (; times > 0; times--) {
        if (world_read(w, purchase, &info) != ST_OK)
            return;
        for (size_t i = 0; i < info.n_operations; i++)
            if (info.operations[i].state == OPERATION_REQUESTED)
                (void)operation_sweep(w->p, &call, info.operations[i].operation_id);
    }
}

struct purchase world_captured(struct world *w, const char *method, int64_t amount)
{
    struct purchase p = world_purchase(method, amount, "KRW");

    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_OK, world_capture(w, &p, amount));
    world_sweep(w, &p, 1);
    return p;
}

void world_expect_net(struct world *w, const struct purchase *purchase, int64_t net, bool held)
{
    char key[UUID_TEXT_LEN + 1];
    struct payinfo info;
    int64_t sum = 0;
    bool any = false;

    assert_status(ST_OK, world_read(w, purchase, &info));
    for (size_t i = 0; i < info.n_operations; i++) {
        bool is_held;
        if (info.operations[i].kind != PAYMENT_KIND_AUTHORIZE)
            continue;
        uuid_text(info.operations[i].operation_id, key);
        sum += provider_memory_net(w->p->provider, key, &is_held);
        assert_false(any && is_held); /* never twice */
        any |= is_held;
    }
    assert_int_equal(net, sum);
    assert_int_equal(held, any);
}
