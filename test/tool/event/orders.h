/* orders.h - events of orders, and a service that hears them and writes down what it did. Over
 * memory or MariaDB. */
#ifndef TEST_TOOL_EVENT_ORDERS_H
#define TEST_TOOL_EVENT_ORDERS_H

#include <stdatomic.h>

#include "test/support/calls.h"
#include "tool/event/export.h"
#include "tool/event/hearer.h"

enum { ORDERS_EFFECTS_MAX = 4096 };

struct order_event {
    struct uuid order_id;
    int64_t n;
};

extern const struct event_type ORDER_PAID;  /* "shop.order_paid" */
extern const struct event_type ORDER_SEEN;  /* "shop.order_seen", heard as HEAR_LATEST */
extern const struct event_type ORDER_SHOWN; /* "shop.order_shown", heard by the row of ORDER_SEEN */
extern const struct event_type ORDER_LOST;  /* "shop.order_lost", which is not heard */

/** Answers all of ORDER_SEEN. */
extern const struct operation SHOP_EXPORT;

struct memdb;
struct memdb_table;
struct dbc_pool;

/* The service's struct. */
struct orders {
    struct transactor *transactor;
    struct barrier *barrier;
    struct dead_letters *letters;
    struct memdb *memory; /* one of the two */
    struct memdb_table *effects;
    struct dbc_pool *mariadb;
    atomic_llong poison;     /* an n that is refused ... */
    _Atomic enum status sad; /* ... with this */
    atomic_uint n_runs;
    atomic_uint n_together;                  /* of them, handed over with all that came along */
    _Atomic(const struct event_type *) type; /* of the event that was handled last */
    void (*work)(void *arg);                 /* done by each handling; NULL = nothing */
    void *arg;
};

void orders_init_memory(struct orders *orders);
/** schema is migrated from test/tool/event/migrations. */
void orders_init_mariadb(struct orders *orders, struct dbc_pool *pool);
void orders_fini(struct orders *orders);
struct hearer_config orders_hearer(struct orders *orders);
/** What was done for a key, in order; returns how much. */
size_t orders_effects(struct orders *orders, struct uuid key, int64_t n[ORDERS_EFFECTS_MAX]);
/** Fails the test unless exactly these were done for key, in this order. */
void orders_expect(struct orders *orders, struct uuid key, const int64_t *want, size_t n);

/* A delivery and the texts that it borrows. */
struct order_delivery {
    struct delivery delivery;
    char subject[EVENT_SUBJECT_MAX + 1], id[UUID_TEXT_LEN + 1], key[UUID_TEXT_LEN + 1];
    char time[CLOCK_TEXT_MAX + 1], json[128];
};

/** An event of key, as it would come for the first time. */
void order_deliver(struct order_delivery *d, const struct event_type *type, struct uuid key,
                   int64_t n);

#endif
